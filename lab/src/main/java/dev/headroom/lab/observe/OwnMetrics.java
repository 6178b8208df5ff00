package dev.headroom.lab.observe;

import dev.headroom.lab.observe.Observation.Traffic;
import org.jspecify.annotations.Nullable;

/** What a pod tells of itself under {@code /metrics}, where it uses the names that the Iris API does; anything else is unknown rather than guessed. */
final class OwnMetrics {
    static final String REQUESTS = "iris_http_requests_total";
    static final String CONNECTIONS = "iris_http_connections_accepted_total";
    static final String OPEN = "iris_http_connections_open";

    private OwnMetrics() {}

    /** Null where any of the names is missing. */
    static @Nullable Traffic read(String text) {
        double[] sums = new double[4];
        boolean[] found = new boolean[3];
        PrometheusText.read(
                text,
                name -> name.equals(REQUESTS) || name.equals(CONNECTIONS) || name.equals(OPEN),
                (name, labels, value, timestamp) -> {
                    switch (name) {
                        case REQUESTS -> {
                            String code = labels.getOrDefault("code", "");
                            sums[0] += value;
                            sums[1] += code.startsWith("4") || code.startsWith("5") ? value : 0;
                            found[0] = true;
                        }
                        case CONNECTIONS -> {
                            sums[2] += value;
                            found[1] = true;
                        }
                        default -> {
                            sums[3] += value;
                            found[2] = true;
                        }
                    }
                });
        return found[0] && found[1] && found[2]
                ? new Traffic((long) sums[0], (long) sums[1], (int) sums[3], (long) sums[2])
                : null;
    }
}
