package dev.headroom.cluster.api.stream;

import io.netty.channel.Channel;

/** How much of what a connection has brought waits to be read, on all its streams; past a bound the connection itself is not read on. */
final class Intake {
    private static final long MOST_BYTES = 1 << 20;

    private final Channel channel;
    private long waiting;

    Intake(Channel channel) {
        this.channel = channel;
    }

    synchronized void brought(int bytes) {
        waiting += bytes;
        if (waiting > MOST_BYTES) {
            channel.config().setAutoRead(false);
        }
    }

    synchronized void taken(long bytes) {
        boolean held = waiting > MOST_BYTES;
        waiting -= bytes;
        if (held && waiting <= MOST_BYTES) {
            channel.config().setAutoRead(true);
        }
    }
}
