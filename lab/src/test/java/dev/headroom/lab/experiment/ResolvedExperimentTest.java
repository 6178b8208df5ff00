package dev.headroom.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.run.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written to a run directory is read again as the same experiment. */
class ResolvedExperimentTest {
    @TempDir Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void roundTrip(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            Experiment experiment = any(random);
            assertThat(readAgain(experiment)).isEqualTo(experiment);
        }
    }

    @Test
    void nothingImplicitIsLeftOut() throws IOException {
        Path manifest = Files.writeString(folder.resolve("m.yaml"), "");
        Experiment experiment =
                new Experiment(
                        "x",
                        List.of(manifest),
                        null,
                        new Experiment.Target("s", "/"),
                        new Experiment.Rate(
                                200, 5, Duration.ofSeconds(60), null, Duration.ofSeconds(2)),
                        Map.of(),
                        new Experiment.Timeouts(Duration.ofMinutes(3), Duration.ofMinutes(6)),
                        new Experiment.Expect(null, List.of()));
        assertThat(ExperimentWriter.yaml(experiment))
                .contains(
                        "path: /",
                        "rate: 200/s",
                        "timeout: 2s",
                        "ready: 3m",
                        "baseline: 6m",
                        "where: local");
    }

    private Experiment readAgain(Experiment experiment) throws Exception {
        Path file = folder.resolve("1-experiment.yaml");
        Files.writeString(file, ExperimentWriter.yaml(experiment));
        return ExperimentReader.readResolved(file);
    }

    private Experiment any(Random random) {
        Path script = random.nextBoolean() ? folder.resolve("a b/ü: #x.lua") : null;
        Duration duration = Duration.ofSeconds(1 + random.nextInt(86_400));
        Duration timeout = Duration.ofSeconds(1 + random.nextInt(3600));
        Experiment.Load load =
                random.nextBoolean()
                        ? new Experiment.Wrk(1, 1 + random.nextInt(5000), duration, script, timeout)
                        : new Experiment.Rate(
                                random.nextInt(1, 1000) / (double) random.nextInt(1, 50),
                                7,
                                duration,
                                script,
                                timeout);
        return new Experiment(
                "run-" + random.nextInt(1000),
                List.of(folder.resolve("m"), folder.resolve("- n: *")),
                random.nextBoolean()
                        ? new Experiment.Autoscaler(1, random.nextBoolean() ? 3 : null)
                        : null,
                new Experiment.Target("svc", "/p?q=" + random.nextInt()),
                load,
                random.nextBoolean()
                        ? new Experiment.Pods(
                                1 + random.nextInt(Math.min(1000, load.connections())),
                                "registry.example/team/headroom@sha256:" + "0".repeat(64),
                                random.nextBoolean() ? "250m" : "2")
                        : null,
                Map.of(
                        "seed/x:1",
                        new Experiment.Image(
                                List.of("python3", "-c", "print('a\n\"b\" $(POD_IP)')", "8000", ""),
                                folder,
                                Map.of("A", "yes", "B", "1", "C", ""))),
                new Experiment.Timeouts(Duration.ofMillis(1500), Duration.ZERO),
                new Experiment.Expect(
                        random.nextBoolean() ? Verdict.HELD : null,
                        List.of(
                                threshold(Threshold.Metric.HTTP_REQ_DURATION, "p(99.9)<=500"),
                                threshold(Threshold.Metric.HTTP_REQ_DURATION, "avg<0.0001"),
                                threshold(Threshold.Metric.HTTP_REQS, "count>=12345678"))));
    }

    private static Threshold threshold(Threshold.Metric metric, String text) {
        try {
            return ThresholdReader.read(metric, text);
        } catch (ThresholdReader.WrongThreshold e) {
            throw new AssertionError(e);
        }
    }
}
