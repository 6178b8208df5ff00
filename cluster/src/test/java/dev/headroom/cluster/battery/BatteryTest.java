package dev.headroom.cluster.battery;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.headroom.cluster.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a delivery pipeline does, by the real kubectl, as the transcripts of {@code battery} have it: upstream's documented behaviour. Against
 * the embedded cluster, or unchanged against any other:
 *
 * <ul>
 *   <li>{@code -Dbattery.kubeconfig=FILE} names the cluster; it is left as it was found
 *   <li>{@code -Dbattery.image=NAME} its busybox, where that is not the one that {@link Images} finds on its nodes
 *   <li>{@code -Dbattery.only=PATTERN} plays only what this is found in the title of
 *   <li>{@code -Dbattery.record=FOLDER} writes down what came of it, to be compared with what comes of it elsewhere
 * </ul>
 */
class BatteryTest {
    private static final int AT_ONCE = 4;
    private static final Path TRANSCRIPTS = Path.of("src/test/resources/battery");
    private static final String OTHER = System.getProperty("battery.kubeconfig", "");
    @TempDir static Path folder = Path.of("");
    private static @Nullable TestCluster embedded;
    private static @Nullable Bench bench;
    private static final ExecutorService players = Executors.newFixedThreadPool(AT_ONCE);

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Assumptions.assumeTrue(TestCluster.onPath("kubectl"), "kubectl is not on the PATH");
        Path kubeconfig;
        Images images;
        if (OTHER.isEmpty()) {
            TestCluster cluster =
                    TestCluster.start(
                            Duration.ofSeconds(2),
                            Map.of(
                                    Images.EMBEDDED.shell(),
                                    TestCluster.shell(""),
                                    Images.EMBEDDED.server(),
                                    TestCluster.stub()));
            embedded = cluster;
            images = Images.EMBEDDED;
            kubeconfig = cluster.kubeconfig();
        } else {
            kubeconfig = Path.of(OTHER);
            images = Images.of(folder, kubeconfig);
        }
        String run = HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
        bench = new Bench(folder, kubeconfig, run, images);
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        players.shutdownNow();
        if (embedded != null) {
            embedded.close();
        } else if (bench != null) {
            bench.removeNamespaces();
        }
    }

    private static List<Transcript> transcripts() throws IOException {
        String only = System.getProperty("battery.only", "");
        List<Transcript> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".t")).sorted().toList()) {
                String name = file.getFileName().toString().replace(".t", "");
                all.addAll(Transcript.read(name, Files.readString(file)));
            }
        }
        return all.stream()
                .filter(t -> !t.embedded() || OTHER.isEmpty())
                .filter(t -> (t.file() + ": " + t.title()).contains(only))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> transcript() throws IOException, InterruptedException {
        Bench played = java.util.Objects.requireNonNull(bench);
        List<Transcript> all = transcripts();
        played.makeNamespaces(all.size());
        List<Future<List<List<String>>>> results = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            int number = i;
            results.add(players.submit(() -> played.play(all.get(number), number)));
        }
        return IntStream.range(0, all.size())
                .mapToObj(i ->
                        dynamicTest(
                                all.get(i).file() + ": " + all.get(i).title(),
                                () -> hold(all.get(i), await(results.get(i)))));
    }

    private static List<List<String>> await(Future<List<List<String>>> result)
            throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new AssertionError("it could not be played", e.getCause());
        }
    }

    private static void hold(Transcript transcript, List<List<String>> results) throws IOException {
        record(transcript, results);
        StringBuilder seen = new StringBuilder("\n");
        for (int i = 0; i < transcript.steps().size(); i++) {
            Transcript.Step step = transcript.steps().get(i);
            List<String> actual = i < results.size() ? results.get(i) : List.of("(it never ended)");
            seen.append("  $ ").append(step.command()).append('\n');
            if (!step.accepts(actual)) {
                seen.append("  expected:\n");
                step.expected().forEach(line -> seen.append("    ").append(line).append('\n'));
                seen.append("  but it was:\n");
                actual.forEach(line -> seen.append("    ").append(line).append('\n'));
                throw new AssertionError(seen.toString());
            }
            actual.forEach(line -> seen.append("  ").append(line).append('\n'));
        }
    }

    private static void record(Transcript transcript, List<List<String>> results)
            throws IOException {
        String to = System.getProperty("battery.record", "");
        if (to.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("# ").append(transcript.title()).append('\n');
        for (int i = 0; i < Math.min(results.size(), transcript.steps().size()); i++) {
            text.append("  $ ").append(transcript.steps().get(i).command()).append('\n');
            results.get(i).forEach(line -> text.append("  ").append(line).append('\n'));
        }
        Path folder = Files.createDirectories(Path.of(to));
        Files.writeString(
                folder.resolve(
                        transcript.file()
                                + "-"
                                + transcript.title().replaceAll("[^a-zA-Z0-9]+", "-")
                                + ".t"),
                Normal.of(text.toString()));
    }
}
