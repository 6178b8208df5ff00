package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.image.ImageEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The project's folder, and its programs run as they are packaged. */
final class Repository {
    static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    private Repository() {}

    /** Whether this tool is on the PATH. */
    static boolean has(String tool) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    /** The Iris API as it was packaged, without its script: that would build inside of the build. */
    static ImageEntry irisApi() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command =
                List.of(
                        java.toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx48m",
                        "-cp",
                        "iris-api.jar",
                        "dev.headroom.iris.api.Main");
        return new ImageEntry(command, HOME.resolve("iris-api/target"), Map.of());
    }

    /** What k8s/ names stands for the Iris API as it was packaged. */
    static Map<String, ImageEntry> shipped() {
        return Map.of("ghcr.io/headroom-dev/iris-api:0.1.0", irisApi());
    }

    /** Headroom as it was packaged, which its image runs. */
    static ImageEntry headroom() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command =
                List.of(
                        java.toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        HOME.resolve("lab/target/program") + "/*",
                        "dev.headroom.lab.cli.Main");
        return new ImageEntry(command, HOME, Map.of());
    }

    /** Runs a command to its end, which must be good, and gives what it printed to standard output. */
    static String run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        // Maven has just packaged what is to be run: a build inside of the build would change it.
        builder.environment().put("HEADROOM_BUILD", "no");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TMPDIR", folder.toString());
        builder.environment().putAll(environment);
        Process process =
                builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end");
        }
        assertThat(process.exitValue())
                .as(() -> command + "\n" + text(output) + text(errors))
                .isZero();
        return Files.readString(output);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
