package dev.headroom.lab.verdict;

import dev.headroom.autoscaler.Autoscaler;
import dev.headroom.autoscaler.History;
import dev.headroom.autoscaler.MetricSpec;
import dev.headroom.autoscaler.MetricStatus;
import dev.headroom.autoscaler.Pass;
import dev.headroom.autoscaler.Settings;
import dev.headroom.lab.observe.Observation;
import java.util.ArrayList;
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
        Kube.at(hpa, "spec", "metrics").forEach(m -> metrics.add(AutoscalerTypes.metric(m)));
        Autoscaler autoscaler =
                new Autoscaler(
                        "",
                        "",
                        new Autoscaler.Target("apps/v1", "Deployment", ""),
                        1,
                        Integer.MAX_VALUE / 4,
                        metrics,
                        AutoscalerTypes.behavior(hpa),
                        Autoscaler.Status.NEW);
        Pass.Outcome outcome =
                Pass.run(
                        new Pass.Input(
                                autoscaler,
                                new Pass.Scale(current, current, selectorText(), null, r -> null),
                                List.of(),
                                pods.stream().map(p -> AutoscalerTypes.pod(p, countAll)).toList(),
                                () -> AutoscalerTypes.usages(told),
                                History.NEVER_SEEN,
                                settings(),
                                place.there(at) * AutoscalerTypes.MICROS));
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
        Double up = AutoscalerTypes.tolerance(hpa, "scaleUp");
        Double down = AutoscalerTypes.tolerance(hpa, "scaleDown");
        boolean within =
                ratio <= 1 + (up == null ? place.tolerance() : up)
                        && ratio >= 1 - (down == null ? place.tolerance() : down);
        return within ? current : (int) Math.ceil(ratio * current - 1e-9);
    }

    /** A moment of the cluster's clock on the observer's. */
    long here(long there) {
        return place.here(there);
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
}
