package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** Ending a socket in one of two ways. */
final class Sockets {
    private Sockets() {}

    /** Closes; with {@code reset} at once and with a reset (RST), so that the other side knows that something was lost. */
    static void close(SocketChannel channel, boolean reset) {
        try (channel) {
            if (reset) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException gone) {
            // It was closed already, which is all that is wanted.
        }
    }
}
