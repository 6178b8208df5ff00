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

/** A listening socket on a {@link NioLoop}. */
final class NioListener implements Listening {
    private final ServerSocketChannel channel;
    private final NioLoop acceptor;
    private final Balancer balancer;
    private final Picker picker;
    private final ServiceMeter service;
    private volatile @Nullable SelectionKey key;

    NioListener(
            InetSocketAddress address,
            Picker picker,
            ServiceMeter service,
            Balancer balancer,
            NioLoop acceptor)
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

    @Override
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
                if (acceptor.clients.areTooMany()) {
                    rest();
                    return;
                }
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
            Route route = Route.of(picker, NioLoop.remote(client), service);
            if (route != null) {
                acceptor.clients.came();
                NioLoop loop = (NioLoop) balancer.next();
                loop.execute(() -> loop.adopt(client, route));
                return;
            }
        } catch (IOException gone) {
            // Went before it could be served: counted with those refused.
        }
        service.refuse();
        Sockets.close(client, true);
    }

    /** With no descriptor to spare, accepting rests: the selector would only say at once that there is somebody. */
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
