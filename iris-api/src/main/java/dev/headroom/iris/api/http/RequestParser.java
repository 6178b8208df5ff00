package dev.headroom.iris.api.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request after another from what a connection brings (RFC 9112), line by line, and says what is to be done next:
 *
 * <pre>
 *   REQUEST_LINE -> FIELDS -> (FIXED_BODY | CHUNKED_BODY) -> COMPLETE -> REQUEST_LINE …
 *   any of them  -> REFUSED: the answer is {@link #refusal}, and the connection ends
 * </pre>
 */
final class RequestParser implements Request {
    /** Where a request stands. */
    enum State {
        REQUEST_LINE,
        FIELDS,
        FIXED_BODY,
        CHUNKED_BODY,
        COMPLETE,
        REFUSED
    }

    private static final byte[] NO_BYTES = new byte[0];

    private final List<Route> routes;
    private final Limits limits;
    private final Fields fields = new Fields();
    private State state = State.REQUEST_LINE;
    private @Nullable Response refusal;
    private @Nullable Method method;
    private @Nullable Route route;
    private boolean http10;
    private int headBytes;
    private @Nullable ChunkedBody chunks;
    private boolean continued;
    private byte[] bytes = NO_BYTES;
    private int bodyFrom;
    private int bodyTo;

    RequestParser(List<Route> routes, Limits limits) {
        this.routes = routes;
        this.limits = limits;
    }

    /** Forgets the request, to read the next. */
    void reset() {
        state = State.REQUEST_LINE;
        refusal = null;
        method = null;
        route = null;
        http10 = false;
        headBytes = 0;
        continued = false;
        chunks = null;
        bytes = NO_BYTES;
        fields.reset();
    }

    State state() {
        return state;
    }

    /** Whether some of a request is there, but not yet all. */
    boolean begun() {
        return state != State.REQUEST_LINE;
    }

    /** Null where the method is none that is known. */
    @Nullable Method method() {
        return method;
    }

    /** Null where nothing is served at the request's path. */
    @Nullable Route route() {
        return route;
    }

    boolean http10() {
        return http10;
    }

    /** Whether the client lets the connection stay after this request (RFC 9112, section 9.3). */
    boolean persistent() {
        return !fields.close() && (!http10 || fields.keepAlive());
    }

    /** Whether the client waits for a go-ahead before it sends the body (RFC 9110, section 10.1.1). */
    boolean awaitsContinue() {
        return fields.expectsContinue()
                && !http10
                && !continued
                && (state == State.FIXED_BODY || state == State.CHUNKED_BODY);
    }

    /** The go-ahead was given. */
    void continued() {
        continued = true;
    }

    /** Whether the request's head is not yet whole. */
    boolean inHead() {
        return state == State.REQUEST_LINE || state == State.FIELDS;
    }

    /** Why the request is not acceptable; the connection ends with this. */
    Response refusal() {
        return refusal == null ? Refusals.BAD_REQUEST_LINE : refusal;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int bodyFrom() {
        return bodyFrom;
    }

    @Override
    public int bodyTo() {
        return bodyTo;
    }

    /**
     * Reads on.
     *
     * @return index behind the last byte that is done with; the rest is to be given again, with more behind it
     */
    int parse(byte[] in, int from, int to) {
        int at = from;
        while (state == State.REQUEST_LINE || state == State.FIELDS) {
            int end = lineEnd(in, at, to);
            int length = (end < 0 ? to : end + 2) - at;
            if (headBytes + length > limits.headBytes()) {
                return refuse(
                        state == State.REQUEST_LINE
                                ? Refusals.URI_TOO_LONG
                                : Refusals.FIELDS_TOO_LARGE,
                        at);
            }
            if (end < 0) {
                return at;
            }
            headBytes += length;
            line(in, at, end);
            at = end + 2;
        }
        return switch (state) {
            case FIXED_BODY -> fixedBody(in, at, to);
            case CHUNKED_BODY -> chunkedBody(in, at, to);
            case REQUEST_LINE, FIELDS, COMPLETE, REFUSED -> at;
        };
    }

    /** Index of the CR of the first CRLF, or -1; a line that ends otherwise is refused. */
    private int lineEnd(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] == '\n') {
                if (i == from || in[i - 1] != '\r') {
                    refuse(Refusals.BARE_LF, i);
                    return -1;
                }
                return i - 1;
            }
        }
        return -1;
    }

    private void line(byte[] in, int from, int end) {
        if (state == State.REQUEST_LINE) {
            // An empty line before a request is skipped (RFC 9112, section 2.2).
            if (from == end) {
                headBytes = 0;
            } else {
                state = State.FIELDS;
                requestLine(in, from, end);
            }
        } else if (from < end) {
            Response wrong = fields.read(in, from, end);
            if (wrong != null) {
                refuse(wrong, end);
            }
        } else {
            headComplete();
        }
    }

    private void requestLine(byte[] in, int from, int end) {
        int afterMethod = indexOf(in, from, end, ' ');
        int target = afterMethod + 1;
        int afterTarget = afterMethod < 0 ? -1 : indexOf(in, target, end, ' ');
        if (afterTarget < 0
                || !Ascii.isToken(in, from, afterMethod)
                || !Target.isValid(in, target, afterTarget)) {
            refuse(Refusals.BAD_REQUEST_LINE, end);
            return;
        }
        version(in, afterTarget + 1, end);
        method = Method.of(in, from, afterMethod);
        int path = Target.pathFrom(in, target, afterTarget);
        int pathEnd = indexOf(in, path, afterTarget, '?');
        if (pathEnd < 0) {
            pathEnd = afterTarget;
        }
        for (int i = 0; i < routes.size() && route == null; i++) {
            if (routes.get(i).isAt(in, path, pathEnd)) {
                route = routes.get(i);
            }
        }
    }

    /** {@code HTTP/1.x}; a later minor version is treated as 1.1 (RFC 9110, section 2.5). */
    private void version(byte[] in, int from, int end) {
        boolean wellFormed =
                end - from == 8
                        && Ascii.equal(Refusals.HTTP, in, from, from + 5)
                        && Ascii.isDigit(in[from + 5])
                        && in[from + 6] == '.'
                        && Ascii.isDigit(in[from + 7]);
        if (!wellFormed) {
            refuse(Refusals.BAD_REQUEST_LINE, end);
        } else if (in[from + 5] != '1') {
            refuse(Refusals.VERSION, end);
        } else {
            http10 = in[from + 7] == '0';
        }
    }

    private static int indexOf(byte[] in, int from, int to, int what) {
        for (int i = from; i < to; i++) {
            if (in[i] == what) {
                return i;
            }
        }
        return -1;
    }

    private void headComplete() {
        Response wrong = fields.check(http10, limits.bodyBytes());
        if (wrong != null) {
            refuse(wrong, 0);
        } else if (fields.chunked()) {
            state = State.CHUNKED_BODY;
            chunks = new ChunkedBody(limits.bodyBytes(), limits.headBytes());
        } else {
            state = State.FIXED_BODY;
        }
    }

    private int fixedBody(byte[] in, int at, int to) {
        int length = (int) fields.contentLength();
        if (to - at < length) {
            return at;
        }
        bytes = in;
        bodyFrom = at;
        bodyTo = at + length;
        state = State.COMPLETE;
        return bodyTo;
    }

    private int chunkedBody(byte[] in, int at, int to) {
        if (chunks == null) {
            throw new IllegalStateException("a chunked body without a decoder");
        }
        int end = chunks.take(in, at, to);
        if (chunks.bad()) {
            return refuse(Refusals.BAD_CHUNK, end);
        }
        if (chunks.tooLarge()) {
            return refuse(Refusals.contentTooLarge(limits.bodyBytes()), end);
        }
        if (chunks.done()) {
            bytes = chunks.bytes();
            bodyFrom = 0;
            bodyTo = chunks.length();
            state = State.COMPLETE;
        }
        return end;
    }

    private int refuse(Response why, int at) {
        // The first thing found wrong is what is said.
        if (state != State.REFUSED) {
            state = State.REFUSED;
            refusal = why;
        }
        return at;
    }
}
