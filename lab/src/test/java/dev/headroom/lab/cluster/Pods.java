package dev.headroom.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Pods that do not want to end: one burns more CPU than it may, one ignores SIGTERM and has a child that left its session. */
final class Pods {
    static final String MANIFEST =
            deployment("burns", "while :; do :; done")
                    + "---\n"
                    + deployment(
                            "resists",
                            "trap \"\" TERM; setsid sleep 3600 & while :; do sleep 3600; done");

    private Pods() {}

    private static String deployment(String name, String script) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s}
        spec:
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              containers:
                - name: app
                  image: ghcr.io/headroom-dev/iris-api:0.1.0
                  command: [sh, -c, '%2$s']
                  resources: {requests: {cpu: 50m, memory: 16Mi}, limits: {cpu: 50m, memory: 64Mi}}
        """
                .formatted(name, script);
    }

    static boolean allRun(ClusterProgram program) {
        return get(program, "{range .items[*]}{.status.phase}{\"\\n\"}{end}")
                .lines()
                .toList()
                .equals(List.of("Running", "Running"));
    }

    static boolean someEnds(ClusterProgram program) {
        return !get(program, "{.items[*].metadata.deletionTimestamp}").isBlank();
    }

    /** Which processes they are; a line each. */
    static String containers(ClusterProgram program) {
        return get(
                program,
                "{range .items[*]}{.status.containerStatuses[0].containerID}{\"\\n\"}{end}");
    }

    private static String get(ClusterProgram program, String path) {
        return kubectl(program, "get", "pods", "-o", "jsonpath=" + path);
    }

    static boolean someIsThrottled(ClusterProgram program) {
        return kubectl(program, "get", "--raw", "/api/v1/nodes/headroom/proxy/metrics/cadvisor")
                .lines()
                .anyMatch(line ->
                        line.startsWith("container_cpu_cfs_throttled_periods_total")
                                && !line.endsWith(" 0"));
    }

    private static String kubectl(ClusterProgram program, String... arguments) {
        try {
            return program.kubectl("", arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
