package dev.headroom.lab.load;

import dev.headroom.lab.load.builtin.BuiltInGenerator;
import dev.headroom.lab.load.wrk.WrkGenerator;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chooses who generates a load: wrk for a closed loop where it is on the PATH, else the built-in generator. */
public final class LoadGenerators {
    private LoadGenerators() {}

    /**
     * A generator that chooses for each plan.
     *
     * @param environment of this program, for its {@code PATH}
     * @param clock the lab's
     */
    public static LoadGenerator find(Map<String, String> environment, InstantSource clock) {
        Path wrk = onPath("wrk", environment);
        LoadGenerator builtIn = new BuiltInGenerator(clock);
        return (plan, script, progress, cancellation) -> {
            if (wrk != null && WrkGenerator.canOffer(plan)) {
                return new WrkGenerator(wrk, clock).run(plan, script, progress, cancellation);
            }
            return builtIn.run(plan, script, progress, cancellation);
        };
    }

    private static @Nullable Path onPath(String program, Map<String, String> environment) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        return null;
    }
}
