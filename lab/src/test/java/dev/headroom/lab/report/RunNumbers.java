package dev.headroom.lab.report;

import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.RunFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The numbers of a run, computed from its files as JSON and in the plainest way, without anything of the report: row by row what a table has to say. */
final class RunNumbers {
    private final JsonNode load;
    private final List<JsonNode> samples = new ArrayList<>();
    private final List<JsonNode> autoscaler = new ArrayList<>();
    private final long start;

    RunNumbers(Path folder) throws IOException {
        load = Json.mapper().readTree(Files.readString(RunFolder.file(folder, RunFile.LOAD)));
        start = load.path("start").asLong();
        for (String line : Files.readAllLines(RunFolder.file(folder, RunFile.OBSERVATIONS))) {
            JsonNode seen = Json.mapper().readTree(line);
            if (seen.path("kind").asString().equals("sample")) {
                samples.add(seen);
            }
            if (seen.path("objectKind").asString("").equals("HorizontalPodAutoscaler")) {
                autoscaler.add(seen);
            }
        }
    }

    /** By plot, by second (or percentile): the values of its lines in their order. */
    Map<String, Map<String, List<@Nullable Double>>> all() throws DataFormatException {
        List<String> pods = new ArrayList<>();
        samples.forEach(s ->
                s.path("pods")
                        .forEach(p -> {
                            if (!pods.contains(p.path("pod").asString())) {
                                pods.add(p.path("pod").asString());
                            }
                        }));
        Map<String, Map<String, List<@Nullable Double>>> all = new LinkedHashMap<>();
        all.put(
                "replicas",
                sampled(s -> fields(s.path("replicas"), "desired", "current", "ready")));
        all.put("utilization", sampled(s -> utilization(s.path("at").asLong())));
        all.put(
                "throughput",
                windows(w -> {
                    double failed = w.path("failed").asDouble();
                    return List.of(w.path("answers").asDouble() - failed, failed);
                }));
        all.put("latency", windows(w -> fields(w, "p50", "p99")));
        all.put(
                "pod-cpu",
                withBound(perPod(pods, p -> times(number(p, "cpuSeconds"), 1000)), 500.0));
        all.put("requests", perPod(pods, p -> number(p.path("balancer"), "answers")));
        all.put(
                "connections",
                sampled(s -> {
                    List<@Nullable Double> open = new ArrayList<>();
                    open.add(number(s.path("service"), "open"));
                    pods.forEach(pod -> open.add(number(pod(s, pod).path("balancer"), "open")));
                    return open;
                }));
        all.put(
                "host",
                withBound(
                        rates(s ->
                                fields(
                                        s.path("host"),
                                        "busySeconds",
                                        "labSeconds",
                                        "stealSeconds")),
                        2.0));
        all.put("distribution", percentiles());
        return all;
    }

    private Map<String, List<@Nullable Double>> sampled(
            Function<JsonNode, List<@Nullable Double>> row) {
        Map<String, List<@Nullable Double>> rows = new LinkedHashMap<>();
        samples.forEach(s -> rows.put(second(s), row.apply(s)));
        return rows;
    }

    private Map<String, List<@Nullable Double>> windows(
            Function<JsonNode, List<@Nullable Double>> row) {
        Map<String, List<@Nullable Double>> rows = new LinkedHashMap<>();
        load.path("windows").forEach(w -> rows.put(second(w), row.apply(w)));
        return rows;
    }

    /** Growth since the last sample that has it; samples are a second apart. */
    private Map<String, List<@Nullable Double>> rates(
            Function<JsonNode, List<@Nullable Double>> counters) {
        Map<Integer, double[]> before = new HashMap<>();
        return sampled(s -> {
            double now = s.path("at").asLong() / 1e3;
            List<@Nullable Double> counted = counters.apply(s);
            List<@Nullable Double> rates = new ArrayList<>();
            for (int i = 0; i < counted.size(); i++) {
                Double count = counted.get(i);
                double[] last = before.get(i);
                rates.add(
                        count == null || last == null
                                ? null
                                : Double.valueOf((count - last[1]) / (now - last[0])));
                if (count != null) {
                    before.put(i, new double[] {now, count});
                }
            }
            return rates;
        });
    }

    private Map<String, List<@Nullable Double>> perPod(
            List<String> pods, Function<JsonNode, @Nullable Double> counter) {
        return rates(s -> {
            List<@Nullable Double> counted = new ArrayList<>();
            pods.forEach(pod -> counted.add(counter.apply(pod(s, pod))));
            return counted;
        });
    }

    private static Map<String, List<@Nullable Double>> withBound(
            Map<String, List<@Nullable Double>> rows, double bound) {
        rows.values().forEach(row -> row.add(bound));
        return rows;
    }

    private List<@Nullable Double> utilization(long at) {
        Double current = null;
        Double target = null;
        for (JsonNode change : autoscaler) {
            if (change.path("at").asLong() <= at) {
                JsonNode hpa = change.path("object");
                current =
                        number(
                                hpa.at("/status/currentMetrics/0/resource/current"),
                                "averageUtilization");
                target = number(hpa.at("/spec/metrics/0/resource/target"), "averageUtilization");
            }
        }
        List<@Nullable Double> row = new ArrayList<>();
        row.add(current);
        row.add(target);
        return row;
    }

    /** Of the load generator's own histogram, in milliseconds. */
    private Map<String, List<@Nullable Double>> percentiles() throws DataFormatException {
        byte[] bytes = Base64.getDecoder().decode(load.at("/latency/histogram").asString());
        Histogram histogram = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
        Map<String, List<@Nullable Double>> rows = new LinkedHashMap<>();
        for (double percentile : new double[] {1, 50, 90, 92.5, 99, 99.9}) {
            String name =
                    "p"
                            + (percentile == Math.rint(percentile)
                                    ? String.valueOf((long) percentile)
                                    : String.valueOf(percentile));
            rows.put(name, List.of(histogram.getValueAtPercentile(percentile) / 1e3));
        }
        return rows;
    }

    private String second(JsonNode seen) {
        return String.valueOf((seen.path("at").asLong() - start) / 1000);
    }

    private static JsonNode pod(JsonNode sample, String name) {
        for (JsonNode pod : sample.path("pods")) {
            if (pod.path("pod").asString().equals(name)) {
                return pod;
            }
        }
        return Json.mapper().nullNode();
    }

    private static List<@Nullable Double> fields(JsonNode node, String... names) {
        List<@Nullable Double> values = new ArrayList<>();
        for (String name : names) {
            values.add(number(node, name));
        }
        return values;
    }

    private static @Nullable Double number(JsonNode node, String name) {
        return node.path(name).isNumber() ? Double.valueOf(node.path(name).asDouble()) : null;
    }

    private static @Nullable Double times(@Nullable Double value, double factor) {
        return value == null ? null : Double.valueOf(value * factor);
    }
}
