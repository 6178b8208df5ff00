package dev.headroom.autoscaler;

import org.jspecify.annotations.Nullable;

/**
 * One of {@code status.currentMetrics}.
 *
 * @param spec what it is the status of; null for a metric that failed, whose entry has an empty type
 */
public record MetricStatus(
        @Nullable MetricSpec spec,
        @Nullable Integer averageUtilization,
        @Nullable Long averageValue,
        @Nullable Long value) {
    static final MetricStatus FAILED = new MetricStatus(null, null, null, null);

    public String type() {
        return spec == null ? "" : spec.type();
    }
}
