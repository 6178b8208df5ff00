package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.run.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code headroom compare} on a recorded run and on what is made of it. */
@SuppressWarnings("NullAway.Init")
class CompareCommandTest {
    private static final Path RECORDED =
            Path.of("src/test/resources/dev/headroom/lab/verdict/autoscaling");
    private static final List<String> FILES =
            List.of(
                    "1-experiment.yaml",
                    "2-deployment.json",
                    "3-load.json",
                    "4-observations.jsonl");

    @TempDir private Path folder;
    private Path a;
    private Path b;

    @BeforeEach
    void runs() throws IOException {
        a = copy("a");
        InProcess.run("judge", a.toString());
        b = copy("b");
        Files.copy(a.resolve("5-verdict.json"), b.resolve("5-verdict.json"));
    }

    private Path copy(String name) throws IOException {
        Path run = Files.createDirectory(folder.resolve(name));
        for (String file : FILES) {
            Files.copy(RECORDED.resolve(file), run.resolve(file));
        }
        return run;
    }

    private InProcess.Ended compare(String... more) {
        String[] arguments = new String[3 + more.length];
        System.arraycopy(more, 0, arguments, 3, more.length);
        arguments[0] = "compare";
        arguments[1] = a.toString();
        arguments[2] = b.toString();
        return InProcess.run(arguments);
    }

    private void change(String file, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) Json.mapper().readTree(b.resolve(file).toFile());
        change.accept(json);
        Files.writeString(b.resolve(file), json.toString());
    }

    /** The second run as it would be if each pod had answered only a part, and each answer had taken as much longer. */
    private void slower(double factor) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String line : Files.readAllLines(b.resolve("4-observations.jsonl"))) {
            ObjectNode json = (ObjectNode) Json.mapper().readTree(line);
            for (JsonNode pod : json.path("pods")) {
                for (String source : List.of("balancer", "own")) {
                    if (pod.path(source) instanceof ObjectNode traffic) {
                        long answers = traffic.path("answers").asLong();
                        traffic.put("answers", Math.round(answers * factor));
                    }
                }
            }
            if (json.path("service") instanceof ObjectNode service) {
                for (String name : List.of("mean", "p50", "p90", "p99", "max")) {
                    if (service.path(name).isNumber()) {
                        service.put(name, service.path(name).asDouble() / factor);
                    }
                }
            }
            lines.append(json).append('\n');
        }
        Files.writeString(b.resolve("4-observations.jsonl"), lines);
    }

    @Test
    void aRunIsNoRegressionOfItself() {
        InProcess.Ended ended = compare();
        assertThat(ended.exitCode()).as(ended.printed()).isZero();
        assertThat(ended.printed())
                .contains(
                        "settings and outcome are the same",
                        "good answers a second, 3 pods",
                        "within noise",
                        "no regression beyond 10.0 %")
                .doesNotContain("better", "worse", "REGRESSION");
    }

    @ParameterizedTest
    @CsvSource({"0.7,10%,99", "0.7,50%,0", "1.4,1%,0"})
    void aSlowerRunIsARegressionBeyondTheTolerance(double factor, String tolerance, int code)
            throws IOException {
        slower(factor);
        InProcess.Ended ended = compare("--tolerance", tolerance);
        assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(code);
        assertThat(ended.printed())
                .contains(
                        factor > 1
                                ? "better"
                                : code == 99 ? "regression: good answers a second" : "worse");
    }

    @Test
    void jsonSaysTheSame() throws IOException {
        slower(0.7);
        JsonNode json = Json.mapper().readTree(compare("--format", "json").printed());
        assertThat(json.path("schema").asInt()).isEqualTo(1);
        assertThat(json.path("regressions")).isNotEmpty();
        JsonNode measure =
                json.path("measures")
                        .valueStream()
                        .filter(m -> m.path("outcome").asString("").equals("REGRESSION"))
                        .findFirst()
                        .orElseThrow();
        assertThat(measure.path("name").asString("")).startsWith("good answers a second");
        assertThat(measure.path("change").asDouble()).isBetween(-0.31, -0.29);
        assertThat(measure.path("low").asDouble()).isLessThan(-0.29);
        assertThat(measure.path("high").asDouble()).isBetween(-0.31, -0.1);
    }

    @Test
    void whatChangedIsNamed() throws IOException {
        change(
                "2-deployment.json",
                d ->
                        ((ObjectNode) d.path("target").path("containers").path(0))
                                .put("image", "example/other:2"));
        assertThat(compare().printed()).contains("image of ", " -> example/other:2");
    }

    @Test
    void anotherLoadOrCpuScaleIsNoComparison() throws IOException {
        change("3-load.json", l -> ((ObjectNode) l.path("plan")).put("connections", 7));
        InProcess.Ended ended = compare();
        assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(3);
        assertThat(ended.printed())
                .contains("can't be compared: load is closed over 1000 connections")
                .contains("and closed over 7 connections")
                .doesNotContain("within noise");
        Files.copy(
                RECORDED.resolve("3-load.json"),
                b.resolve("3-load.json"),
                StandardCopyOption.REPLACE_EXISTING);
        change(
                "2-deployment.json",
                d ->
                        d.path("settings")
                                .forEach(s -> {
                                    if (s.path("name").asString("").equals("cpuScale")) {
                                        ((ObjectNode) s).put("value", "0.9");
                                    }
                                }));
        ended = compare();
        assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(3);
        assertThat(ended.printed()).contains("run both with the same --cpu-scale");
    }

    @Test
    void anInvalidRunIsNoComparison() throws IOException {
        change("5-verdict.json", v -> v.put("verdict", "invalid"));
        InProcess.Ended ended = compare();
        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.printed()).contains("can't be compared: the second run is invalid");
    }

    @Test
    void expectationsThatAreNoLongerMetAreARegression() throws IOException {
        change("5-verdict.json", v -> v.put("exitCode", 99));
        change("5-verdict.json", v -> v.put("verdict", "scaled-without-gain"));
        InProcess.Ended ended = compare();
        assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(99);
        assertThat(ended.printed())
                .contains("verdict: scaled -> scaled-without-gain")
                .contains("regression: the first run met its expectations and the second did not");
    }

    @Test
    void wrongUsageIsSaid() throws IOException {
        assertThat(compare("--tolerance", "a lot").printed())
                .contains("--tolerance: found \"a lot\"; it takes a part such as 5%");
        Files.delete(b.resolve("5-verdict.json"));
        InProcess.Ended ended = compare();
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.printed()).contains("5-verdict.json: is missing");
        assertThat(InProcess.run("compare", a.toString()).exitCode()).isEqualTo(2);
    }
}
