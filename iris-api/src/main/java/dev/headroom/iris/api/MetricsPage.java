package dev.headroom.iris.api;

import dev.headroom.iris.api.http.CloseReason;
import dev.headroom.iris.api.http.Response;
import dev.headroom.iris.api.http.ServerStatus;
import dev.headroom.iris.api.http.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The server's counts in Prometheus' text format, version 0.0.4. */
final class MetricsPage {
    private static final Path MEMORY = Path.of("/proc/self/status");

    private final ServerStatus status;

    MetricsPage(ServerStatus status) {
        this.status = status;
    }

    Response render() {
        StringBuilder page = new StringBuilder(2048);
        requests(page);
        connections(page);
        process(page);
        return Response.of(
                Status.OK, "text/plain; version=0.0.4; charset=utf-8", page.toString(), List.of());
    }

    private void requests(StringBuilder page) {
        head(page, "iris_http_requests_total", "counter", "Requests answered, by status code.");
        for (Status code : Status.values()) {
            long count = status.requests(code);
            if (count > 0 || code == Status.OK) {
                page.append("iris_http_requests_total{code=\"").append(code.code()).append("\"} ");
                page.append(count).append('\n');
            }
        }
    }

    private void connections(StringBuilder page) {
        head(page, "iris_http_connections_open", "gauge", "Connections open now.");
        page.append("iris_http_connections_open ").append(status.open()).append('\n');
        head(page, "iris_http_connections_accepted_total", "counter", "Connections accepted.");
        page.append("iris_http_connections_accepted_total ").append(status.accepted()).append('\n');
        head(
                page,
                "iris_http_connections_closed_total",
                "counter",
                "Connections ended, by reason.");
        for (CloseReason reason : CloseReason.values()) {
            page.append("iris_http_connections_closed_total{reason=\"").append(reason.label());
            page.append("\"} ").append(status.closed(reason)).append('\n');
        }
    }

    /** What the platform does not tell is left out. */
    private static void process(StringBuilder page) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        Optional<Duration> cpu = info.totalCpuDuration();
        if (cpu.isPresent()) {
            head(
                    page,
                    "process_cpu_seconds_total",
                    "counter",
                    "User and system CPU time, seconds.");
            page.append("process_cpu_seconds_total ")
                    .append(cpu.get().toNanos() / 1e9)
                    .append('\n');
        }
        Optional<Instant> start = info.startInstant();
        if (start.isPresent()) {
            head(page, "process_start_time_seconds", "gauge", "Start, seconds since 1970.");
            page.append("process_start_time_seconds ");
            page.append(start.get().toEpochMilli() / 1e3).append('\n');
        }
        long resident = residentBytes();
        if (resident >= 0) {
            head(page, "process_resident_memory_bytes", "gauge", "Resident memory, bytes.");
            page.append("process_resident_memory_bytes ").append(resident).append('\n');
        }
        Runtime runtime = Runtime.getRuntime();
        head(page, "jvm_memory_used_bytes", "gauge", "Heap in use, bytes.");
        page.append("jvm_memory_used_bytes{area=\"heap\"} ");
        page.append(runtime.totalMemory() - runtime.freeMemory()).append('\n');
    }

    /** From Linux' process file system; -1 elsewhere. */
    private static long residentBytes() {
        try {
            for (String line : Files.readAllLines(MEMORY)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
        } catch (IOException e) {
            // No such file on this platform: nothing is known.
        }
        return -1;
    }

    private static void head(StringBuilder page, String name, String type, String help) {
        page.append("# HELP ").append(name).append(' ').append(help).append("\n# TYPE ");
        page.append(name).append(' ').append(type).append('\n');
    }
}
