package dev.headroom.iris.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.http.Wire;
import dev.headroom.iris.api.http.Wire.Answer;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /metrics} by the grammar of both formats, and what it counts. */
class MetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"[^\"\\\\\n]*\",?)*\\})? (-?[0-9.]+(?:E-?[0-9]+)?)");

    /** As Go's %g, which is what a query for a bucket names; in OpenMetrics each has a point. */
    private static final List<String> BOUNDS =
            List.of(
                    "2.5e-05", "5e-05", "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005",
                    "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10");

    private static String get(String accept) {
        return "GET /metrics HTTP/1.1\r\nHost: a\r\n" + accept + "\r\n";
    }

    /** The samples by name and labels; each line must be one, or belong to a family's head. */
    private static Map<String, Double> samples(String text, boolean open) {
        Map<String, Double> samples = new HashMap<>();
        Set<String> families = new HashSet<>();
        String family = "";
        String type = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                family = words[2];
                type = words[3];
                assertThat(families.add(family)).as("once: " + family).isTrue();
            } else if (!line.startsWith("# HELP ") && !line.equals("# EOF")) {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                String suffix = sample.group(1).substring(family.length());
                List<String> suffixes =
                        switch (type) {
                            case "counter" -> List.of(open ? "_total" : "");
                            case "summary" -> List.of("_count", "_sum");
                            case "histogram" -> List.of("_bucket", "_sum", "_count");
                            default -> List.of("");
                        };
                assertThat(suffixes).as(line).contains(suffix);
                String labels = sample.group(2) == null ? "" : sample.group(2);
                assertThat(samples.put(sample.group(1) + labels, Double.valueOf(sample.group(3))))
                        .as(line)
                        .isNull();
            }
        }
        return samples;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X: y | false",
                "Accept: */* | false",
                "Accept: text/plain | false",
                "Accept: application/openmetrics-text | true",
                "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1 | true",
                "Accept: application/openmetrics-text;q=0.2, text/plain;q=0.3 | false",
                "Accept: application/openmetrics-text;q=0 | false",
            })
    void theFormatIsTheOneThatIsPreferred(String accept, boolean open) throws IOException {
        try (Service service = new Service(Map.of());
                Wire wire = service.connect()) {
            Answer answer = wire.send(get(accept + "\r\n")).answer();
            assertThat(answer.head())
                    .contains(
                            open
                                    ? "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"
                                    : "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
            assertThat(answer.body().endsWith("# EOF\n")).isEqualTo(open);
            assertThat(samples(answer.body(), open)).isNotEmpty();
        }
    }

    @Test
    void countsWhatHappened() throws IOException {
        try (Service service = new Service(Map.of());
                Wire wire = service.connect();
                Wire begun = service.connect()) {
            begun.send("GET / HTTP/1.1\r\n");
            for (int i = 0; i < 20; i++) {
                wire.send(Service.post(Service.SETOSA)).answer();
            }
            wire.send(Service.post("{}")).answer();
            wire.send(Service.get("/nowhere")).answer();
            while (service.http.status().inFlight() == 0) {
                Thread.onSpinWait();
            }
            Map<String, Double> seen = samples(wire.send(get("")).answer().body(), false);
            assertThat(seen)
                    .containsEntry(
                            "iris_http_requests_total{route=\"/predict\",code=\"200\"}", 20.0)
                    .containsEntry("iris_http_requests_total{route=\"/predict\",code=\"422\"}", 1.0)
                    .containsEntry("iris_http_requests_total{route=\"other\",code=\"404\"}", 1.0)
                    .containsEntry(
                            "iris_http_request_duration_seconds_count{route=\"/predict\"}", 21.0)
                    .containsEntry(
                            "iris_http_request_duration_seconds_bucket{route=\"/predict\",le=\"+Inf\"}",
                            21.0)
                    .containsEntry("iris_http_requests_in_flight", 1.0)
                    .containsEntry("iris_http_connections_open", 2.0)
                    .containsEntry("iris_http_connections_accepted_total", 2.0)
                    .containsEntry("iris_http_connections_refused_total", 0.0)
                    .containsEntry("iris_predictions_total{class=\"setosa\"}", 20.0)
                    .containsEntry("iris_model_info{version=\"1\"}", 1.0)
                    .containsKeys(
                            "jvm_memory_used_bytes{area=\"heap\"}",
                            "jvm_threads_current",
                            "process_cpu_seconds_total");
            assertThat(seen.keySet())
                    .anyMatch(name -> name.startsWith("jvm_gc_collection_seconds_count{gc="));
            double below = 0;
            for (String le : BOUNDS) {
                String bucket = "_bucket{route=\"/predict\",le=\"" + le + "\"}";
                double count =
                        seen.getOrDefault("iris_http_request_duration_seconds" + bucket, -1.0);
                assertThat(count).as(le).isGreaterThanOrEqualTo(below);
                below = count;
            }
            assertThat(seen.get("iris_http_request_duration_seconds_sum{route=\"/predict\"}"))
                    .isPositive();
        }
    }

    /** OpenMetrics 1.0, "Canonical numbers". */
    @Test
    void boundsAreWrittenAsTheFormatHasThem() throws IOException {
        try (Service service = new Service(Map.of());
                Wire wire = service.connect()) {
            String plain = wire.send(get("")).answer().body();
            String open =
                    wire.send(get("Accept: application/openmetrics-text\r\n")).answer().body();
            assertThat(bounds(plain)).isEqualTo(BOUNDS);
            assertThat(bounds(open))
                    .isEqualTo(
                            BOUNDS.stream()
                                    .map(le -> le.matches("[0-9]+") ? le + ".0" : le)
                                    .toList());
        }
    }

    private static List<String> bounds(String page) {
        return Pattern.compile("_bucket\\{route=\"/predict\",le=\"([^+\"]+)\"}")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
