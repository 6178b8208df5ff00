package dev.headroom.lab.observe;

import dev.headroom.lab.observe.Observation.Metrics;
import dev.headroom.lab.observe.Observation.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The newest that was observed, for those who look on while it happens.
 *
 * @param before the sample a second earlier; null at first
 * @param stillSince since when the workload's desired, current and ready replicas have been what they are, milliseconds
 * @param pods the workload's pods
 * @param autoscaler null where there is none
 * @param metrics what the metrics API last told; null before it told anything
 */
public record Snapshot(
        Sample sample,
        @Nullable Sample before,
        long stillSince,
        List<JsonNode> pods,
        @Nullable JsonNode autoscaler,
        @Nullable Metrics metrics) {
    public Snapshot {
        pods = List.copyOf(pods);
    }

    /** What the autoscaler last saw of its CPU target, in per cent; null where unknown. */
    public @Nullable Integer utilizationPercent() {
        return autoscaler == null
                ? null
                : percent(autoscaler.path("status").path("currentMetrics"), "current");
    }

    /** Its CPU target, in per cent; null where it has none. */
    public @Nullable Integer targetPercent() {
        return autoscaler == null
                ? null
                : percent(autoscaler.path("spec").path("metrics"), "target");
    }

    private static @Nullable Integer percent(JsonNode metrics, String which) {
        for (JsonNode metric : metrics) {
            for (String source : List.of("resource", "containerResource")) {
                JsonNode resource = metric.path(source);
                JsonNode percent = resource.path(which).path("averageUtilization");
                if (resource.path("name").asString("").equals("cpu") && percent.isNumber()) {
                    return percent.asInt();
                }
            }
        }
        return null;
    }
}
