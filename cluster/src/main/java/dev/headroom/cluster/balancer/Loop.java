package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.net.InetSocketAddress;

/** One thread that moves the bytes of the flows given to it. */
sealed interface Loop permits EpollLoop, NioLoop {
    Listening listen(
            InetSocketAddress address, Picker picker, ServiceMeter service, Balancer balancer)
            throws IOException;

    /** Runs it on the loop's thread, soon. */
    void execute(Runnable task);

    /** Ends all its connections, and itself. */
    void close() throws InterruptedException;
}
