package dev.headroom.cluster.balancer;

import java.net.InetSocketAddress;

/** A listening address of a service. Closing it ends the listening; connections that exist go on. */
public sealed interface Listening extends AutoCloseable permits EpollListener, NioListener {
    /** As many connections as clients may open in one moment. */
    int BACKLOG = 16_384;

    /** Accepted in one turn, so that those who are connected are not kept waiting. */
    int TURN = 64;

    /** With no descriptor to spare, accepting rests this long. */
    long REST_MILLIS = 20;

    /** Where it listens; with the port that was found where 0 was asked for. */
    InetSocketAddress address();

    @Override
    void close();
}
