package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Finding;
import dev.headroom.lab.verdict.VerdictRecord.Lack;
import org.junit.jupiter.api.Test;

/** {@code metrics-missing}, and what looks like it. */
class MetricsMissingTest {
    private static final String WORD = "metrics-missing";
    private static final String API =
            "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server is currently unable to handle the request.";

    static Recording without(Recording run, double from, double to, String message) {
        return run.hpa((at, hpa) -> {
            if (at > from && at < to) {
                Recording.object(hpa, "status").remove("currentMetrics");
                Alter.condition(hpa, "ScalingActive", "False", "FailedGetResourceMetric", message);
            }
        });
    }

    static Recording withoutRequest() {
        return without(
                Worlds.full(3),
                -100,
                200,
                "failed to get cpu utilization: missing request for cpu in container iris-api of Pod pod-a");
    }

    @Test
    void theContainerWithoutARequestIsNamed() {
        VerdictRecord verdict = withoutRequest().judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "The autoscaler can compute no utilization, since container iris-api has no CPU request.");
        assertThat(verdict.evidence())
                .extracting(Evidence::value)
                .containsExactly("FailedGetResourceMetric");
    }

    @Test
    void theApiThatFailsIsNamed() {
        VerdictRecord verdict = without(Worlds.full(3), 7, 200, API).judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .startsWith("The autoscaler had no metrics in 7 passes under load: ")
                .endsWith("the server is currently unable to handle the request.");
        assertThat(verdict.findings()).extracting(Finding::word).doesNotContain("not-scaled");
    }

    @Test
    void twoPassesAreEnoughAndOneIsNot() {
        assertThat(without(Worlds.full(3), 40, 50, API).word()).isEqualTo("not-scaled");
        assertThat(without(Worlds.full(3), 40, 65, API).word()).isEqualTo(WORD);
    }

    /** Twin: the first pass after a new pod. */
    @Test
    void unknownForTheFirstPeriodOfANewPod() {
        String none =
                "failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API";
        // The new pods were created at 14.7 s and 14.9 s: for a window and a period this is normal.
        assertThat(without(Worlds.scaled(), 20, 35, none).word()).isEqualTo("scaled");
        assertThat(without(Worlds.scaled(), 20, 50, none).word()).isEqualTo("scaled");
        assertThat(without(Worlds.scaled(), 20, 65, none).word()).isEqualTo(WORD);
    }

    @Test
    void aMissingRequestIsNotHealedByNewPods() {
        String request = "missing request for cpu in container sidecar of Pod pod-a";
        assertThat(without(Worlds.scaled(), 20, 50, request).judge().sentence())
                .contains("container sidecar");
    }

    @Test
    void onlyWhatFailedToGetAMetricIsMeant() {
        Recording run = without(Worlds.full(3), 7, 200, API);
        run.hpa((at, hpa) -> {
            if (at > 7) {
                Alter.condition(hpa, "ScalingActive", "False", "ScalingDisabled", "zero");
            }
        });
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void withoutPodsThatMightBeNewItLacks() {
        Recording run = without(Worlds.full(3), 7, 200, API).remove(Recording.changesOf("Pod"));
        assertThat(run.judge().lacking())
                .contains(new Lack(WORD, "the statuses of pods, which may be new or unready"));
    }

    @Test
    void withoutTheAutoscalersStatusItLacks() {
        Recording run = Worlds.full(3).remove(Recording.changesOf("HorizontalPodAutoscaler"));
        assertThat(run.judge().lacking()).contains(new Lack(WORD, "the autoscaler's conditions"));
    }

    @Test
    void withoutAnAutoscalerNothingIsMissing() {
        Recording run = without(Worlds.full(3), 7, 200, API);
        Recording.object(run.deployment(), "target").remove("autoscaler");
        assertThat(run.word()).isEqualTo("not-scaled");
    }
}
