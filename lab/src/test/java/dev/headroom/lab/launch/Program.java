package dev.headroom.lab.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program as users start it: {@code ./headroom}, in a process of its own. */
final class Program {
    static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    private final Path workingDirectory;
    private final Map<String, String> environment;

    Program(Path workingDirectory, Map<String, String> environment) {
        this.workingDirectory = workingDirectory;
        this.environment = environment;
    }

    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(HOME.resolve("headroom").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
        // Maven has just packaged what is to be run: a build inside of the build would change it
        // under the tests.
        builder.environment().put("HEADROOM_BUILD", "no");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
    }

    /** Runs to its end; what it printed is in {@link #output()}. */
    int run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "headroom "
                            + String.join(" ", arguments)
                            + " did not end; it printed:\n"
                            + printed());
        }
        return process.exitValue();
    }

    Path output() {
        return workingDirectory.resolve("output.txt");
    }

    String printed() throws IOException {
        return Files.exists(output()) ? Files.readString(output()) : "";
    }

    /** The only run directory under {@code runs/}. */
    Path runDirectory() throws IOException {
        try (var runs = Files.list(workingDirectory.resolve("runs"))) {
            List<Path> found = runs.filter(Files::isDirectory).toList();
            if (found.size() != 1) {
                throw new IllegalStateException("expected one run directory, found " + found);
            }
            return found.getFirst();
        }
    }
}
