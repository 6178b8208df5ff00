package dev.headroom.lab.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.run.Json;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BaselineTest {
    private static final Baseline BASELINE =
            new Baseline(Duration.ofSeconds(15), Duration.ofSeconds(15), Duration.ofMinutes(6));
    private static final long NOW = 1_000_000;

    private static JsonNode autoscaler(boolean active, @Nullable Integer use) {
        String current =
                use == null
                        ? "[]"
                        : "[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"current\":{\"averageUtilization\":"
                                + use
                                + "}}}]";
        return Json.mapper()
                .readTree(
                        "{\"spec\":{\"minReplicas\":1,\"maxReplicas\":3,\"metrics\":[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"averageUtilization\":50}}}]},\"status\":{\"currentMetrics\":"
                                + current
                                + ",\"conditions\":[{\"type\":\"ScalingActive\",\"status\":\""
                                + (active ? "True" : "False")
                                + "\"}]}}");
    }

    private static Snapshot snapshot(
            int desired,
            int ready,
            long stillSeconds,
            @Nullable JsonNode autoscaler,
            int measured) {
        JsonNode thing = Json.mapper().createObjectNode();
        return new Snapshot(
                new Observation.Sample(
                        NOW,
                        new Observation.Replicas(desired, desired, ready),
                        List.of(),
                        null,
                        null),
                null,
                NOW - stillSeconds * 1000,
                Collections.nCopies(desired, thing),
                autoscaler,
                new Observation.Metrics(NOW, Collections.nCopies(measured, thing), null));
    }

    private static String step(Snapshot snapshot, long waited) {
        return switch (BASELINE.decide(snapshot, Duration.ofSeconds(waited))) {
            case Baseline.Wait wait -> "wait: " + wait.reason();
            case Baseline.Go go -> (go.settled() ? "go: " : "go anyway: ") + go.detail();
        };
    }

    @Test
    void beginsWhenMetricsAreKnownAndReplicasStandStill() {
        assertThat(step(snapshot(1, 1, 15, autoscaler(true, 1), 1), 20))
                .isEqualTo("go: 1 replicas, CPU 1 %");
        assertThat(step(snapshot(1, 1, 14, autoscaler(true, 1), 1), 20))
                .isEqualTo("wait: replicas have to stand still for 15 s");
    }

    @Test
    void waitsForPodsAndMetrics() {
        assertThat(step(snapshot(2, 1, 60, autoscaler(true, 1), 2), 20))
                .isEqualTo("wait: replicas are not all ready (1 of 2)");
        assertThat(step(snapshot(1, 1, 60, autoscaler(false, null), 0), 20))
                .isEqualTo("wait: metrics of the pods are not known yet");
        assertThat(step(snapshot(1, 1, 60, autoscaler(false, null), 1), 20))
                .isEqualTo("wait: the autoscaler has not taken its metrics in yet");
    }

    /** A missing CPU request, or no metrics API: that is what the run is to show, and it does not heal. */
    @Test
    void doesNotWaitForMetricsThatNeverCome() {
        assertThat(step(snapshot(1, 1, 60, autoscaler(false, null), 1), 75)).startsWith("go: ");
        assertThat(step(snapshot(1, 1, 60, autoscaler(false, null), 0), 75)).startsWith("go: ");
    }

    /** Seen on a real cluster: 1 -> 3 before any load, by an earlier run's recommendations. */
    @Test
    void waitsWhileAnEarlierRecommendationHoldsReplicasUp() {
        assertThat(step(snapshot(3, 3, 60, autoscaler(true, 1), 3), 100))
                .startsWith(
                        "wait: replicas stand at 3, above the 1 that the idle service asks for");
        assertThat(step(snapshot(3, 3, 60, autoscaler(true, 1), 3), 360))
                .startsWith("go anyway: given up after 360 s: replicas stand at 3");
    }

    @Test
    void aServiceThatIsBusyWhileIdleKeepsItsReplicas() {
        assertThat(step(snapshot(2, 2, 60, autoscaler(true, 48), 2), 100))
                .startsWith("go: 2 replicas");
    }

    /** Seen with a service that is ready before it has started: 1 -> 3 by its own start, and the load began in the middle of it. */
    @Test
    void waitsWhileAServiceIsStillStarting() {
        assertThat(step(snapshot(3, 3, 60, autoscaler(true, 199), 3), 60))
                .startsWith("wait: the pods use 199 % of their request without any load");
        assertThat(step(snapshot(3, 3, 60, autoscaler(true, 199), 3), 120))
                .isEqualTo("go: 3 replicas, CPU 199 %");
        assertThat(step(snapshot(1, 1, 60, autoscaler(true, 55), 1), 60)).startsWith("go: ");
    }

    @Test
    void withoutAnAutoscalerOnlyStandingStillCounts() {
        assertThat(step(snapshot(2, 2, 15, null, 0), 15)).isEqualTo("go: 2 replicas");
    }

    @Test
    void isNotWaitedForWhereNobodyWantsIt() {
        Baseline none = new Baseline(Duration.ofSeconds(15), Duration.ofSeconds(15), Duration.ZERO);
        assertThat(none.decide(snapshot(3, 1, 0, null, 0), Duration.ZERO))
                .isEqualTo(new Baseline.Go(false, "not waited for; 3 replicas wanted, 1 ready"));
    }
}
