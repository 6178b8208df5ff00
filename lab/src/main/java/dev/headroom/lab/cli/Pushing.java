package dev.headroom.lab.cli;

import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.StageException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to a run's figures after its verdict was said: they are sent, where that was asked for and a collector is known. */
record Pushing(@Nullable OtlpPush push, Terminal terminal) {

    static Pushing of(Set<Output> outputs, Map<String, String> environment, Terminal terminal)
            throws Usage.WrongUsage {
        return new Pushing(
                outputs.contains(Output.OTLP) ? OtlpPush.of(environment) : null, terminal);
    }

    /** The run's own exit code, or a worse one where they could not be sent. */
    ExitCode after(String name, RunDirectory directory, ExitCode code) {
        if (push == null) {
            return code;
        }
        try {
            String rejected = push.send(directory);
            if (rejected == null) {
                return code;
            }
            terminal.line(name + ": " + push.endpoint() + ": " + rejected);
        } catch (StageException e) {
            terminal.line(
                    name + ": " + terminal.bad("stage report failed") + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            terminal.line(name + ": stopped while its figures were sent");
            return ExitCode.worst(List.of(code, ExitCode.REFUSED));
        }
        return ExitCode.INFRASTRUCTURE;
    }
}
