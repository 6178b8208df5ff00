package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection joined to one pod's. Bytes go through the loop's buffer; only what a peer would not take at once is kept, and
 * then nothing more is read from the other side until it has. The end of one direction is passed on as such (half-close), a reset as a
 * reset.
 */
final class NioFlow {
    private final NioLoop loop;
    private final Route route;
    private final Backend backend;
    private final Exchanges exchanges;
    private final Side client;
    private final Side pod;
    private boolean connected;
    private boolean closed;

    NioFlow(NioLoop loop, SocketChannel client, SocketChannel pod, Route route) {
        this.loop = loop;
        this.route = route;
        this.backend = route.backend();
        this.exchanges = new Exchanges(route.service(), backend);
        this.client = new Side(client, exchanges.requests(), true);
        this.pod = new Side(pod, exchanges.answers(), false);
        this.client.peer = this.pod;
        this.pod.peer = this.client;
    }

    /** Registers both ends; the client is read once the pod has answered the connection. */
    void begin() {
        boolean already;
        try {
            configure(pod.channel);
            already = pod.channel.connect(backend.address());
        } catch (IOException e) {
            connectFailed();
            return;
        }
        try {
            Selector selector = loop.selector();
            int podOps = already ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
            pod.key = pod.channel.register(selector, podOps, pod);
            // Where another flow had it before, its key is taken over.
            client.key =
                    client.channel.register(selector, already ? SelectionKey.OP_READ : 0, client);
            if (already) {
                connected = true;
                backend.connected();
            }
        } catch (IOException clientGone) {
            route.service().refuse();
            close(true);
        }
    }

    private void connectFailed() {
        if (route.another()) {
            closed = true;
            Sockets.close(pod.channel, true);
            loop.adopt(client.channel, route);
        } else {
            route.service().refuse();
            close(true);
        }
    }

    private void close(boolean reset) {
        if (closed) {
            return;
        }
        closed = true;
        loop.clients.went();
        if (connected) {
            backend.disconnected();
            exchanges.ended();
        }
        Sockets.close(client.channel, reset);
        Sockets.close(pod.channel, reset);
    }

    /** One end: what can be read here goes to the peer. */
    final class Side {
        private final SocketChannel channel;
        private final MessageMeter meter;
        private final boolean isClient;
        private @Nullable Side peer;
        private @Nullable SelectionKey key;

        /** Bytes for this side that it has not taken yet; null where there are none. */
        private @Nullable ByteBuffer unsent;

        private boolean ended;

        Side(SocketChannel channel, MessageMeter meter, boolean isClient) {
            this.channel = channel;
            this.meter = meter;
            this.isClient = isClient;
        }

        /** Does what the selector says this side is ready for. */
        void ready(SelectionKey ready, ByteBuffer buffer, HttpHead head) {
            try {
                int ops = ready.readyOps();
                if ((ops & SelectionKey.OP_READ) != 0) {
                    read(buffer, head);
                }
                if ((ops & SelectionKey.OP_WRITE) != 0 && ready.isValid()) {
                    flush();
                }
                if ((ops & SelectionKey.OP_CONNECT) != 0 && ready.isValid()) {
                    connect();
                }
            } catch (IOException e) {
                if (connected) {
                    // The peer is gone or was reset: its other half learns it the same way.
                    close(true);
                } else {
                    connectFailed();
                }
            }
        }

        private void connect() throws IOException {
            if (channel.finishConnect()) {
                connected = true;
                backend.connected();
                interest(SelectionKey.OP_READ);
                peer().interest(SelectionKey.OP_READ);
            }
        }

        private void read(ByteBuffer buffer, HttpHead head) throws IOException {
            buffer.clear();
            int n = channel.read(buffer);
            if (n > 0) {
                long now = System.nanoTime();
                buffer.flip();
                Side to = peer();
                to.channel.write(buffer);
                if (buffer.hasRemaining()) {
                    to.keep(buffer);
                    interest(0);
                    to.interest(to.interest() | SelectionKey.OP_WRITE);
                }
                backend.moved(isClient, n);
                meter.feed(buffer, 0, n, head, now);
            } else if (n < 0) {
                end();
            }
        }

        private void end() throws IOException {
            ended = true;
            meter.end();
            interest(interest() & ~SelectionKey.OP_READ);
            Side to = peer();
            if (to.unsent == null) {
                to.channel.shutdownOutput();
            }
            closeIfDone();
        }

        private void keep(ByteBuffer rest) {
            ByteBuffer copy = ByteBuffer.allocateDirect(rest.remaining());
            int position = rest.position();
            copy.put(rest);
            rest.position(position);
            unsent = copy.flip();
        }

        private void flush() throws IOException {
            ByteBuffer rest = unsent;
            if (rest != null) {
                channel.write(rest);
                if (rest.hasRemaining()) {
                    return;
                }
                unsent = null;
            }
            interest(interest() & ~SelectionKey.OP_WRITE);
            Side from = peer();
            if (from.ended) {
                channel.shutdownOutput();
                closeIfDone();
            } else {
                from.interest(from.interest() | SelectionKey.OP_READ);
            }
        }

        private void closeIfDone() {
            if (ended && peer().ended && unsent == null && peer().unsent == null) {
                close(false);
            }
        }

        private Side peer() {
            return java.util.Objects.requireNonNull(peer);
        }

        private int interest() {
            return java.util.Objects.requireNonNull(key).interestOps();
        }

        private void interest(int ops) {
            java.util.Objects.requireNonNull(key).interestOps(ops);
        }
    }

    /** What both ends of every flow are set to. */
    static void configure(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
}
