package dev.headroom.lab.cli;

import dev.headroom.lab.load.engine.WarmUp;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Does once, in small, all that a start may come to need, so that a JVM which is recording an AOT cache sees it: the helps, the load generator's own process, and a whole run on the
 * embedded cluster, from its start to the report.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
        CommandLine line = Main.commandLine();
        line.setOut(
                new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        line.execute("--help");
        line.execute("run", "--help");
        WarmUp.run(2, true);
        // Where this machine can't run it, the cache holds less, and a run will say why.
        Path folder = Files.createTempDirectory("headroom-warm-up-");
        try {
            line.execute(
                    "run",
                    "--cpu-scale=0.25",
                    "--sync-period=1s",
                    "--metrics-window=1s",
                    "--runs-dir=" + folder.resolve("runs"),
                    experiment(folder).toString());
        } finally {
            remove(folder);
        }
        return 0;
    }

    private static Path experiment(Path folder) throws IOException {
        Path manifests = Places.home().resolve("k8s");
        return Files.write(
                folder.resolve("warm-up.yaml"),
                List.of(
                        "name: warm-up",
                        "manifests: '" + quoted(manifests) + "'",
                        "autoscaler: {minReplicas: 1, maxReplicas: 1}",
                        "target: {service: iris-api-service, path: /predict}",
                        "load:",
                        "  wrk: {threads: 1, connections: 4, duration: 2s, script: '"
                                + quoted(manifests.resolve("wrk-post.lua"))
                                + "'}"));
    }

    /** In a YAML text between single quotes. */
    private static String quoted(Path path) {
        return path.toString().replace("'", "''");
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
