package dev.headroom.lab.observe;

import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.observe.Observation.Traffic;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the embedded cluster's balancer counts for one service.
 *
 * @param pods by name; without those whose streams were no HTTP
 * @param open connections to all pods
 * @param unanswered requests that never got their answer
 * @param latency from a request's first byte to its answer's first byte
 */
record BalancerMetrics(Map<String, Traffic> pods, int open, long unanswered, Histogram latency) {
    private static final String PREFIX = "headroom_balancer_";

    static BalancerMetrics read(String text, String namespace, String service) {
        Map<String, long[]> pods = new HashMap<>();
        TreeMap<Double, Long> buckets = new TreeMap<>();
        double[] totals = new double[3];
        PrometheusText.read(
                text,
                name -> name.startsWith(PREFIX),
                (name, labels, value, timestamp) -> {
                    if (!namespace.equals(labels.get("namespace"))
                            || !service.equals(labels.get("service"))) {
                        return;
                    }
                    long[] pod =
                            pods.computeIfAbsent(labels.getOrDefault("pod", ""), p -> new long[5]);
                    switch (name.substring(PREFIX.length())) {
                        case "connections_open" -> pod[2] += (long) value;
                        case "connections_total" -> pod[3] += (long) value;
                        case "answers_total" -> {
                            String code = labels.getOrDefault("code", "");
                            pod[0] += (long) value;
                            pod[1] +=
                                    code.startsWith("4") || code.startsWith("5") ? (long) value : 0;
                            pod[4] = 1;
                        }
                        case "unanswered_total" -> totals[0] += value;
                        case "latency_seconds_bucket" ->
                                buckets.merge(
                                        Double.valueOf(bound(labels.getOrDefault("le", "+Inf"))),
                                        (long) value,
                                        Long::sum);
                        case "latency_seconds_sum" -> totals[1] += value;
                        case "latency_seconds_count" -> totals[2] += value;
                        default -> {
                            // Of no use here.
                        }
                    }
                });
        Map<String, Traffic> traffic = new HashMap<>();
        int open = 0;
        for (Map.Entry<String, long[]> pod : pods.entrySet()) {
            long[] counts = pod.getValue();
            open += (int) counts[2];
            if (!pod.getKey().isEmpty() && counts[4] == 1) {
                traffic.put(
                        pod.getKey(),
                        new Traffic(counts[0], counts[1], (int) counts[2], counts[3]));
            }
        }
        return new BalancerMetrics(
                traffic,
                open,
                (long) totals[0],
                new Histogram(buckets, totals[1], (long) totals[2]));
    }

    /**
     * The service's part of a sample, with the latencies of what was answered in between.
     *
     * @param before the figures of the sample before it; null where there is none
     */
    ServiceSample since(@Nullable BalancerMetrics before) {
        Histogram window = before == null ? latency : latency.since(before.latency());
        return new ServiceSample(
                open,
                unanswered,
                window.count(),
                window.meanMillis(),
                window.quantileMillis(0.5),
                window.quantileMillis(0.9),
                window.quantileMillis(0.99),
                window.maxMillis());
    }

    private static double bound(String le) {
        return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
    }
}
