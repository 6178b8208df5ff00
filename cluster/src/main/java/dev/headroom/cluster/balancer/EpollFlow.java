package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection joined to one pod's, on an {@link EpollLoop}. What a peer would not take at once is kept, and then nothing more
 * is read from the other side until it has. The end of one direction is passed on as such (half-close), a reset as a reset.
 *
 * <p>Events come by edges: a side that was told to be readable stays so until a receive gave less than there was room for. The end of
 * input may hide behind such a short receive; it is told as RDHUP, and then is read up to.
 */
final class EpollFlow {
    private static final int EVERYTHING =
            LinuxSockets.EPOLLIN
                    | LinuxSockets.EPOLLOUT
                    | LinuxSockets.EPOLLRDHUP
                    | LinuxSockets.EPOLLET;
    private static final int INPUT =
            LinuxSockets.EPOLLIN
                    | LinuxSockets.EPOLLRDHUP
                    | LinuxSockets.EPOLLHUP
                    | LinuxSockets.EPOLLERR;

    private final EpollLoop loop;
    private final Route route;
    private final Backend backend;
    private final Exchanges exchanges;
    private final Side client;
    private final Side pod;
    private boolean connected;
    private boolean closed;

    EpollFlow(EpollLoop loop, int client, int pod, Route route) {
        this.loop = loop;
        this.route = route;
        this.backend = route.backend();
        this.exchanges = new Exchanges(route.service(), backend);
        this.client = new Side(client, exchanges.requests(), true);
        this.pod = new Side(pod, exchanges.answers(), false);
    }

    void begin() {
        try {
            int outcome = loop.system.connect(pod.socket, backend.address());
            if (outcome == 0) {
                connected();
            } else if (outcome != -LinuxSockets.EINPROGRESS) {
                connectFailed();
                return;
            }
            pod.slot = loop.register(pod.socket, EVERYTHING, pod);
            client.slot = loop.register(client.socket, EVERYTHING, client);
        } catch (IOException e) {
            route.service().refuse();
            close(true);
        }
    }

    private void connected() {
        connected = true;
        backend.connected();
    }

    private void connectFailed() {
        if (route.another()) {
            closed = true;
            pod.drop(true);
            client.release();
            loop.adopt(client.socket, route);
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
        client.drop(reset);
        pod.drop(reset);
    }

    private Side peer(Side side) {
        return side == client ? pod : client;
    }

    /** One end: what can be read here goes to the other. */
    private final class Side implements EpollLoop.Handler {
        private final int socket;
        private final MessageMeter meter;
        private final boolean isClient;
        private int slot = -1;
        private boolean readable;
        private boolean inputEnds;
        private boolean ended;

        /** Bytes for this side that it has not taken yet; null where there are none. */
        private @Nullable MemorySegment unsent;

        Side(int socket, MessageMeter meter, boolean isClient) {
            this.socket = socket;
            this.meter = meter;
            this.isClient = isClient;
        }

        @Override
        public void ready(int events) {
            if (!connected && !tryConnected(events)) {
                return;
            }
            if ((events & INPUT) != 0) {
                readable = true;
                inputEnds |= (events & ~LinuxSockets.EPOLLIN & INPUT) != 0;
                pump();
            }
            if (unsent != null && (events & LinuxSockets.EPOLLOUT) != 0) {
                flush();
            }
        }

        /** Before the pod has answered the connection, a client's bytes wait. */
        private boolean tryConnected(int events) {
            if (isClient) {
                readable |= (events & INPUT) != 0;
                inputEnds |= (events & ~LinuxSockets.EPOLLIN & INPUT) != 0;
                return false;
            }
            if (loop.system.error(socket) != 0) {
                connectFailed();
                return false;
            }
            EpollFlow.this.connected();
            client.pump();
            return !closed;
        }

        /** Moves what there is to the other side, as far as that takes it. */
        private void pump() {
            Side to = peer(this);
            while (readable && !ended && !closed && to.unsent == null) {
                int n = loop.system.receive(socket, loop.buffer);
                if (n > 0) {
                    long now = System.nanoTime();
                    readable = inputEnds || n == loop.buffer.byteSize();
                    if (!to.take(n)) {
                        return;
                    }
                    backend.moved(isClient, n);
                    meter.feed(loop.bytes, 0, n, loop.head, now);
                } else if (n == 0) {
                    end(to);
                } else if (n == -LinuxSockets.EAGAIN) {
                    readable = false;
                } else {
                    close(true);
                }
            }
        }

        /** Sends the first {@code length} bytes of the loop's buffer; keeps what is not taken. False where the connection is gone. */
        private boolean take(int length) {
            int sent = loop.system.send(socket, loop.buffer, length);
            if (sent == length) {
                return true;
            }
            if (sent < 0 && sent != -LinuxSockets.EAGAIN) {
                close(true);
                return false;
            }
            int from = Math.max(sent, 0);
            unsent =
                    Arena.ofAuto()
                            .allocate(length - from)
                            .copyFrom(loop.buffer.asSlice(from, length - from));
            return true;
        }

        private void end(Side to) {
            ended = true;
            meter.end();
            if (to.unsent == null) {
                loop.system.shutdownOutput(to.socket);
            }
            closeIfDone();
        }

        private void flush() {
            MemorySegment rest = unsent;
            if (rest == null) {
                return;
            }
            int sent = loop.system.send(socket, rest, (int) rest.byteSize());
            if (sent < 0) {
                if (sent != -LinuxSockets.EAGAIN) {
                    close(true);
                }
                return;
            }
            if (sent < rest.byteSize()) {
                unsent = rest.asSlice(sent);
                return;
            }
            unsent = null;
            Side from = peer(this);
            if (from.ended) {
                loop.system.shutdownOutput(socket);
                closeIfDone();
            } else {
                from.pump();
            }
        }

        private void closeIfDone() {
            if (client.ended && pod.ended && client.unsent == null && pod.unsent == null) {
                close(false);
            }
        }

        /** Leaves the descriptor open, for another flow to register. */
        private void release() {
            if (slot >= 0) {
                loop.unwatch(socket);
                loop.release(slot);
                slot = -1;
            }
        }

        private void drop(boolean reset) {
            if (slot >= 0) {
                loop.release(slot);
                slot = -1;
            }
            if (reset) {
                loop.system.lingerZero(socket);
            }
            loop.system.close(socket);
        }

        @Override
        public void abandon() {
            close(false);
        }
    }
}
