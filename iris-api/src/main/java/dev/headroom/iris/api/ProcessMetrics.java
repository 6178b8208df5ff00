package dev.headroom.iris.api;

import java.io.File;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is usually told of a process and its JVM, with the usual names. What the platform does not tell is left out. */
final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final File DESCRIPTORS = new File("/proc/self/fd");

    private ProcessMetrics() {}

    static void write(MetricsText page) {
        process(page);
        files(page);
        jvm(page);
    }

    private static void process(MetricsText page) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        Optional<Duration> cpu = info.totalCpuDuration();
        if (cpu.isPresent()) {
            page.counter("process_cpu_seconds", "User and system CPU time, seconds.");
            page.sample("_total", cpu.get().toNanos() / 1e9);
        }
        Optional<Instant> start = info.startInstant();
        if (start.isPresent()) {
            page.gauge("process_start_time_seconds", "Start, seconds since 1970.");
            page.sample(start.get().toEpochMilli() / 1e3);
        }
        kibibytes(page, "process_resident_memory_bytes", "Resident memory, bytes.", "VmRSS:");
        kibibytes(page, "process_virtual_memory_bytes", "Virtual memory, bytes.", "VmSize:");
    }

    private static void files(MetricsText page) {
        String[] open = DESCRIPTORS.list();
        if (open != null) {
            page.gauge("process_open_fds", "Open file descriptors.");
            page.sample(open.length);
        }
        String limit = line(LIMITS, "Max open files").replaceAll(" +([0-9]+).*", "$1");
        if (limit.matches("[0-9]+")) {
            page.gauge("process_max_fds", "File descriptors that may be open.");
            page.sample(Long.parseLong(limit));
        }
    }

    private static void jvm(MetricsText page) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        page.gauge("jvm_memory_used_bytes", "Memory in use, bytes, by area.");
        page.sample("", "area", "heap", heap.getUsed());
        page.sample("", "area", "nonheap", other.getUsed());
        page.gauge(
                "jvm_memory_committed_bytes", "Memory that the system has given, bytes, by area.");
        page.sample("", "area", "heap", heap.getCommitted());
        page.sample("", "area", "nonheap", other.getCommitted());
        page.gauge("jvm_memory_max_bytes", "Memory that may be used, bytes, by area.");
        page.sample("", "area", "heap", heap.getMax());
        page.gauge("jvm_threads_current", "Threads.");
        page.sample(ManagementFactory.getThreadMXBean().getThreadCount());
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        page.summary("jvm_gc_collection_seconds", "Time in collections, seconds, by collector.");
        for (GarbageCollectorMXBean one : collectors) {
            page.sample("_count", "gc", one.getName(), one.getCollectionCount());
            page.sample("_sum", "gc", one.getName(), one.getCollectionTime() / 1e3);
        }
        page.gauge("jvm_info", "The Java virtual machine.");
        page.sample(
                "",
                "version",
                Runtime.version().toString(),
                "vendor",
                System.getProperty("java.vendor", ""),
                1);
    }

    private static void kibibytes(MetricsText page, String name, String help, String field) {
        String digits = line(STATUS, field).replaceAll("[^0-9]", "");
        if (!digits.isEmpty()) {
            page.gauge(name, help);
            page.sample(Long.parseLong(digits) << 10);
        }
    }

    /** What stands behind a name at the beginning of a line, from Linux' process file system; empty elsewhere. */
    private static String line(Path file, String name) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(name)) {
                    return line.substring(name.length());
                }
            }
        } catch (IOException e) {
            // No such file on this platform, or no descriptor is left for it: nothing is known.
        }
        return "";
    }
}
