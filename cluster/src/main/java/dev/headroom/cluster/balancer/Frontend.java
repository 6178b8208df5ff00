package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listening address of a service. Closing it ends the listening; connections that exist go on. */
public final class Frontend implements AutoCloseable {
    /** As many connections as clients may open in one moment. */
    private static final int BACKLOG = 16_384;

    /** Accepted in one turn, so that those who are connected are not kept waiting. */
    private static final int TURN = 64;

    /** With no descriptor left, accepting rests: the selector would only say at once that there is somebody. */
    private static final long REST_MILLIS = 20;

    private final ServerSocketChannel channel;
    private final EventLoop acceptor;
    private final Balancer balancer;
    private final Picker picker;
    private final ServiceMeter service;
    private volatile @Nullable SelectionKey key;

    Frontend(
            InetSocketAddress address,
            Picker picker,
            ServiceMeter service,
            Balancer balancer,
            EventLoop acceptor)
            throws IOException {
        this.picker = picker;
        this.service = service;
        this.balancer = balancer;
        this.acceptor = acceptor;
        this.channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Where it listens; with the port that was found where 0 was asked for. */
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException("balancer: the listening socket was closed", e);
        }
    }

    void register() {
        acceptor.execute(() -> {
            try {
                key = channel.register(acceptor.selector(), SelectionKey.OP_ACCEPT, this);
            } catch (IOException closedMeanwhile) {
                key = null;
            }
        });
    }

    void accept() {
        try {
            for (int i = 0; i < TURN; i++) {
                SocketChannel client = channel.accept();
                if (client == null) {
                    return;
                }
                assign(client);
            }
        } catch (IOException noDescriptor) {
            rest();
        }
    }

    private void assign(SocketChannel client) {
        try {
            Backend backend = picker.pick(EventLoop.remote(client));
            if (backend != null) {
                EventLoop loop = balancer.next();
                loop.execute(() -> loop.adopt(client, backend, service));
                return;
            }
        } catch (IOException gone) {
            // Went before it could be served: counted with those refused.
        }
        service.refuse();
        Sockets.close(client, true);
    }

    private void rest() {
        SelectionKey current = key;
        if (current == null || !current.isValid()) {
            return;
        }
        current.interestOps(0);
        balancer.later(
                () ->
                        acceptor.execute(() -> {
                            if (current.isValid()) {
                                current.interestOps(SelectionKey.OP_ACCEPT);
                            }
                        }),
                REST_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        try {
            channel.close();
            // A closed channel keeps its port until its key is gone from the selector.
            acceptor.selector().wakeup();
        } catch (IOException e) {
            throw new UncheckedIOException("balancer: could not stop listening", e);
        }
    }
}
