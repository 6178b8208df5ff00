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

/** An event loop on {@code java.nio}, for where {@link EpollLoop} cannot be: one thread, one selector, the flows given to it for life. */
final class NioLoop implements Loop, Runnable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final HttpHead head = new HttpHead();
    final Clients clients;
    private final Thread thread;
    private volatile boolean closed;

    NioLoop(String name, Clients clients) throws IOException {
        this.clients = clients;
        selector = Selector.open();
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this);
        thread.start();
    }

    @Override
    public Listening listen(
            InetSocketAddress address, Picker picker, ServiceMeter service, Balancer balancer)
            throws IOException {
        NioListener listener = new NioListener(address, picker, service, balancer, this);
        listener.register();
        return listener;
    }

    Selector selector() {
        return selector;
    }

    @Override
    public void execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            tasks.add(task);
            selector.wakeup();
        }
    }

    /** Takes a client's connection and joins it to its backend. Runs on the loop's thread. */
    void adopt(SocketChannel client, Route route) {
        try {
            NioFlow.configure(client);
            new NioFlow(this, client, SocketChannel.open(), route).begin();
        } catch (IOException e) {
            // No descriptor was left for the pod's side, or the client has gone already.
            route.service().refuse();
            clients.went();
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
        // One end of a flow may have ended the other a moment before, in the same selection.
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof NioFlow.Side side) {
            side.ready(key, buffer, head);
        } else if (key.attachment() instanceof NioListener listener) {
            listener.accept();
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join();
    }

    static InetSocketAddress remote(SocketChannel channel) throws IOException {
        return (InetSocketAddress) channel.getRemoteAddress();
    }
}
