package dev.headroom.lab.verdict;

import dev.headroom.autoscaler.Behavior;
import dev.headroom.autoscaler.MetricSpec;
import dev.headroom.autoscaler.Metrics;
import dev.headroom.autoscaler.Pod;
import dev.headroom.autoscaler.Quantity;
import dev.headroom.lab.observe.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Recorded objects and metrics as the types of the autoscaler's procedure, whose times are microseconds and whose quantities are thousandths. */
final class AutoscalerTypes {
    static final long MICROS = 1000;

    private AutoscalerTypes() {}

    /** Of a Resource or ContainerResource metric; every other type is unknown here, since what it said is not recorded. */
    static MetricSpec metric(JsonNode metric) {
        String type = Kube.text(metric, "type");
        JsonNode source =
                metric.path(type.equals("ContainerResource") ? "containerResource" : "resource");
        JsonNode target = source.path("target");
        MetricSpec.Target aimed =
                new MetricSpec.Target(
                        Kube.text(target, "type"),
                        Kube.whole(target, "averageUtilization"),
                        milli(target.path("averageValue")),
                        milli(target.path("value")));
        String name = Kube.text(source, "name");
        return switch (type) {
            case "Resource" -> new MetricSpec.Resource(name, aimed);
            case "ContainerResource" ->
                    new MetricSpec.ContainerResource(name, Kube.text(source, "container"), aimed);
            default -> new MetricSpec.Unknown(type);
        };
    }

    /** Only the tolerances matter to what is asked for. */
    static @Nullable Behavior behavior(JsonNode hpa) {
        Double up = tolerance(hpa, "scaleUp");
        Double down = tolerance(hpa, "scaleDown");
        return up == null && down == null
                ? null
                : new Behavior(
                        Behavior.filledUp(new Behavior.Rules(null, null, null, up)),
                        Behavior.filledDown(new Behavior.Rules(null, null, null, down)));
    }

    /**
     * Of an autoscaler's behavior; null where it says none.
     *
     * @param direction {@code scaleUp} or {@code scaleDown}
     */
    static @Nullable Double tolerance(JsonNode hpa, String direction) {
        JsonNode given = Kube.at(hpa, "spec", "behavior", direction, "tolerance");
        return milli(given) == null ? null : Double.valueOf(Quantity.approximate(given.asString()));
    }

    /** A quantity in thousandths; null where it is none. */
    static @Nullable Long milli(JsonNode quantity) {
        try {
            return quantity.isString() || quantity.isNumber()
                    ? Long.valueOf(Quantity.milli(quantity.asString()))
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * A pod as it was seen.
     *
     * @param countAll one that runs as if it had long been ready
     */
    static Pod pod(JsonNode pod, boolean countAll) {
        JsonNode ready = Kube.condition(pod, "Ready");
        Long since = ready == null ? null : Kube.time(ready, "lastTransitionTime");
        Long start = Kube.time(pod, "status", "startTime");
        long created = orElse(Kube.time(pod, "metadata", "creationTimestamp"), 0);
        boolean counted = countAll && Kube.text(pod, "status", "phase").equals("Running");
        Map<String, String> labels = new LinkedHashMap<>();
        Kube.at(pod, "metadata", "labels")
                .properties()
                .forEach(l -> labels.put(l.getKey(), l.getValue().asString("")));
        return new Pod(
                Kube.text(pod, "metadata", "name"),
                labels,
                Kube.text(pod, "status", "phase"),
                counted ? "True" : ready == null ? null : Kube.text(ready, "status"),
                counted ? 0 : orElse(since, created) * MICROS,
                counted ? Long.valueOf(0) : start == null ? null : Long.valueOf(start * MICROS),
                Kube.isDeleted(pod),
                containers(pod, "containers"),
                containers(pod, "initContainers"),
                requests(Kube.at(pod, "spec")));
    }

    private static long orElse(@Nullable Long value, long otherwise) {
        return value == null ? otherwise : value;
    }

    private static List<Pod.Container> containers(JsonNode pod, String kind) {
        List<Pod.Container> containers = new ArrayList<>();
        for (JsonNode container : Kube.at(pod, "spec", kind)) {
            Map<String, Long> requests = requests(container);
            JsonNode policy = container.path("restartPolicy");
            containers.add(
                    new Pod.Container(
                            Kube.text(container, "name"),
                            requests == null ? Map.of() : requests,
                            policy.isString() ? policy.stringValue() : null));
        }
        return containers;
    }

    private static @Nullable Map<String, Long> requests(JsonNode owner) {
        JsonNode requests = Kube.at(owner, "resources", "requests");
        return requests.isObject() ? quantities(requests) : null;
    }

    private static Map<String, Long> quantities(JsonNode object) {
        Map<String, Long> quantities = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> {
                    Long milli = milli(entry.getValue());
                    if (milli != null) {
                        quantities.put(entry.getKey(), milli);
                    }
                });
        return quantities;
    }

    /** What the metrics API answered. */
    static Metrics.PodUsages usages(Observation.Metrics told) {
        List<Metrics.PodUsage> usages = new ArrayList<>();
        for (JsonNode item : told.items()) {
            Long timestamp = Kube.time(item, "timestamp");
            Long window = Kube.microseconds(Kube.text(item, "window"));
            Map<String, Map<String, Long>> containers = new LinkedHashMap<>();
            for (JsonNode container : item.path("containers")) {
                containers.put(Kube.text(container, "name"), quantities(container.path("usage")));
            }
            usages.add(
                    new Metrics.PodUsage(
                            Kube.text(item, "metadata", "name"),
                            orElse(timestamp, told.at()) * MICROS,
                            orElse(window, 0),
                            containers));
        }
        return new Metrics.PodUsages(told.error(), usages);
    }
}
