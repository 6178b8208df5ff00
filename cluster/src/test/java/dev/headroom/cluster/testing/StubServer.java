package dev.headroom.cluster.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A service for tests, run as a pod's process: {@code /} answers its pod's name, {@code /ready} 200 or, after {@code POST /fail}, 503;
 * {@code POST /busy} keeps one thread busy until {@code POST /idle}.
 */
public final class StubServer {
    private StubServer() {}

    public static void main(String[] args) throws IOException {
        AtomicBoolean ready = new AtomicBoolean(true);
        AtomicBoolean busy = new AtomicBoolean();
        String name = System.getenv().getOrDefault("HOSTNAME", "?");
        InetSocketAddress address =
                new InetSocketAddress(System.getenv("POD_IP"), Integer.parseInt(args[0]));
        HttpServer server = HttpServer.create(address, 0);
        server.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    int code = 200;
                    switch (path) {
                        case "/fail" -> ready.set(false);
                        case "/heal" -> ready.set(true);
                        case "/busy" -> busy.set(true);
                        case "/idle" -> busy.set(false);
                        case "/exit" -> System.exit(3);
                        case "/ready" -> code = ready.get() ? 200 : 503;
                        default -> {}
                    }
                    byte[] body = name.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(code, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        System.out.println("listening on " + address);
        Thread burner =
                new Thread(() -> {
                    while (true) {
                        if (busy.get()) {
                            Thread.onSpinWait();
                        } else {
                            try {
                                Thread.sleep(20);
                            } catch (InterruptedException e) {
                                return;
                            }
                        }
                    }
                });
        burner.setDaemon(true);
        burner.start();
    }
}
