package dev.headroom.lab.load.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.headroom.lab.load.Cancellation;
import dev.headroom.lab.load.LoadProgress;
import dev.headroom.lab.run.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where a generator's pod listens for the lab, which comes through the API server's proxy: {@code /ID/ready}, {@code /ID/start?…}, {@code /ID/progress}, {@code /ID/stop}. Thread-safe.
 */
final class Commands implements LoadProgress, AutoCloseable {
    /** Before the load begins, its process has to be started; later news of when come too late. */
    static final Duration LEAD = Duration.ofSeconds(8);

    /** Without a sign of life of the lab for so long the load ends: it must not outlive who wants it. An API server may be away for a minute. */
    static final Duration HEARD_WITHIN = Duration.ofSeconds(90);

    /**
     * The start that was told, and this machine's monotonic clock when it was.
     *
     * @param received nanoseconds
     */
    record Told(Start start, long received) {
        long startNanos() {
            return received + Math.round((start.at() - start.now()) * 1e6);
        }

        /** What the lab's clock is ahead of {@link System#nanoTime}. */
        long wallNanos() {
            return start.now() * 1_000_000 - received;
        }
    }

    private final HttpServer server;
    private final Cancellation cancellation;
    private final AtomicReference<@Nullable Moment> latest = new AtomicReference<>();
    private @Nullable Told told;
    private volatile long heard = System.nanoTime();

    private Commands(HttpServer server, Cancellation cancellation) {
        this.server = server;
        this.cancellation = cancellation;
    }

    static Commands listen(InetSocketAddress address, String id, Cancellation cancellation)
            throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        Commands commands = new Commands(server, cancellation);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/" + id + "/", commands::handle);
        server.start();
        return commands;
    }

    private void handle(HttpExchange exchange) throws IOException {
        long received = System.nanoTime();
        URI uri = exchange.getRequestURI();
        String command = uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
        heard = received;
        try {
            switch (command) {
                case "ready" -> answer(exchange, 200, "ready\n");
                case "start" -> {
                    tell(new Told(Start.read(uri.getQuery()), received));
                    answer(exchange, 200, "told\n");
                }
                case "progress" -> {
                    Moment moment = latest.get();
                    answer(
                            exchange,
                            200,
                            moment == null ? "{}" : Json.mapper().writeValueAsString(moment));
                }
                case "stop" -> {
                    cancellation.cancel("stopped by the lab");
                    wake();
                    answer(exchange, 200, "stopping\n");
                }
                default -> answer(exchange, 404, "it takes ready, start, progress and stop\n");
            }
        } catch (IllegalArgumentException e) {
            answer(exchange, 400, e.getMessage() + "\n");
        }
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private synchronized void tell(Told news) {
        told = news;
        notifyAll();
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** The start, a little before it: until then it may be told anew. Null where nobody told one in time, or it is to stop. */
    synchronized @Nullable Told await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!cancellation.isCancelled()) {
            Told known = told;
            long until = known == null ? end : known.startNanos() - LEAD.toNanos();
            long left = until - System.nanoTime();
            if (left <= 0) {
                return known;
            }
            wait(Math.max(1, Math.min(1000, left / 1_000_000)));
        }
        return null;
    }

    /** Once a second, from the load; ends it where the lab is silent for too long. */
    @Override
    public void at(Moment moment) {
        latest.set(moment);
        if (System.nanoTime() - heard > HEARD_WITHIN.toNanos()) {
            cancellation.cancel(
                    "the lab gave no sign of life for " + HEARD_WITHIN.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
