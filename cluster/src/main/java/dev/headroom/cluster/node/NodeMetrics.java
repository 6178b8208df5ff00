package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What the node tells of its containers and of the machine, as Prometheus text under the kubelet's own names; in node CPUs. */
final class NodeMetrics {
    private static final double TICKS = 100;

    private NodeMetrics() {}

    /** {@code metrics/resource}: what a metrics server reads, each figure with its time. */
    static String resource(Collection<Metered> pods, double cpuScale, Instant now) {
        StringBuilder text = new StringBuilder();
        text.append("# TYPE container_cpu_usage_seconds_total counter\n");
        text.append("# TYPE container_memory_working_set_bytes gauge\n");
        text.append("# TYPE container_start_time_seconds gauge\n");
        long millis = now.toEpochMilli();
        for (Metered pod : pods) {
            for (Metered.Reading reading : pod.readings()) {
                Limits.Usage usage = reading.usage();
                String labels = labels(pod, reading.container());
                line(
                        text,
                        "container_cpu_usage_seconds_total",
                        labels,
                        usage.cpuSeconds() / cpuScale,
                        millis);
                line(
                        text,
                        "container_memory_working_set_bytes",
                        labels,
                        usage.memoryBytes(),
                        millis);
                line(
                        text,
                        "container_start_time_seconds",
                        labels,
                        reading.startedAt().toEpochMilli() / 1e3,
                        millis);
            }
        }
        return text.toString();
    }

    /** {@code metrics/cadvisor}: the same and how limits and the machine held it back. */
    static String cadvisor(
            Collection<Metered> pods,
            double cpuScale,
            String mechanism,
            double nodeCpus,
            double hostCpus) {
        StringBuilder text = new StringBuilder();
        for (Metered pod : pods) {
            for (Metered.Reading reading : pod.readings()) {
                Limits.Usage usage = reading.usage();
                String labels = labels(pod, reading.container());
                line(
                        text,
                        "container_cpu_usage_seconds_total",
                        labels,
                        usage.cpuSeconds() / cpuScale,
                        0);
                line(text, "container_cpu_cfs_periods_total", labels, usage.periods(), 0);
                line(
                        text,
                        "container_cpu_cfs_throttled_periods_total",
                        labels,
                        usage.throttled(),
                        0);
                line(
                        text,
                        "container_cpu_cfs_throttled_seconds_total",
                        labels,
                        usage.throttledSeconds(),
                        0);
                line(
                        text,
                        "container_cpu_schedstat_runqueue_seconds_total",
                        labels,
                        usage.waitSeconds(),
                        0);
                line(text, "container_memory_working_set_bytes", labels, usage.memoryBytes(), 0);
            }
        }
        line(text, "machine_cpu_cores", "", nodeCpus, 0);
        host(text, hostCpus);
        line(text, "headroom_cpu_scale", "", cpuScale, 0);
        line(text, "headroom_cpu_limits", "{mechanism=\"" + mechanism + "\"}", 1, 0);
        return text.toString();
    }

    private static void host(StringBuilder text, double cpus) {
        line(text, "headroom_host_cpu_cores", "", cpus, 0);
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            // user nice system idle iowait irq softirq steal, in ticks
            String[] fields = lines.findFirst().orElse("").trim().split("\\s+");
            double busy = 0;
            for (int i : List.of(1, 2, 3, 6, 7)) {
                busy += Double.parseDouble(fields[i]);
            }
            line(text, "headroom_host_cpu_busy_seconds_total", "", busy / TICKS, 0);
            line(
                    text,
                    "headroom_host_cpu_steal_seconds_total",
                    "",
                    Double.parseDouble(fields[8]) / TICKS,
                    0);
        } catch (IOException | RuntimeException notLinux) {
            return;
        }
    }

    private static String labels(Metered pod, String container) {
        return "{container=\""
                + container
                + "\",namespace=\""
                + Trees.namespace(pod.pod())
                + "\",pod=\""
                + Trees.name(pod.pod())
                + "\"}";
    }

    private static void line(
            StringBuilder text, String name, String labels, double value, long millis) {
        text.append(name).append(labels).append(' ');
        text.append(
                value == Math.rint(value) && Math.abs(value) < 1e15
                        ? Long.toString((long) value)
                        : String.format(Locale.ROOT, "%.9f", value));
        if (millis > 0) {
            text.append(' ').append(millis);
        }
        text.append('\n');
    }
}
