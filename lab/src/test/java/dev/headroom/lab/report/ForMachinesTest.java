package dev.headroom.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The forms for machines: each held against what its readers accept, and all three have the same numbers. */
class ForMachinesTest {
    /** A line of Prometheus' text format, as its documentation gives the grammar. */
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-zA-Z_:][a-zA-Z0-9_:]*)\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\"\\\\n])*\",?)*)} (-?[0-9.]+)");

    private static final String HOSTILE = "\"}\\ 1\n# TYPE x counter\u202e";

    private static JsonNode result(SampleRun run) {
        return Json.mapper()
                .readTree(
                        Report.result(
                                run.deployment(), run.load(), run.observations(), run.verdict()));
    }

    private static String prometheus(SampleRun run) {
        return Report.prometheus(run.deployment(), run.load(), run.observations(), run.verdict());
    }

    private static JsonNode otlp(SampleRun run) {
        return Json.mapper()
                .readTree(
                        Report.otlp(
                                run.deployment(), run.load(), run.observations(), run.verdict()));
    }

    private static List<String> problems(JsonNode result) throws IOException {
        String schema = Files.readString(Path.of("..", "docs", "result.schema.json"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(result)
                .stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void theResultIsWhatItsPublishedSchemaSays() throws IOException {
        for (SampleRun run :
                List.of(SampleRun.plain(), SampleRun.byWrk(), SampleRun.hostile(HOSTILE))) {
            assertThat(problems(result(run))).isEmpty();
        }
        SampleRun run = SampleRun.plain();
        JsonNode withoutLoad =
                Json.mapper()
                        .readTree(
                                Report.result(
                                        run.deployment(), null, run.observations(), run.verdict()));
        assertThat(problems(withoutLoad)).isEmpty();
        assertThat(withoutLoad.has("start")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema", "verdict", "exitCode", "cluster", "figures"})
    void theSchemaRefusesAResultWithout(String key) throws IOException {
        ObjectNode result = (ObjectNode) result(SampleRun.plain());
        result.remove(key);
        assertThat(problems(result)).isNotEmpty();
    }

    @Test
    void theSchemaKnowsEveryVerdictAndEveryKey() throws IOException {
        JsonNode schema =
                Json.mapper().readTree(Path.of("..", "docs", "result.schema.json").toFile());
        List<String> words = new ArrayList<>();
        schema.path("properties")
                .path("verdict")
                .path("enum")
                .forEach(w -> words.add(w.stringValue()));
        assertThat(words)
                .containsExactlyElementsOf(
                        Arrays.stream(Verdict.values()).map(Verdict::word).toList());
        assertThat(schema.path("properties").propertyNames())
                .containsAll(result(SampleRun.plain()).propertyNames());
        assertThat(schema.path("properties").path("schema").path("const").intValue())
                .isEqualTo(Result.SCHEMA);
    }

    @Test
    void prometheusTextFollowsItsGrammar() {
        for (SampleRun run :
                List.of(SampleRun.plain(), SampleRun.byWrk(), SampleRun.hostile(HOSTILE))) {
            Set<String> typed = new HashSet<>();
            Set<String> series = new HashSet<>();
            String current = "";
            String text = prometheus(run);
            assertThat(text).endsWith("\n");
            for (String line : text.lines().toList()) {
                if (line.startsWith("# TYPE ")) {
                    current = line.split(" ")[2];
                    assertThat(typed.add(current)).as("typed once: " + line).isTrue();
                } else if (!line.startsWith("# HELP ")) {
                    var sample = SAMPLE.matcher(line);
                    assertThat(sample.matches()).as(line).isTrue();
                    // All of one name stand together, and no series comes twice.
                    assertThat(sample.group(1)).isEqualTo(current);
                    assertThat(series.add(sample.group(1) + sample.group(2))).as(line).isTrue();
                }
            }
        }
    }

    @Test
    void theNumbersAreThoseOfTheRun() {
        SampleRun run = SampleRun.plain();
        assertThat(prometheus(run).lines())
                .contains(
                        "headroom_run_info{experiment=\"autoscaling\",verdict=\"scaled\",cluster=\"embedded\",version=\"0.1.0\"} 1.0",
                        "headroom_run_exit_code{experiment=\"autoscaling\"} 99.0",
                        "headroom_load_seconds{experiment=\"autoscaling\"} 60.0",
                        "headroom_load_latency_seconds{experiment=\"autoscaling\",source=\"headroom\",quantile=\"0.99\"} 0.2105",
                        "headroom_load_latency_mean_seconds{experiment=\"autoscaling\",source=\"balancer\"} 0.09875",
                        "headroom_replicas{experiment=\"autoscaling\",when=\"start\"} 1.0",
                        "headroom_replicas{experiment=\"autoscaling\",when=\"most\"} 3.0",
                        "headroom_phase_answers_per_second{experiment=\"autoscaling\",phase=\"2\",pods=\"2\"} 15000.0",
                        "headroom_expectation_met{experiment=\"autoscaling\",subject=\"verdict\",expected=\"scaled\"} 1.0",
                        "headroom_expectation_met{experiment=\"autoscaling\",subject=\"http_req_failed\",expected=\"rate<0.001\"} 0.0");
        // What could not be judged is absent, and so is a latency that late answers are missing
        // from.
        assertThat(prometheus(run)).doesNotContain("p(99)<500");
        assertThat(prometheus(SampleRun.byWrk())).doesNotContain("source=\"wrk\"");
    }

    @Test
    void otlpHasTheSameNumbersInTheProtocolsShape() {
        SampleRun run = SampleRun.plain();
        JsonNode scope = otlp(run).path("resourceMetrics").path(0).path("scopeMetrics").path(0);
        int points = 0;
        for (JsonNode metric : scope.path("metrics")) {
            for (JsonNode point : metric.path("gauge").path("dataPoints")) {
                points++;
                assertThat(point.path("timeUnixNano").stringValue())
                        .isEqualTo(run.load().end() + "000000");
                assertThat(point.path("asDouble").isNumber()).isTrue();
                point.path("attributes")
                        .forEach(a ->
                                assertThat(a.path("value").path("stringValue").isString())
                                        .isTrue());
            }
        }
        assertThat(points).isEqualTo(result(run).path("figures").size());
        assertThat(otlp(run).path("resourceMetrics").path(0).path("resource").toString())
                .contains("\"service.name\"", "\"headroom\"");
    }
}
