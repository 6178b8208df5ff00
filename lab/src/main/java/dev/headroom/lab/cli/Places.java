package dev.headroom.lab.cli;

import dev.headroom.lab.observe.HostProbe;
import dev.headroom.lab.observe.Observation.HostSample;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Chooses where a command's experiments run. */
final class Places {
    /** Long enough that others who work in bursts are seen with their mean, not with their luck. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private Places() {}

    static Place of(RunCommand command, @Nullable HostProbe host, Terminal terminal)
            throws InterruptedException {
        if (command.context != null || command.kubeconfig != null) {
            return new ContextPlace(command.kubeconfig, command.context, command.namespace);
        }
        CpuScale.Host free =
                command.cpuScale != null
                        ? new CpuScale.Host(cpus(host), 0)
                        : new CpuScale.Host(cpus(host), busy(host));
        return new EmbeddedPlace(
                new EmbeddedPlace.Settings(
                        home(), command.cpuScale, free, command.syncPeriod, command.metricsWindow),
                terminal);
    }

    /** The folder that the program was started from, in which the shipped images stand. */
    static Path home() {
        return Path.of(System.getProperty("headroom.home", "")).toAbsolutePath().normalize();
    }

    static double cpus(@Nullable HostProbe host) {
        return host == null ? Runtime.getRuntime().availableProcessors() : host.cpus();
    }

    /** What others than this program use of the CPUs, measured over {@link #LOOK}; 0 where it can't be known. */
    private static double busy(@Nullable HostProbe host) throws InterruptedException {
        if (host == null) {
            return 0;
        }
        try {
            HostSample before = host.sample();
            long start = System.nanoTime();
            Thread.sleep(LOOK);
            HostSample after = host.sample();
            double seconds = (System.nanoTime() - start) / 1e9;
            double all =
                    after.busySeconds()
                            + after.stealSeconds()
                            - before.busySeconds()
                            - before.stealSeconds();
            double own = after.labSeconds() - before.labSeconds();
            return Math.clamp((all - own) / seconds, 0, host.cpus());
        } catch (IOException e) {
            return 0;
        }
    }
}
