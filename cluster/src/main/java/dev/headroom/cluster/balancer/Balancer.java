package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP balancer in user space: picks a backend for each <em>connection</em>, as kube-proxy does, and moves the bytes. What passes is
 * metered as HTTP/1.x where it is that, never changed.
 */
public final class Balancer implements AutoCloseable {
    private final List<Loop> loops;
    private final AtomicInteger turn = new AtomicInteger();

    private Balancer(List<Loop> loops) {
        this.loops = loops;
    }

    /**
     * Starts the event loops.
     *
     * @param loops threads; one moves about 100,000 small requests a second, so that one for every four CPUs is enough
     */
    public static Balancer start(int loops) throws IOException {
        return start(loops, hasEpoll());
    }

    static boolean hasEpoll() {
        return System.getProperty("os.name", "").equals("Linux")
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    static Balancer start(int loops, boolean useEpoll) throws IOException {
        return start(loops, useEpoll, Clients.ofThisProcess());
    }

    static Balancer start(int loops, boolean useEpoll, Clients clients) throws IOException {
        List<Loop> started = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            String name = "balancer-" + i;
            started.add(useEpoll ? new EpollLoop(name, clients) : new NioLoop(name, clients));
        }
        return new Balancer(List.copyOf(started));
    }

    /**
     * Listens on an address.
     *
     * @throws java.net.BindException where it is taken or not permitted
     */
    public Listening listen(InetSocketAddress address, Picker picker, ServiceMeter service)
            throws IOException {
        return loops.getFirst().listen(address, picker, service, this);
    }

    Loop next() {
        return loops.size() == 1
                ? loops.getFirst()
                : loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    void later(Runnable task, long delay, TimeUnit unit) {
        Executor delayed = CompletableFuture.delayedExecutor(delay, unit);
        delayed.execute(task);
    }

    /** Ends the loops; every connection is closed. */
    @Override
    public void close() {
        for (Loop loop : loops) {
            try {
                loop.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
