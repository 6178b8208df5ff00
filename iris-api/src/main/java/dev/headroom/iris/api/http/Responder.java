package dev.headroom.iris.api.http;

import dev.headroom.iris.api.http.ServerLog.Access;

/** Answers the requests of one event loop: asks the handlers, adds what they say to what is to be written, counts and logs it. */
final class Responder {
    private final Router router;
    private final Buffers buffers;
    private final Counters counters;
    private final ServerLog log;
    private final boolean logging;
    private final DateField date;
    private long now;

    Responder(Router router, Buffers buffers, ServerLog log) {
        this.router = router;
        this.buffers = buffers;
        this.counters = new Counters(router.count());
        this.log = log;
        this.logging = log.access();
        this.now = System.nanoTime();
        this.date = new DateField(now);
    }

    Counters counters() {
        return counters;
    }

    /** {@link System#nanoTime} as of the last time that it was looked at. */
    long now() {
        return now;
    }

    /** Looks at the time. */
    long tick() {
        now = System.nanoTime();
        return now;
    }

    /** What is to be said to a whole request. */
    Response respond(RequestParser request) {
        Response early = request.early();
        if (early != null) {
            return early;
        }
        try {
            return router.at(request.route()).handler().handle(request);
        } catch (RuntimeException e) {
            log.failed("a request", e);
            return Refusals.FAILED;
        }
    }

    /**
     * Adds an answer to what is to be written.
     *
     * @param client whose answer it is, as text, for the log
     * @param since when the request began
     */
    void add(
            RequestParser request,
            Response response,
            boolean close,
            long since,
            Connection client) {
        boolean headOnly = request.method() == Method.HEAD;
        buffers.add(response, date.at(now), headOnly, close, request.http10());
        long nanos = tick() - since;
        counters.answered(request.route(), response.status(), nanos);
        if (logging) {
            log.answered(
                    new Access(
                            client.remote(),
                            request.methodText(),
                            request.targetText(),
                            response.status().code(),
                            headOnly ? 0 : response.body().length,
                            nanos,
                            request.traceparent()));
        }
    }

    void failed(String doing, Throwable e) {
        log.failed(doing, e);
    }
}
