package dev.headroom.iris.api;

import dev.headroom.iris.api.http.HttpServer;
import dev.headroom.iris.api.http.HttpSettings;
import dev.headroom.iris.api.http.Limits;
import dev.headroom.iris.api.http.ServerLog;
import dev.headroom.iris.api.http.TimeLimits;
import dev.headroom.iris.api.model.DecisionTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Drives real requests through a server of its own on a free port of the loopback, so that the start-up cache that is written
 * at the end of the run knows the classes and the profiles of serving.
 */
final class WarmUp {
    private static final int ROUNDS = 20_000;
    private static final int MAX_ROWS = 10_000;

    private WarmUp() {}

    static void run(DecisionTree tree) throws IOException, InterruptedException {
        HttpSettings settings =
                new HttpSettings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        16,
                        1,
                        Duration.ofSeconds(15),
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        Limits.DEFAULT,
                        TimeLimits.DEFAULT,
                        ServerLog.SILENT);
        HttpServer server = HttpServer.start(settings, new IrisService(tree, MAX_ROWS));
        try (SocketChannel client = SocketChannel.open(server.address())) {
            for (int i = 0; i < ROUNDS; i++) {
                exchange(client, predict(i));
                if (i % 100 == 0) {
                    exchange(client, get("/readyz"));
                    exchange(client, get("/"));
                }
                if (i % 1000 == 0) {
                    exchange(client, get("/metrics"));
                    exchange(client, get("/nowhere"));
                    exchange(client, post("{\"sepal_length\":\"a\"}"));
                }
            }
        }
        server.drain();
        server.awaitEnd();
    }

    private static String predict(int i) {
        return post(
                "{\"sepal_length\":"
                        + (4 + i % 4)
                        + ".1,\"sepal_width\":3.5,\"petal_length\":"
                        + (1 + i % 6)
                        + ".4,\"petal_width\":"
                        + i % 3
                        + ".2}");
    }

    private static String post(String body) {
        return "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** The server answers a request in one write, which fits one read here. */
    private static void exchange(SocketChannel client, String request) throws IOException {
        client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        if (client.read(ByteBuffer.allocate(1 << 16)) < 0) {
            throw new IOException("the server under warm-up closed the connection");
        }
    }
}
