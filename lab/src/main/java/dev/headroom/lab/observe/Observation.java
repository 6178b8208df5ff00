package dev.headroom.lab.observe;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.headroom.lab.run.Plausible;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One line of {@code 4-observations.jsonl}: something that was seen, and when.
 *
 * <p>{@code at} is in milliseconds since the epoch on the lab's one clock. CPU is in node CPU (on the embedded cluster a node CPU may stand for a
 * fraction of a host CPU: see {@link Setting} {@code cpuScale}). Counters are cumulative: rates are differences between samples.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Observation.Setting.class, name = "setting"),
    @JsonSubTypes.Type(value = Observation.Sample.class, name = "sample"),
    @JsonSubTypes.Type(value = Observation.Change.class, name = "change"),
    @JsonSubTypes.Type(value = Observation.Metrics.class, name = "metrics"),
    @JsonSubTypes.Type(value = Observation.ServiceLatency.class, name = "latency"),
    @JsonSubTypes.Type(value = Observation.Mark.class, name = "mark"),
    @JsonSubTypes.Type(value = Observation.Gap.class, name = "gap")
})
public sealed interface Observation {
    long at();

    /**
     * A fact about the place that does not change during the run, such as {@code syncPeriodSeconds}, {@code metricsWindowSeconds},
     * {@code tolerance}, {@code downscaleStabilizationSeconds}, {@code cpuInitializationPeriodSeconds}, {@code initialReadinessDelaySeconds},
     * {@code cpuScale}, {@code cpuLimits}, {@code hostCpus}, {@code cluster} ({@code embedded} or {@code context}).
     *
     * @param source where it was read, or {@code Kubernetes' default} where it was assumed
     */
    record Setting(long at, String name, String value, String source) implements Observation {}

    /** What is read once a second. */
    record Sample(
            long at,
            Replicas replicas,
            List<PodSample> pods,
            @Nullable HostSample host,
            @Nullable ServiceSample service)
            implements Observation, Plausible {
        public Sample {
            pods = List.copyOf(pods);
        }

        /** A pod of this name; null where it was not there. */
        public @Nullable PodSample pod(String name) {
            for (PodSample pod : pods) {
                if (pod.pod().equals(name)) {
                    return pod;
                }
            }
            return null;
        }

        @Override
        public @Nullable Impossible impossible() {
            Set<String> names = new HashSet<>();
            for (PodSample pod : pods) {
                if (!names.add(pod.pod())) {
                    return new Impossible("pods", "found pod " + pod.pod() + " twice");
                }
            }
            return null;
        }
    }

    /**
     * The target's replicas.
     *
     * @param desired {@code spec.replicas} of the target
     * @param current {@code status.replicas}
     * @param ready {@code status.readyReplicas}
     */
    record Replicas(int desired, int current, int ready) {}

    /**
     * One pod at one moment; what could not be read is null, never zero.
     *
     * @param cpuSeconds CPU used since its start, node CPU seconds
     * @param limitCores the sum of its containers' CPU limits, in node CPUs; null where any has none
     * @param periods scheduling periods (CFS) since its start
     * @param throttledPeriods those in which it was throttled
     * @param runQueueSeconds time its threads were runnable and waited for a CPU, throttling not counted
     * @param own what the pod itself tells ({@code GET /metrics}), where it does
     * @param balancer what the service's balancer counted for it, where that can be had
     */
    record PodSample(
            String pod,
            boolean ready,
            @Nullable Double cpuSeconds,
            @Nullable Double limitCores,
            @Nullable Long memoryBytes,
            @Nullable Long periods,
            @Nullable Long throttledPeriods,
            @Nullable Double throttledSeconds,
            @Nullable Double runQueueSeconds,
            @Nullable Traffic own,
            @Nullable Traffic balancer) {}

    /**
     * Requests and connections of a pod, cumulative but for {@code open}.
     *
     * @param answers complete answers, of any status
     * @param failed those with status 400 or above
     * @param open connections open now
     * @param connections connections ever opened
     */
    record Traffic(long answers, long failed, int open, long connections) {}

    /**
     * The machine under it all: the host of the embedded cluster, and of the load generator.
     *
     * @param cpus CPUs this run may use
     * @param busySeconds CPU seconds spent by everything on it, cumulative
     * @param stealSeconds CPU seconds taken by the hypervisor, cumulative
     * @param labSeconds CPU seconds of this program itself (on the embedded cluster: API server, controllers, balancer, observer), cumulative
     * @param clockSeconds time that passed by the CPUs' own account, in which they were busy, idle or taken away: mean over the CPUs, cumulative. Over it, none is ever more than
     *     one CPU busy, which the clock on the wall can't promise. Null where they keep none, and in runs of earlier versions
     */
    record HostSample(
            double cpus,
            double busySeconds,
            double stealSeconds,
            double labSeconds,
            @Nullable Double clockSeconds) {}

    /**
     * What the balancer measured for the service in the second that ends here: from a request's first byte to its answer's first byte.
     *
     * @param open connections open now
     * @param unanswered requests that never got their answer, cumulative
     * @param count answers in this second; latencies are in milliseconds, null without answers
     */
    record ServiceSample(
            int open,
            long unanswered,
            long count,
            @Nullable Double mean,
            @Nullable Double p50,
            @Nullable Double p90,
            @Nullable Double p99,
            @Nullable Double max) {}

    /**
     * A watched object changed; the first time it is seen, its change is {@code ADDED}.
     *
     * @param change ADDED, MODIFIED or DELETED
     * @param objectKind Deployment, ReplicaSet, Pod, HorizontalPodAutoscaler, Service, Event or Node
     * @param object the whole object after the change
     */
    record Change(long at, String change, String objectKind, String name, JsonNode object)
            implements Observation {}

    /**
     * What the metrics API returned for the target's pods, whenever it differs from before.
     *
     * @param items the PodMetrics objects
     * @param error the API's words where it refused; then items is empty
     */
    record Metrics(long at, List<JsonNode> items, @Nullable String error) implements Observation {
        public Metrics {
            items = List.copyOf(items);
        }
    }

    /**
     * Latencies of the service over the whole load, as the balancer measured them.
     *
     * @param bounds upper bounds of the buckets, in milliseconds, ascending
     * @param counts answers by bucket, not cumulative; one more than bounds, the last without upper bound
     */
    record ServiceLatency(
            long at,
            long from,
            long to,
            long count,
            double mean,
            Map<String, Double> percentiles,
            double[] bounds,
            long[] counts)
            implements Observation, Plausible {
        public ServiceLatency {
            percentiles = Map.copyOf(percentiles);
        }

        @Override
        public @Nullable Impossible impossible() {
            for (String key : percentiles.keySet()) {
                Impossible misnamed = Impossible.percentile("percentiles", key);
                if (misnamed != null) {
                    return misnamed;
                }
            }
            return counts.length == bounds.length + 1
                    ? null
                    : new Impossible(
                            "counts",
                            "found "
                                    + counts.length
                                    + "; it takes one more than bounds, which are "
                                    + bounds.length);
        }
    }

    /**
     * A moment of the run itself: {@code observing}, {@code baseline-wait}, {@code baseline}, {@code load-start}, {@code load-end}, {@code end}.
     */
    record Mark(long at, String what, String detail) implements Observation {}

    /** Something that could not be observed, said once when it begins: the rules that need it must not fire. */
    record Gap(long at, String source, String problem) implements Observation {
        /** The source of a gap in which nothing at all is sampled, from the sample before it to the one after it. */
        public static final String OUTAGE = "Kubernetes API";
    }
}
