package dev.headroom.cluster.controller;

import dev.headroom.autoscaler.Metrics;
import dev.headroom.cluster.informer.Quantities;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The metrics APIs as one pass sees them: metrics.k8s.io is asked once. Custom and external metrics have no server here, as in a cluster without an adapter. */
final class MetricsClient implements Metrics {
    private static final Pattern GO_DURATION = Pattern.compile("([0-9.]+)(h|ms|us|µs|ns|m|s)");

    private final Objects objects;
    private final String namespace;
    private final String selector;
    private @Nullable PodUsages asked;

    MetricsClient(Objects objects, String namespace, String selector) {
        this.objects = objects;
        this.namespace = namespace;
        this.selector = selector;
    }

    @Override
    public PodUsages resource() {
        PodUsages usages = asked;
        if (usages == null) {
            usages = ask();
            asked = usages;
        }
        return usages;
    }

    private PodUsages ask() {
        try {
            List<PodUsage> items = new ArrayList<>();
            Query query = Query.labels(selector);
            for (ObjectNode pod :
                    objects.list(ResourceType.POD_METRICS, namespace, query).items()) {
                items.add(usage(pod));
            }
            return new PodUsages(null, items);
        } catch (ApiException e) {
            return new PodUsages(String.valueOf(e.getMessage()), List.of());
        }
    }

    private static PodUsage usage(JsonNode pod) {
        Map<String, Map<String, Long>> containers = new LinkedHashMap<>();
        for (JsonNode container : pod.path("containers")) {
            containers.put(
                    Trees.text(container, "name"),
                    AutoscalerReader.amounts(container.path("usage")));
        }
        Instant at = Trees.instant(Trees.text(pod, "timestamp"));
        return new PodUsage(
                Trees.name(pod),
                AutoscalerReader.micros(at == null ? Instant.EPOCH : at),
                micros(Trees.text(pod, "window")),
                containers);
    }

    /** Go's notation of a duration, such as {@code 1m0.5s}, in microseconds. */
    static long micros(String duration) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Matcher part = GO_DURATION.matcher(duration); part.find(); ) {
            BigDecimal unit =
                    switch (part.group(2)) {
                        case "h" -> BigDecimal.valueOf(3_600_000_000L);
                        case "m" -> BigDecimal.valueOf(60_000_000);
                        case "s" -> BigDecimal.valueOf(1_000_000);
                        case "ms" -> BigDecimal.valueOf(1_000);
                        case "ns" -> new BigDecimal("0.001");
                        default -> BigDecimal.ONE;
                    };
            sum = sum.add(Quantities.parse(part.group(1)).multiply(unit));
        }
        return sum.longValue();
    }
}
