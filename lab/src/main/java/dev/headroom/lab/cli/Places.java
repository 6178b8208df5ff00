package dev.headroom.lab.cli;

import dev.headroom.lab.observe.HostProbe;
import org.jspecify.annotations.Nullable;

/** Chooses where a command's experiments run. */
final class Places {
    private Places() {}

    static Place of(RunCommand command, @Nullable HostProbe host, Terminal terminal) {
        if (command.context != null || command.kubeconfig != null) {
            return new ContextPlace(command.kubeconfig, command.context, command.namespace);
        }
        throw new UnsupportedOperationException("embedded cluster");
    }
}
