package dev.headroom.lab.verdict;

import dev.headroom.autoscaler.Autoscaler;
import dev.headroom.autoscaler.Behavior;
import dev.headroom.autoscaler.History;
import dev.headroom.autoscaler.MetricSpec;
import dev.headroom.autoscaler.MetricStatus;
import dev.headroom.autoscaler.Metrics;
import dev.headroom.autoscaler.Pass;
import dev.headroom.autoscaler.Pod;
import dev.headroom.autoscaler.Quantity;
import dev.headroom.autoscaler.Settings;
import dev.headroom.lab.observe.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an autoscaler asks for, computed a second time from what was recorded, by the same procedure.
 *
 * <p>Resource and ContainerResource metrics can be computed again; what other metrics said is not recorded.
 */
final class Recomputation {
    private static final long MICROS = 1000;

    private final Place place;
    private final Map<String, String> selector;

    Recomputation(Place place, Map<String, String> selector) {
        this.place = place;
        this.selector = selector;
    }

    /**
     * A result.
     *
     * @param asked replicas before any stabilisation, rate or bound; null where nothing could be computed
     * @param utilization of the first metric, per cent; null where it has none
     * @param error why nothing could be computed
     */
    record Result(@Nullable Integer asked, @Nullable Integer utilization, @Nullable String error) {}

    /** Null where it can be computed; else what is lacking. */
    static @Nullable String lacking(JsonNode hpa) {
        for (JsonNode metric : Kube.at(hpa, "spec", "metrics")) {
            String type = Kube.text(metric, "type");
            if (!type.equals("Resource") && !type.equals("ContainerResource")) {
                return "metrics of type " + type + " are not recorded";
            }
        }
        return Kube.at(hpa, "spec", "metrics").isEmpty() ? "the autoscaler names no metric" : null;
    }

    /**
     * What it asks for.
     *
     * @param current replicas of the target's spec
     * @param countAll every pod as if it had long been ready
     */
    Result ask(
            JsonNode hpa,
            int current,
            List<JsonNode> pods,
            Observation.Metrics told,
            long at,
            boolean countAll) {
        List<MetricSpec> metrics = new ArrayList<>();
        Kube.at(hpa, "spec", "metrics").forEach(m -> metrics.add(metric(m)));
        Autoscaler autoscaler =
                new Autoscaler(
                        "",
                        "",
                        new Autoscaler.Target("apps/v1", "Deployment", ""),
                        1,
                        Integer.MAX_VALUE / 4,
                        metrics,
                        behavior(hpa),
                        Autoscaler.Status.NEW);
        Pass.Outcome outcome =
                Pass.run(
                        new Pass.Input(
                                autoscaler,
                                new Pass.Scale(current, current, selectorText(), null, r -> null),
                                List.of(),
                                pods.stream().map(p -> pod(p, countAll)).toList(),
                                new Recorded(told),
                                History.NEVER_SEEN,
                                settings(),
                                at * MICROS));
        List<MetricStatus> statuses = outcome.status().currentMetrics();
        return new Result(
                outcome.proposal(),
                statuses.isEmpty() ? null : statuses.getFirst().averageUtilization(),
                outcome.error());
    }

    /** What a reported utilization asks for, every pod taken as counted; null where more than one metric, or another kind, decides. */
    @Nullable Integer byUtilization(JsonNode hpa, int current, int percent) {
        JsonNode metrics = Kube.at(hpa, "spec", "metrics");
        Integer target =
                metrics.size() != 1
                        ? null
                        : Kube.whole(metrics.path(0), "resource", "target", "averageUtilization");
        if (target == null || target <= 0) {
            return null;
        }
        double ratio = (double) percent / target;
        Double up = tolerance(hpa, "scaleUp");
        Double down = tolerance(hpa, "scaleDown");
        boolean within =
                ratio <= 1 + (up == null ? place.tolerance() : up)
                        && ratio >= 1 - (down == null ? place.tolerance() : down);
        return within ? current : (int) Math.ceil(ratio * current - 1e-9);
    }

    private Settings settings() {
        Settings given = Settings.DEFAULT;
        return new Settings(
                place.tolerance(),
                micros(place.downscaleStabilizationSeconds()),
                micros(place.cpuInitializationSeconds()),
                micros(place.initialReadinessSeconds()),
                given.scaleUpFactor(),
                given.scaleUpMinimum(),
                given.scaleToZero(),
                given.configurableTolerance(),
                given.podLevelResources(),
                given.zeroModel());
    }

    private static long micros(double seconds) {
        return Math.round(seconds * Settings.SECOND);
    }

    private String selectorText() {
        return selector.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    }

    private static MetricSpec metric(JsonNode metric) {
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
    private static @Nullable Behavior behavior(JsonNode hpa) {
        Double up = tolerance(hpa, "scaleUp");
        Double down = tolerance(hpa, "scaleDown");
        return up == null && down == null
                ? null
                : new Behavior(
                        Behavior.filledUp(new Behavior.Rules(null, null, null, up)),
                        Behavior.filledDown(new Behavior.Rules(null, null, null, down)));
    }

    private static @Nullable Double tolerance(JsonNode hpa, String direction) {
        JsonNode given = Kube.at(hpa, "spec", "behavior", direction, "tolerance");
        return milli(given) == null ? null : Double.valueOf(Quantity.approximate(given.asString()));
    }

    static @Nullable Long milli(JsonNode quantity) {
        try {
            return quantity.isString() || quantity.isNumber()
                    ? Long.valueOf(Quantity.milli(quantity.asString()))
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Pod pod(JsonNode pod, boolean countAll) {
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

    /** The metrics APIs as they answered. */
    private record Recorded(Observation.Metrics told) implements Metrics {
        private static final String UNKNOWN = "not recorded";

        @Override
        public PodUsages resource() {
            List<PodUsage> usages = new ArrayList<>();
            for (JsonNode item : told.items()) {
                Long timestamp = Kube.time(item, "timestamp");
                Long window = Kube.microseconds(Kube.text(item, "window"));
                Map<String, Map<String, Long>> containers = new LinkedHashMap<>();
                for (JsonNode container : item.path("containers")) {
                    containers.put(
                            Kube.text(container, "name"), quantities(container.path("usage")));
                }
                usages.add(
                        new PodUsage(
                                Kube.text(item, "metadata", "name"),
                                orElse(timestamp, told.at()) * MICROS,
                                orElse(window, 0),
                                containers));
            }
            return new PodUsages(told.error(), usages);
        }

        @Override
        public Samples pods(String metric) {
            return new Samples(UNKNOWN, List.of());
        }

        @Override
        public Value object(String metric, String kind, String name) {
            return new Value(UNKNOWN, 0);
        }

        @Override
        public Series external(String metric) {
            return new Series(UNKNOWN, List.of());
        }
    }
}
