package dev.headroom.lab.report;

import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.VisibleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run's figures as an ExportMetricsServiceRequest in OTLP's JSON encoding (opentelemetry-proto 1.x): gauges of one resource, the body of {@code POST /v1/metrics}.
 */
final class Otlp {
    private Otlp() {}

    /** What the points are of. */
    record Request(List<ResourceMetrics> resourceMetrics) {}

    record ResourceMetrics(Resource resource, List<ScopeMetrics> scopeMetrics) {}

    record Resource(List<Attribute> attributes) {}

    record ScopeMetrics(Scope scope, List<Metric> metrics) {}

    record Scope(String name, String version) {}

    record Metric(String name, String description, String unit, Gauge gauge) {}

    record Gauge(List<Point> dataPoints) {}

    /** Times are decimal text, since JSON's numbers don't hold 64 bits. */
    record Point(List<Attribute> attributes, String timeUnixNano, double asDouble) {}

    record Attribute(String key, Value value) {}

    record Value(String stringValue) {}

    /**
     * @param at milliseconds since the epoch that all points have
     * @param version of this program
     */
    static byte[] of(List<Figure> figures, long at, String version) {
        Map<String, List<Figure>> byName = new LinkedHashMap<>();
        figures.forEach(f -> byName.computeIfAbsent(f.name(), n -> new ArrayList<>()).add(f));
        List<Metric> metrics = new ArrayList<>();
        byName.forEach((name, same) ->
                metrics.add(
                        new Metric(
                                name,
                                same.getFirst().help(),
                                same.getFirst().unit(),
                                new Gauge(same.stream().map(f -> point(f, at)).toList()))));
        List<Attribute> resource =
                List.of(
                        attribute("service.name", "headroom"),
                        attribute("service.version", version));
        return Json.pretty(
                new Request(
                        List.of(
                                new ResourceMetrics(
                                        new Resource(resource),
                                        List.of(
                                                new ScopeMetrics(
                                                        new Scope("dev.headroom", version),
                                                        metrics))))));
    }

    private static Point point(Figure figure, long at) {
        return new Point(
                figure.labels().entrySet().stream()
                        .map(l -> attribute(l.getKey(), l.getValue()))
                        .toList(),
                at + "000000",
                figure.value());
    }

    private static Attribute attribute(String key, String value) {
        return new Attribute(key, new Value(VisibleText.of(value)));
    }
}
