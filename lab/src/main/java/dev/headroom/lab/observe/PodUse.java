package dev.headroom.lab.observe;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a node's kubelet counts of a pod, summed over its containers; null where it does not count it. */
final class PodUse {
    private static final Set<String> WANTED =
            Set.of(
                    "container_cpu_usage_seconds_total",
                    "container_cpu_cfs_periods_total",
                    "container_cpu_cfs_throttled_periods_total",
                    "container_cpu_cfs_throttled_seconds_total",
                    "container_cpu_schedstat_runqueue_seconds_total",
                    "container_memory_working_set_bytes");

    @Nullable Double cpuSeconds;
    @Nullable Double memoryBytes;
    @Nullable Double periods;
    @Nullable Double throttledPeriods;
    @Nullable Double throttledSeconds;
    @Nullable Double runQueueSeconds;

    /** When the kubelet took the CPU figure; null where it says it is of now. */
    @Nullable Long timestamp;

    private PodUse() {}

    /** From the text of {@code /metrics/cadvisor} or {@code /metrics/resource}: pods of one namespace by name. Empty where the text is no such metrics. */
    static Map<String, PodUse> read(String text, String namespace) {
        Map<String, PodUse> containers = new HashMap<>();
        Map<String, PodUse> groups = new HashMap<>();
        PrometheusText.read(
                text,
                WANTED::contains,
                (name, labels, value, timestamp) -> {
                    String container = labels.getOrDefault("container", "");
                    String pod = labels.getOrDefault("pod", "");
                    if (pod.isEmpty()
                            || container.equals("POD")
                            || !namespace.equals(labels.get("namespace"))) {
                        return;
                    }
                    // Without a container it is the pod's own group, which counts its containers.
                    (container.isEmpty() ? groups : containers)
                            .computeIfAbsent(pod, p -> new PodUse())
                            .add(name, value, timestamp);
                });
        groups.forEach((pod, group) -> containers.merge(pod, group, PodUse::orElse));
        return containers;
    }

    /** Each figure of this one, and the other's where this has none. */
    PodUse orElse(PodUse other) {
        PodUse both = new PodUse();
        both.cpuSeconds = cpuSeconds != null ? cpuSeconds : other.cpuSeconds;
        both.timestamp = cpuSeconds != null ? timestamp : other.timestamp;
        both.memoryBytes = memoryBytes != null ? memoryBytes : other.memoryBytes;
        both.periods = periods != null ? periods : other.periods;
        both.throttledPeriods =
                throttledPeriods != null ? throttledPeriods : other.throttledPeriods;
        both.throttledSeconds =
                throttledSeconds != null ? throttledSeconds : other.throttledSeconds;
        both.runQueueSeconds = runQueueSeconds != null ? runQueueSeconds : other.runQueueSeconds;
        return both;
    }

    private void add(String name, double value, @Nullable Long at) {
        switch (name) {
            case "container_cpu_usage_seconds_total" -> {
                cpuSeconds = plus(cpuSeconds, value);
                timestamp = at;
            }
            case "container_cpu_cfs_periods_total" -> periods = plus(periods, value);
            case "container_cpu_cfs_throttled_periods_total" ->
                    throttledPeriods = plus(throttledPeriods, value);
            case "container_cpu_cfs_throttled_seconds_total" ->
                    throttledSeconds = plus(throttledSeconds, value);
            case "container_cpu_schedstat_runqueue_seconds_total" ->
                    runQueueSeconds = plus(runQueueSeconds, value);
            default -> memoryBytes = plus(memoryBytes, value);
        }
    }

    private static Double plus(@Nullable Double sum, double value) {
        return sum == null ? value : sum + value;
    }

    static @Nullable Long whole(@Nullable Double value) {
        return value == null ? null : Math.round(value);
    }
}
