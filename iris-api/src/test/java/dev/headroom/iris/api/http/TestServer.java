package dev.headroom.iris.api.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A server in this JVM that echoes bodies; its age and limits are the test's. */
final class TestServer implements AutoCloseable {
    static final String OK = "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n";
    static final int MAX_BODY = 16 << 10;
    static final Limits LIMITS = limits(100, 10, 16 << 20);

    /** More than the kernel's buffers take, so that a part of it stays here. */
    static final int LARGE = 8 << 20;

    final HttpServer http;

    TestServer(Duration maxAge, TimeLimits times, int loops) throws IOException {
        this(maxAge, LIMITS, times, loops);
    }

    TestServer(Duration maxAge, Limits limits, TimeLimits times, int loops) throws IOException {
        this(maxAge, limits, times, loops, TestServer::routes);
    }

    /** One loop without age, for routes of the test's own. */
    TestServer(List<Route> routes) throws IOException {
        this(Duration.ZERO, LIMITS, TimeLimits.DEFAULT, 1, _ -> routes);
    }

    private TestServer(
            Duration maxAge, Limits limits, TimeLimits times, int loops, Application application)
            throws IOException {
        http =
                HttpServer.start(
                        new HttpSettings(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                1024,
                                loops,
                                maxAge,
                                Duration.ZERO,
                                Duration.ofSeconds(10),
                                limits,
                                times,
                                ServerLog.SILENT),
                        application);
    }

    private static List<Route> routes(ServerStatus status) {
        Response ok = Response.json(Status.OK, "\"ok\"");
        Response large = Response.json(Status.OK, "x".repeat(LARGE));
        return List.of(
                new Route(Method.GET, "/ok", _ -> ok),
                new Route(Method.GET, "/large", _ -> large),
                new Route(
                        Method.GET,
                        "/fails",
                        _ -> {
                            throw new IllegalStateException("on purpose");
                        }),
                new Route(Method.POST, "/echo", TestServer::echo));
    }

    private static Response echo(Request request) {
        int length = request.bodyTo() - request.bodyFrom();
        String body =
                new String(request.bytes(), request.bodyFrom(), length, StandardCharsets.UTF_8);
        return Response.of(Status.OK, "text/plain", body);
    }

    Wire connect() throws IOException {
        return new Wire(http.address());
    }

    /** Waits for a count to be reached; a count that never comes is the test runner's timeout. */
    void awaitClosed(CloseReason reason, long count) throws InterruptedException {
        while (http.status().closed(reason) < count) {
            Thread.sleep(2);
        }
    }

    @Override
    public void close() {
        http.drain();
        try {
            http.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Limits limits(int connections, int refusing, long heldBytes) {
        Limits all = Limits.DEFAULT;
        return new Limits(
                all.targetBytes(),
                all.fieldBytes(),
                all.fieldLines(),
                MAX_BODY,
                connections,
                refusing,
                heldBytes,
                all.rowsInFlight());
    }

    /** The same for all that must move on, for all that must be whole, and for silence. */
    static TimeLimits times(Duration progress, Duration whole, Duration idle) {
        return new TimeLimits(
                progress, progress, whole, progress, whole, idle, TimeLimits.DEFAULT.linger());
    }
}
