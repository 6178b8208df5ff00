package dev.headroom.cluster.testing;

import dev.headroom.cluster.EmbeddedCluster;
import dev.headroom.cluster.controller.ControllerSelection;
import dev.headroom.cluster.image.ImageEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/** An embedded cluster for tests with images of their own, and a real kubectl to talk to it. */
public final class TestCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final EmbeddedCluster cluster;
    private int namespaces;

    /** What a command printed, and how it ended. */
    public record Result(int code, String out, String err) {}

    private TestCluster(EmbeddedCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Starts one; the test is skipped where kubectl is missing.
     *
     * @param period of the autoscaler and of the metrics
     */
    public static TestCluster start(Duration period) throws IOException, InterruptedException {
        return start(period, EmbeddedCluster.Nodes.ONE, Map.of());
    }

    /** Starts one with several nodes. */
    public static TestCluster start(Duration period, EmbeddedCluster.Nodes nodes)
            throws IOException, InterruptedException {
        return start(period, nodes, Map.of());
    }

    /**
     * Starts one with further images.
     *
     * @param images by their names
     */
    public static TestCluster start(Duration period, Map<String, ImageEntry> images)
            throws IOException, InterruptedException {
        return start(period, EmbeddedCluster.Nodes.ONE, images);
    }

    private static TestCluster start(
            Duration period, EmbeddedCluster.Nodes nodes, Map<String, ImageEntry> images)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(onPath("kubectl"), "kubectl is not on the PATH");
        Map<String, ImageEntry> all = new HashMap<>(images);
        all.put("test/stub:1", stub());
        all.put("test/exits:1", shell("echo going down; exit 3"));
        all.put("test/sleeps:1", new ImageEntry(List.of("sleep", "3600"), Path.of("/"), Map.of()));
        return new TestCluster(
                EmbeddedCluster.start(
                        new EmbeddedCluster.Options(
                                Path.of("/nonexistent"),
                                0.5,
                                all,
                                period,
                                period,
                                ControllerSelection.ALL,
                                nodes)));
    }

    /** The image of {@link StubServer}, at port 8000. */
    public static ImageEntry stub() {
        return new ImageEntry(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StubServer.class.getName(),
                        "8000"),
                Path.of("/"),
                Map.of());
    }

    /** An image of a shell that runs this. */
    public static ImageEntry shell(String script) {
        return new ImageEntry(List.of("sh", "-c", script), Path.of("/"), Map.of());
    }

    /** Whether there is a program of this name. */
    public static boolean onPath(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    public Path kubeconfig() {
        return cluster.kubeconfig();
    }

    /** Runs kubectl; its standard input is the text given. */
    public Result kubectl(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("KUBECONFIG", kubeconfig().toString());
            Path err = Files.createTempFile("kubectl", ".err");
            Path out = Files.createTempFile("kubectl", ".out");
            builder.redirectError(err.toFile()).redirectOutput(out.toFile());
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException closed) {
                // It did not want to read all of it.
                if (process.isAlive()) {
                    throw closed;
                }
            }
            // Into a file: a pipe would be read for as long as kubectl wants to run.
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        command + " did not end within " + PATIENCE + ": " + Files.readString(out));
            }
            String output = Files.readString(out);
            Files.delete(out);
            String problems = Files.readString(err);
            Files.delete(err);
            return new Result(process.exitValue(), output, problems);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The output of a command that must end well. */
    public String ok(String... arguments) {
        return okWith("", arguments);
    }

    public String okWith(String input, String... arguments) {
        Result result = kubectl(input, arguments);
        if (result.code() != 0) {
            throw new AssertionError(
                    "kubectl "
                            + String.join(" ", arguments)
                            + " ended with "
                            + result.code()
                            + ": "
                            + result.out()
                            + result.err());
        }
        return result.out();
    }

    public void apply(String manifests) {
        okWith(manifests, "apply", "-f", "-");
    }

    /** Makes a namespace for one test, and gives its name. */
    public String newNamespace() {
        String name = "test-" + ++namespaces;
        apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}");
        return name;
    }

    /** The arguments of a command within a namespace. */
    public static String[] in(String namespace, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "-n";
        all[1] = namespace;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return all;
    }

    /** Asks until the output is as wanted, and gives it. */
    public String await(Predicate<String> wanted, String... arguments) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            last = kubectl("", arguments).out();
            if (wanted.test(last)) {
                return last;
            }
        }
        throw new AssertionError(
                "kubectl "
                        + String.join(" ", arguments)
                        + " did not come to what was awaited within "
                        + PATIENCE
                        + "; last: "
                        + last
                        + "\n"
                        + kubectl("", "get", "all,events", "-A", "-o", "wide").out());
    }

    @Override
    public void close() {
        cluster.close();
    }
}
