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
    private static final int LARGE = 1 << 20;

    final HttpServer http;

    TestServer(Duration maxAge, Limits limits, int loops) throws IOException {
        http =
                HttpServer.start(
                        new HttpSettings(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                1024,
                                loops,
                                maxAge,
                                Duration.ZERO,
                                Duration.ofSeconds(10),
                                limits),
                        TestServer::routes);
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
        return Response.of(Status.OK, "text/plain", body, List.of());
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

    static Limits limits(Duration progress, Duration exchange, Duration idle) {
        return new Limits(
                8 << 10,
                16 << 10,
                progress,
                exchange,
                idle,
                Duration.ofMillis(100),
                Duration.ofSeconds(2));
    }
}
