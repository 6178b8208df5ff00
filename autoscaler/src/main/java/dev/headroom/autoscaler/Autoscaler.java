package dev.headroom.autoscaler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A HorizontalPodAutoscaler: its spec and its status.
 *
 * @param minReplicas null for 1
 * @param behavior null where none is given: then other rules hold (section 6)
 */
public record Autoscaler(
        String namespace,
        String name,
        Target target,
        @Nullable Integer minReplicas,
        int maxReplicas,
        List<MetricSpec> metrics,
        @Nullable Behavior behavior,
        Status status) {

    /** What is scaled. */
    public record Target(String apiVersion, String kind, String name) {}

    /**
     * The status.
     *
     * @param lastScaleTime microseconds; null where it has never scaled
     */
    public record Status(
            int currentReplicas,
            int desiredReplicas,
            @Nullable Long lastScaleTime,
            List<Condition> conditions,
            List<MetricStatus> currentMetrics) {
        public static final Status NEW = new Status(0, 0, null, List.of(), List.of());
    }

    int min() {
        return minReplicas == null ? 1 : minReplicas;
    }

    boolean hasObjectOrExternal() {
        return metrics.stream()
                .anyMatch(m ->
                        m instanceof MetricSpec.ObjectMetric || m instanceof MetricSpec.External);
    }

    String reference() {
        return target.kind() + "/" + namespace + "/" + target.name();
    }
}
