package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.net.InetSocketAddress;
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
    private final List<EventLoop> loops;
    private final AtomicInteger turn = new AtomicInteger();

    private Balancer(List<EventLoop> loops) {
        this.loops = loops;
    }

    /**
     * Starts the event loops.
     *
     * @param loops threads; one moves about 100,000 small requests a second, so that one for every four CPUs is enough
     */
    public static Balancer start(int loops) throws IOException {
        List<EventLoop> started = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            EventLoop loop = new EventLoop("balancer-" + i);
            loop.start();
            started.add(loop);
        }
        return new Balancer(List.copyOf(started));
    }

    /**
     * Listens on an address.
     *
     * @throws java.net.BindException where it is taken or not permitted
     */
    public Frontend listen(InetSocketAddress address, Picker picker, ServiceMeter service)
            throws IOException {
        Frontend frontend = new Frontend(address, picker, service, this, loops.getFirst());
        frontend.register();
        return frontend;
    }

    EventLoop next() {
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
        for (EventLoop loop : loops) {
            try {
                loop.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
