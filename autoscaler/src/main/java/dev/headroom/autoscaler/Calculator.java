package dev.headroom.autoscaler;

import dev.headroom.autoscaler.PodGroups.Sampled;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Replica proposals from metrics (section 4). Ratios are doubles computed with exactly upstream's operations, truncations come before the
 * tolerance test, and 56/50 of 25 is 29.
 */
final class Calculator {
    private final Settings settings;
    private final double toleranceDown;
    private final double toleranceUp;
    private final long now;

    Calculator(Settings settings, double toleranceDown, double toleranceUp, long now) {
        this.settings = settings;
        this.toleranceDown = toleranceDown;
        this.toleranceUp = toleranceUp;
        this.now = now;
    }

    /**
     * A proposal and what it was seen by.
     *
     * @param utilization percent; 0 where the target is none
     * @param usage average, or total for whole values; milli-units
     */
    record Proposal(int replicas, int utilization, long usage) {}

    private boolean isWithin(double ratio) {
        return 1.0 - toleranceDown <= ratio && ratio <= 1.0 + toleranceUp;
    }

    /** As Go converts a double to an int32 on amd64: what does not fit becomes the smallest there is. */
    static int int32(double value) {
        double whole = value < 0 ? Math.ceil(value) : Math.floor(value);
        return whole >= Integer.MIN_VALUE && whole <= Integer.MAX_VALUE
                ? (int) whole
                : Integer.MIN_VALUE;
    }

    private static int capped(double value) {
        return value > Integer.MAX_VALUE ? Integer.MAX_VALUE : int32(value);
    }

    static Map<String, Sampled> usages(Metrics.PodUsages usages, String resource, String container)
            throws MetricException {
        String prefix = "unable to get metrics for resource " + resource + ": ";
        if (usages.error() != null) {
            throw new MetricException(
                    prefix
                            + "unable to fetch metrics from resource metrics API: "
                            + usages.error());
        }
        if (usages.items().isEmpty()) {
            throw new MetricException(prefix + "no metrics returned from resource metrics API");
        }
        Map<String, Sampled> found = new LinkedHashMap<>();
        for (Metrics.PodUsage pod : usages.items()) {
            Long sum =
                    container.isEmpty()
                            ? sum(pod, resource)
                            : ofContainer(pod, resource, container);
            if (sum != null) {
                found.put(pod.pod(), new Sampled(sum, pod.timestamp(), pod.windowMicros()));
            }
        }
        return found;
    }

    private static @org.jspecify.annotations.Nullable Long sum(
            Metrics.PodUsage pod, String resource) {
        long sum = 0;
        for (Map<String, Long> usage : pod.containers().values()) {
            Long value = usage.get(resource);
            if (value == null) {
                return null;
            }
            sum += value;
        }
        return pod.containers().isEmpty() ? null : Long.valueOf(sum);
    }

    private static @org.jspecify.annotations.Nullable Long ofContainer(
            Metrics.PodUsage pod, String resource, String container) {
        Map<String, Long> usage = pod.containers().get(container);
        return usage == null ? null : usage.get(resource);
    }

    /** A ratio of use to request, and the figures it came from. */
    record UtilizationRatio(double ratio, int utilization, long average) {}

    static UtilizationRatio utilizationRatio(
            Map<String, Long> samples, Map<String, Long> requests, int target)
            throws MetricException {
        long used = 0;
        long requested = 0;
        int counted = 0;
        for (var sample : samples.entrySet()) {
            Long request = requests.get(sample.getKey());
            if (request != null) {
                used += sample.getValue();
                requested += request;
                counted++;
            }
        }
        if (requested == 0) {
            throw new MetricException("no metrics returned matched known pods");
        }
        int utilization = (int) (used * 100 / requested);
        return new UtilizationRatio(
                (double) utilization / (double) target, utilization, used / counted);
    }

    /** A ratio of the average to the target, and the average. */
    record UsageRatio(double ratio, long average) {}

    static UsageRatio usageRatio(Map<String, Long> samples, long target) {
        long sum = samples.values().stream().mapToLong(Long::longValue).sum();
        long average = sum / samples.size();
        return new UsageRatio((double) average / (double) target, average);
    }

    Proposal utilization(
            int current,
            int target,
            String resource,
            String container,
            List<Pod> pods,
            Metrics.PodUsages usages)
            throws MetricException {
        Map<String, Sampled> sampled = usages(usages, resource, container);
        if (pods.isEmpty()) {
            throw new MetricException(
                    "no pods returned by selector while calculating replica count");
        }
        PodGroups groups = PodGroups.of(pods, sampled, resource, settings, now);
        if (groups.samples().isEmpty()) {
            throw new MetricException(
                    "did not receive metrics for targeted pods (pods might be unready)");
        }
        Map<String, Long> requests =
                PodRequests.of(pods, container, resource, settings.podLevelResources());
        UtilizationRatio first = utilizationRatio(groups.samples(), requests, target);
        boolean rebalance = !groups.unready().isEmpty() && first.ratio() > 1.0;
        if (!rebalance && groups.missing().isEmpty()) {
            int replicas =
                    isWithin(first.ratio())
                            ? current
                            : int32(Math.ceil(first.ratio() * groups.ready()));
            return new Proposal(replicas, first.utilization(), first.average());
        }
        Map<String, Long> filled = new LinkedHashMap<>(groups.samples());
        for (String pod : sorted(groups.missing())) {
            if (first.ratio() < 1.0) {
                filled.put(
                        pod,
                        java.util.Objects.requireNonNull(requests.get(pod))
                                * Math.max(100, target)
                                / 100);
            } else if (first.ratio() > 1.0) {
                filled.put(pod, 0L);
            }
        }
        if (rebalance) {
            groups.unready().forEach(pod -> filled.put(pod, 0L));
        }
        UtilizationRatio second = utilizationRatio(filled, requests, target);
        int replicas = secondThought(current, first.ratio(), second.ratio(), filled.size());
        return new Proposal(replicas, first.utilization(), first.average());
    }

    private static Set<String> sorted(Set<String> names) {
        return new TreeSet<>(names);
    }

    /** Sections 4.5 c and d. */
    private int secondThought(int current, double first, double second, int samples) {
        if (isWithin(second) || (first < 1.0 && second > 1.0) || (first > 1.0 && second < 1.0)) {
            return current;
        }
        int replicas = int32(Math.ceil(second * samples));
        if ((second < 1.0 && replicas > current) || (second > 1.0 && replicas < current)) {
            return current;
        }
        return replicas;
    }

    Proposal resourceAverage(
            int current,
            long target,
            String resource,
            String container,
            List<Pod> pods,
            Metrics.PodUsages usages)
            throws MetricException {
        return average(current, target, usages(usages, resource, container), resource, pods);
    }

    Proposal podsAverage(
            int current, long target, String metric, List<Pod> pods, Metrics.Samples samples)
            throws MetricException {
        String prefix = "unable to get metric " + metric + ": ";
        if (samples.error() != null) {
            throw new MetricException(
                    prefix + "unable to fetch metrics from custom metrics API: " + samples.error());
        }
        if (samples.items().isEmpty()) {
            throw new MetricException(prefix + "no metrics returned from custom metrics API");
        }
        Map<String, Sampled> sampled = new LinkedHashMap<>();
        samples.items()
                .forEach(item ->
                        sampled.put(
                                item.pod(),
                                new Sampled(item.value(), item.timestamp(), item.windowMicros())));
        return average(current, target, sampled, "", pods);
    }

    private Proposal average(
            int current, long target, Map<String, Sampled> sampled, String resource, List<Pod> pods)
            throws MetricException {
        if (pods.isEmpty()) {
            throw new MetricException(
                    "no pods returned by selector while calculating replica count");
        }
        PodGroups groups = PodGroups.of(pods, sampled, resource, settings, now);
        if (groups.samples().isEmpty()) {
            throw new MetricException(
                    "did not receive metrics for targeted pods (pods might be unready)");
        }
        UsageRatio first = usageRatio(groups.samples(), target);
        boolean rebalance = !groups.unready().isEmpty() && first.ratio() > 1.0;
        if (!rebalance && groups.missing().isEmpty()) {
            int replicas =
                    isWithin(first.ratio())
                            ? current
                            : int32(Math.ceil(first.ratio() * groups.ready()));
            return new Proposal(replicas, 0, first.average());
        }
        Map<String, Long> filled = new LinkedHashMap<>(groups.samples());
        for (String pod : groups.missing()) {
            if (first.ratio() < 1.0) {
                filled.put(pod, target);
            } else if (first.ratio() > 1.0) {
                filled.put(pod, 0L);
            }
        }
        if (rebalance) {
            groups.unready().forEach(pod -> filled.put(pod, 0L));
        }
        UsageRatio second = usageRatio(filled, target);
        return new Proposal(
                secondThought(current, first.ratio(), second.ratio(), filled.size()),
                0,
                first.average());
    }

    /** Object and External with a whole value (section 4.8). */
    Proposal whole(int current, long target, long value, List<Pod> pods) throws MetricException {
        double ratio = (double) value / (double) target;
        if (current == 0) {
            return new Proposal(int32(Math.ceil(ratio)), 0, value);
        }
        if (isWithin(ratio)) {
            return new Proposal(current, 0, value);
        }
        if (pods.isEmpty()) {
            throw new MetricException(
                    "unable to calculate ready pods: no pods returned by selector while calculating replica count");
        }
        long ready =
                pods.stream()
                        .filter(pod -> pod.phase().equals("Running") && "True".equals(pod.ready()))
                        .count();
        return new Proposal(capped(Math.ceil(ratio * ready)), 0, value);
    }

    /** Object and External with an average (section 4.9); the base is the number of replicas that the target reports. */
    Proposal perReplica(int statusReplicas, long target, long value, boolean cap) {
        double ratio = (double) value / ((double) target * (double) statusReplicas);
        int replicas = statusReplicas;
        if (!isWithin(ratio)) {
            double wanted = Math.ceil((double) value / (double) target);
            replicas = cap ? capped(wanted) : int32(wanted);
        }
        return new Proposal(replicas, 0, perPod(value, statusReplicas));
    }

    /** What is reported as average; the value itself where it is at its bound. */
    static long perPod(long value, int statusReplicas) {
        if (statusReplicas == 0) {
            return 0;
        }
        if (value == Long.MAX_VALUE) {
            return value;
        }
        return (long) Math.ceil((double) value / (double) statusReplicas);
    }

    /**
     * All series together, held at the bound rather than wrapped around.
     *
     * @param perPod for a target per pod; there upstream takes any sum below zero for one that wrapped around
     */
    static long external(Metrics.Series series, boolean perPod) throws MetricException {
        if (series.error() != null) {
            throw new MetricException(series.error());
        }
        if (series.values().isEmpty()) {
            throw new MetricException("no metrics returned from external metrics API");
        }
        long sum = 0;
        for (long value : series.values()) {
            boolean over = value > 0 && sum > Long.MAX_VALUE - value;
            if (over || (perPod && sum + value < 0)) {
                return Long.MAX_VALUE;
            }
            sum += value;
        }
        return sum;
    }
}
