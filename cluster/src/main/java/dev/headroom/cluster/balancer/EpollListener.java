package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listening socket on an {@link EpollLoop}. */
final class EpollListener implements Listening, EpollLoop.Handler {
    final int socket;
    InetSocketAddress address = new InetSocketAddress(0);

    private final EpollLoop loop;
    private final Picker picker;
    private final ServiceMeter service;
    private final Balancer balancer;
    private int slot = -1;
    private boolean closed;

    EpollListener(
            int socket, EpollLoop loop, Picker picker, ServiceMeter service, Balancer balancer) {
        this.socket = socket;
        this.loop = loop;
        this.picker = picker;
        this.service = service;
        this.balancer = balancer;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    void resume() {
        if (closed) {
            return;
        }
        try {
            // By level, not by edge: what one turn leaves is told again.
            slot = loop.register(socket, LinuxSockets.EPOLLIN, this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void ready(int events) {
        for (int i = 0; i < TURN; i++) {
            if (loop.clients.areTooMany()) {
                rest();
                return;
            }
            int client = loop.system.accept(socket);
            if (client == -LinuxSockets.EAGAIN) {
                return;
            }
            if (client == -LinuxSockets.EMFILE || client == -LinuxSockets.ENFILE) {
                rest();
                return;
            }
            if (client >= 0) {
                assign(client);
            }
        }
    }

    private void assign(int client) {
        Route route = route();
        if (route == null) {
            service.refuse();
            loop.system.lingerZero(client);
            loop.system.close(client);
            return;
        }
        loop.clients.came();
        EpollLoop target = (EpollLoop) balancer.next();
        target.execute(() -> target.adopt(client, route));
    }

    private @Nullable Route route() {
        try {
            return Route.of(picker, loop.system.accepted(), service);
        } catch (IOException notIpv4) {
            return null;
        }
    }

    /** With no descriptor to spare, accepting rests: the loop would only be told at once that there is somebody. */
    private void rest() {
        stopWatching();
        balancer.later(() -> loop.execute(this::resume), REST_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void stopWatching() {
        if (slot >= 0) {
            loop.unwatch(socket);
            loop.release(slot);
            slot = -1;
        }
    }

    @Override
    public void close() {
        loop.execute(this::abandon);
    }

    @Override
    public void abandon() {
        if (!closed) {
            closed = true;
            stopWatching();
            loop.system.close(socket);
        }
    }
}
