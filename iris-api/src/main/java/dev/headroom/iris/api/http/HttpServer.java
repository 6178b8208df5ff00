package dev.headroom.iris.api.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** A running HTTP/1.1 server: a listener and its event loops. */
public final class HttpServer {
    private final InetSocketAddress address;
    private final List<EventLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> routes = new ArrayList<>();
    private final ServerStatus status = new Sum();
    private volatile boolean draining;

    private HttpServer(InetSocketAddress address) {
        this.address = address;
    }

    /**
     * Starts to serve.
     *
     * @throws IOException where the address can't be listened on
     */
    public static HttpServer start(HttpSettings settings, Application application)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.bind(settings.address(), settings.backlog());
            listener.configureBlocking(false);
            if (!(listener.getLocalAddress() instanceof InetSocketAddress address)) {
                throw new IOException("listening on no address of the internet");
            }
            HttpServer server = new HttpServer(address);
            for (int i = 0; i < settings.loops(); i++) {
                List<Route> routes = application.routes(server.status);
                if (i == 0) {
                    routes.forEach(route -> server.routes.add(route.name()));
                }
                server.loops.add(new EventLoop(settings, listener, routes));
            }
            for (EventLoop loop : server.loops) {
                Thread thread = new Thread(loop, "event-loop-" + server.threads.size());
                server.threads.add(thread);
                thread.start();
            }
            return server;
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    /** Where it listens, with the port that was taken. */
    public InetSocketAddress address() {
        return address;
    }

    public ServerStatus status() {
        return status;
    }

    /** Tells it to go; it does when its connections have ended, or its time is up. */
    public void drain() {
        // In this order: whoever hears that it goes is also told that the connection ends.
        loops.forEach(EventLoop::drain);
        draining = true;
    }

    /** Returns when it is gone. */
    public void awaitEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** All loops together. */
    private final class Sum implements ServerStatus {
        @Override
        public boolean draining() {
            return draining;
        }

        @Override
        public List<String> routes() {
            return routes;
        }

        @Override
        public long requests(int route, Status status) {
            return sum(counters -> counters.requests(route, status));
        }

        @Override
        public long[] latencyBounds() {
            return Counters.BOUNDS.clone();
        }

        @Override
        public long latencies(int route, int bucket) {
            return sum(counters -> counters.latencies(route, bucket));
        }

        @Override
        public long latencySum(int route) {
            return sum(counters -> counters.latencySum(route));
        }

        @Override
        public long inFlight() {
            return sum(Counters::inFlight);
        }

        @Override
        public long accepted() {
            return sum(Counters::accepted);
        }

        @Override
        public long refused() {
            return sum(Counters::refused);
        }

        @Override
        public long closed(CloseReason reason) {
            return sum(counters -> counters.closed(reason));
        }

        private long sum(ToLongFunction<Counters> count) {
            long sum = 0;
            for (EventLoop loop : loops) {
                sum += count.applyAsLong(loop.responder().counters());
            }
            return sum;
        }
    }
}
