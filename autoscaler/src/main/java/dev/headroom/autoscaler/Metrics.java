package dev.headroom.autoscaler;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the three metrics APIs answer. An error is the API's own text; custom and external metrics answer, unless they are given, as in a cluster that has no adapter for them.
 */
public interface Metrics {
    /** Of the client for custom metrics where no adapter is installed. */
    String NO_CUSTOM = "no custom metrics API (custom.metrics.k8s.io) registered";

    /** metrics.k8s.io, for the pods of the target. */
    PodUsages resource();

    /** custom.metrics.k8s.io, a metric of each pod. */
    default Samples pods(String metric) {
        return new Samples(NO_CUSTOM, List.of());
    }

    /** custom.metrics.k8s.io, a metric of one object. */
    default Value object(String metric, String kind, String name) {
        return new Value(NO_CUSTOM, 0);
    }

    /** external.metrics.k8s.io: all series that the selector matches. */
    default Series external(String metric) {
        return new Series(
                "the server could not find the requested resource (get "
                        + metric
                        + ".external.metrics.k8s.io)",
                List.of());
    }

    /** Usages of pods, by container. */
    record PodUsages(@Nullable String error, List<PodUsage> items) {}

    /**
     * One pod's usages.
     *
     * @param containers by container, by resource, in milli-units
     */
    record PodUsage(
            String pod,
            long timestamp,
            long windowMicros,
            Map<String, Map<String, Long>> containers) {}

    /** A metric by pod. */
    record Samples(@Nullable String error, List<Sample> items) {}

    /** A value of one pod; in milli-units. */
    record Sample(String pod, long value, long timestamp, long windowMicros) {}

    /** One value; in milli-units. */
    record Value(@Nullable String error, long value) {}

    /** Values in milli-units. */
    record Series(@Nullable String error, List<Long> values) {}
}
