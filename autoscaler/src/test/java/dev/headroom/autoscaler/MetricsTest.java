package dev.headroom.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Metrics of APIs that a cluster does not serve, in the words of Kubernetes' own clients. */
class MetricsTest {
    private static final MetricSpec.Target TARGET =
            new MetricSpec.Target("AverageValue", null, 1000L, null);

    static List<Arguments> specs() {
        String custom =
                "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
        return List.of(
                Arguments.of(new MetricSpec.Pods("rate", TARGET), custom),
                Arguments.of(
                        new MetricSpec.ObjectMetric("rate", null, "Ingress", "web", TARGET),
                        custom),
                Arguments.of(
                        new MetricSpec.External("queue", null, TARGET),
                        "unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)"));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void anApiThatIsNotServedIsNamed(MetricSpec spec, String error) {
        Autoscaler autoscaler =
                new Autoscaler(
                        "default",
                        "web",
                        new Autoscaler.Target("apps/v1", "Deployment", "web"),
                        1,
                        3,
                        List.of(spec),
                        null,
                        Autoscaler.Status.NEW);
        Pass.Outcome outcome =
                Pass.run(
                        new Pass.Input(
                                autoscaler,
                                new Pass.Scale(1, 1, "app=web", null, replicas -> null),
                                List.of(),
                                List.of(),
                                () -> new Metrics.PodUsages(null, List.of()),
                                History.NEVER_SEEN,
                                Settings.DEFAULT,
                                1_700_000_000L * Settings.SECOND));
        assertThat(outcome.error()).endsWith(error);
        assertThat(outcome.scaledTo()).isNull();
    }
}
