package dev.headroom.cluster.balancer;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many clients are connected, of how many there may be. Each takes two descriptors, and a process that has none left can do nothing any more: no file, no API, no probe. So the
 * balancer leaves some to the rest of it; further clients wait to be accepted.
 */
final class Clients {
    /** For the process that the balancer is in: its own files, the API server's clients, the pods' output, probes. */
    private static final long RESERVED = 160;

    private static final long LEAST = 8;

    private final AtomicInteger connected = new AtomicInteger();
    private final int most;

    Clients(int most) {
        this.most = most;
    }

    /** As many as the process' limit on open files has room for. */
    static Clients ofThisProcess() {
        return new Clients(
                ManagementFactory.getOperatingSystemMXBean()
                                instanceof UnixOperatingSystemMXBean system
                        ? most(system.getMaxFileDescriptorCount())
                        : Integer.MAX_VALUE);
    }

    static int most(long descriptors) {
        return (int) Math.clamp((descriptors - RESERVED) / 2, LEAST, Integer.MAX_VALUE);
    }

    boolean areTooMany() {
        return connected.get() >= most;
    }

    void came() {
        connected.incrementAndGet();
    }

    void went() {
        connected.decrementAndGet();
    }
}
