package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Recorded runs with one thing in them that no run can have left: it is named with its file and line. The recordings themselves are read. */
@SuppressWarnings("NullAway.Init")
class ImpossibleRunTest {
    private static final Path RECORDED = Path.of("src/test/resources/dev/headroom/lab/verdict");

    @TempDir private Path run;

    private Path copy(String name) throws IOException {
        try (var files = Files.list(RECORDED.resolve(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, run.resolve(String.valueOf(file.getFileName())));
            }
        }
        return run;
    }

    private void assertRefused(Path file, String words) throws IOException {
        String before = Files.readString(file);
        assertThatThrownBy(() -> RunData.read(RunDirectory.open(run)))
                .isInstanceOf(DamagedRunException.class)
                .hasMessage(file + words);
        assertThat(file).content().isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"autoscaling", "pinned", "unready"})
    void recordedRunsAreRead(String name) throws Exception {
        RunData data = RunData.read(RunDirectory.open(copy(name)));
        assertThat(data.observations()).hasSizeGreaterThan(100);
    }

    /** The recording's file is one line. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/answers                  | -5    | answers: found -5; it takes no number below 0",
                "/errors/read              | -1    | errors.read: found -1; it takes no number below 0",
                "/use/3/cpuCores           | -0.5  | use[3].cpuCores: found -0.5; it takes no number below 0",
                "/plan/durationSeconds     | 0     | plan.durationSeconds: found 0; it takes more than 0",
                "/plan/threads             | 0     | plan.threads: found 0; it takes more than 0",
                "/end                      | 5     | end: found 5, before start, which is 1795647527560",
                "/errors/timeout           | 147221 | errors.timeout: found 147221, more than answers, which is 147220",
                "/errors/status            | 147221 | errors.status: found 147221, more than answers, which is 147220",
                "/failed                   | 147221 | failed: found 147221, more than answers and connect, read and write errors, which is 147220",
                "/latency/percentiles/p99  | 1000  | latency.percentiles.p99: found 1000, less than p95, which is 1392.709",
                "/latency/percentiles/x    | 1     | latency.percentiles.x: is no percentile; they are called p50 or p99.9",
                "/latency/max              | 1     | latency.max: found 1, less than mean, which is 648.561909044323",
                "/latency/min              | 700   | latency.mean: found 648.561909044323, less than min, which is 700",
                "/use/4/at                 | 1     | use[4].at: found 1, not after the entry before it, which is of 1795647531665"
            })
    void aLoadThatCannotBe(String pointer, String value, String words) throws Exception {
        Path file = copy("autoscaling").resolve("3-load.json");
        ObjectNode load = (ObjectNode) Json.mapper().readTree(Files.readString(file));
        int slash = pointer.lastIndexOf('/');
        ObjectNode around = (ObjectNode) load.at(pointer.substring(0, slash));
        around.set(pointer.substring(slash + 1), Json.mapper().readTree(value));
        Files.writeString(file, load.toString());
        String first = "/use/3/at";
        assertRefused(file, ":1: " + words.replace("1795647531665", load.at(first).toString()));
    }

    @Test
    void theLineIsThatOfTheKey() throws Exception {
        Path file = copy("autoscaling").resolve("3-load.json");
        ObjectNode load = (ObjectNode) Json.mapper().readTree(Files.readString(file));
        load.put("answers", -5);
        Files.write(file, Json.pretty(load));
        List<String> lines = Files.readAllLines(file);
        int line = lines.indexOf("  \"answers\" : -5,") + 1;
        assertThat(line).isGreaterThan(1);
        assertRefused(file, ":" + line + ": answers: found -5; it takes no number below 0");
    }

    private Path lines(UnaryOperator<List<String>> change) throws IOException {
        Path file = copy("autoscaling").resolve("4-observations.jsonl");
        Files.write(file, change.apply(new ArrayList<>(Files.readAllLines(file))));
        return file;
    }

    private static int indexOf(List<String> lines, String part, int skip) {
        int left = skip;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(part) && left-- == 0) {
                return i;
            }
        }
        throw new AssertionError(part);
    }

    @Test
    void aLineThatStandsTwice() throws Exception {
        for (String kind : List.of("sample", "change", "metrics", "mark", "setting")) {
            int[] at = new int[1];
            Path file =
                    lines(all -> {
                        at[0] = indexOf(all, "\"kind\":\"" + kind + "\"", 3);
                        all.add(at[0], all.get(at[0]));
                        return all;
                    });
            assertRefused(file, ":" + (at[0] + 2) + ": stands twice; first on line " + (at[0] + 1));
            clear();
        }
    }

    private void clear() throws IOException {
        try (var files = Files.list(run)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void theClockOfSamplesGoesBack() throws Exception {
        int[] at = new int[2];
        Path file =
                lines(all -> {
                    at[0] = indexOf(all, "\"kind\":\"sample\"", 5);
                    at[1] = indexOf(all, "\"kind\":\"sample\"", 6);
                    String first = all.get(at[0]);
                    all.set(at[0], all.get(at[1]));
                    all.set(at[1], first);
                    return all;
                });
        assertThatThrownBy(() -> RunData.read(RunDirectory.open(run)))
                .isInstanceOf(DamagedRunException.class)
                .hasMessageStartingWith(file + ":" + (at[1] + 1) + ": at: found ")
                .hasMessageContaining(", not after the sample before it, which is of ");
    }

    @Test
    void anObjectThatWasNeverAdded() throws Exception {
        int[] at = new int[1];
        Path file =
                lines(all -> {
                    all.remove(
                            indexOf(all, "\"change\":\"ADDED\",\"objectKind\":\"Deployment\"", 0));
                    at[0] = indexOf(all, "\"objectKind\":\"Deployment\"", 0);
                    return all;
                });
        assertThatThrownBy(() -> RunData.read(RunDirectory.open(run)))
                .hasMessageStartingWith(file + ":" + (at[0] + 1) + ": found Deployment/")
                .hasMessageEndingWith("MODIFIED, but no line before it says that it was ADDED");
    }

    @Test
    void aFileThatSaysHowManyLinesItHas() throws Exception {
        int[] before = new int[1];
        Path file =
                lines(all -> {
                    all.removeIf(line -> line.contains("\"what\":\"end\""));
                    before[0] = all.size();
                    all.add(
                            "{\"kind\":\"mark\",\"at\":1795647700000,\"what\":\"end\",\"detail\":\""
                                    + all.size()
                                    + " lines\"}");
                    return all;
                });
        assertThat(RunData.read(RunDirectory.open(run)).observations()).hasSize(before[0] + 1);
        List<String> all = new ArrayList<>(Files.readAllLines(file));
        all.remove(indexOf(all, "\"kind\":\"sample\"", 7));
        Files.write(file, all);
        assertRefused(
                file,
                ":%d: detail: found \"%d lines\", but there are %d lines before it"
                        .formatted(before[0], before[0], before[0] - 1));
    }

    @Test
    void numbersOfSamplesThatCannotBe() throws Exception {
        int[] at = new int[1];
        Path file =
                lines(all -> {
                    at[0] = indexOf(all, "\"kind\":\"sample\"", 5);
                    ObjectNode sample = (ObjectNode) Json.mapper().readTree(all.get(at[0]));
                    ((ObjectNode) sample.path("replicas")).put("ready", -1);
                    all.set(at[0], sample.toString());
                    return all;
                });
        assertRefused(
                file, ":" + (at[0] + 1) + ": replicas.ready: found -1; it takes no number below 0");
    }
}
