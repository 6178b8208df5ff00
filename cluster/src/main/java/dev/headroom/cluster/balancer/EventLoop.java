package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** One thread, one selector, and the flows that were given to it for life. */
final class EventLoop implements Runnable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final HttpHead head = new HttpHead();
    private final Thread thread;
    private volatile boolean closed;

    EventLoop(String name) throws IOException {
        selector = Selector.open();
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    Selector selector() {
        return selector;
    }

    /** Runs it on the loop's thread, soon. */
    void execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            tasks.add(task);
            selector.wakeup();
        }
    }

    /** Takes a client's connection and joins it to the backend. Runs on the loop's thread. */
    void adopt(SocketChannel client, Backend backend, ServiceMeter service) {
        try {
            Flow.configure(client);
            SocketChannel pod = SocketChannel.open();
            Flow flow = new Flow(client, pod, backend, service);
            try {
                Flow.configure(pod);
                boolean connected = pod.connect(backend.address());
                flow.begin(selector, connected);
            } catch (IOException e) {
                backend.connectFailed();
                service.refuse();
                flow.reset();
            }
        } catch (IOException e) {
            // No descriptor was left for the pod's side, or the client has gone already.
            service.refuse();
            Sockets.close(client, true);
        }
    }

    @Override
    public void run() {
        Consumer<SelectionKey> dispatch = this::dispatch;
        try {
            while (!closed) {
                selector.select(dispatch);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            for (SelectionKey key : new ArrayList<>(selector.keys())) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("balancer: the event loop's selector failed", e);
        }
    }

    private void dispatch(SelectionKey key) {
        if (key.attachment() instanceof Flow.Side side) {
            side.ready(key, buffer, head);
        } else if (key.attachment() instanceof Frontend frontend) {
            frontend.accept();
        }
    }

    /** Resets all its connections and ends. */
    void close() throws InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join();
    }

    static InetSocketAddress remote(SocketChannel channel) throws IOException {
        return (InetSocketAddress) channel.getRemoteAddress();
    }
}
