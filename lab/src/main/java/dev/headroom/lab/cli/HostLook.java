package dev.headroom.lab.cli;

import dev.headroom.lab.observe.HostProbe;
import dev.headroom.lab.observe.Observation.HostSample;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A look at what this host can give.
 *
 * @param probe null where the host can't be watched: then nothing is known to be in use
 */
record HostLook(@Nullable HostProbe probe) {
    /** Long enough that others who work in bursts are seen with their mean, not with their luck. */
    private static final Duration LENGTH = Duration.ofSeconds(2);

    double cpus() {
        return probe == null ? Runtime.getRuntime().availableProcessors() : probe.cpus();
    }

    /** Looks for two seconds; others who join meanwhile are counted. */
    CpuScale.Host look(HostShare share) throws InterruptedException {
        double busy = busy();
        return new CpuScale.Host(cpus(), busy, share.others());
    }

    /** What others than this program use of the CPUs; 0 where it can't be known. */
    private double busy() throws InterruptedException {
        if (probe == null) {
            return 0;
        }
        try {
            HostSample before = probe.sample();
            long start = System.nanoTime();
            Thread.sleep(LENGTH);
            HostSample after = probe.sample();
            double seconds = (System.nanoTime() - start) / 1e9;
            double all =
                    after.busySeconds()
                            + after.stealSeconds()
                            - before.busySeconds()
                            - before.stealSeconds();
            double own = after.labSeconds() - before.labSeconds();
            return Math.clamp((all - own) / seconds, 0, probe.cpus());
        } catch (IOException e) {
            return 0;
        }
    }
}
