package dev.headroom.lab.cli;

import dev.headroom.lab.deploy.Cluster;
import java.nio.file.Path;

/** Chooses where a command's experiments run. */
final class Places {
    private Places() {}

    static Place of(RunCommand command, HostLook host, Terminal terminal) {
        if (command.inCluster) {
            return new ContextPlace(
                    () -> Cluster.inCluster(command.namespace),
                    command.namespace != null,
                    command.yesOn);
        }
        if (command.context != null || command.kubeconfig != null) {
            return new ContextPlace(
                    () -> Cluster.context(command.kubeconfig, command.context, command.namespace),
                    command.namespace != null,
                    command.yesOn);
        }
        return new EmbeddedPlace(
                new EmbeddedPlace.Settings(
                        home(),
                        command.cpuScale,
                        host,
                        command.syncPeriod,
                        command.metricsWindow,
                        EmbeddedPlace.ALL_CONTROLLERS),
                terminal);
    }

    /** The folder that the program was started from, in which the shipped images stand. */
    static Path home() {
        return Path.of(System.getProperty("headroom.home", "")).toAbsolutePath().normalize();
    }
}
