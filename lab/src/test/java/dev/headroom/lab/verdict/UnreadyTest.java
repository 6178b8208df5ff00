package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code unready-under-load}, and what looks like it. */
class UnreadyTest {
    private static final String WORD = "unready-under-load";
    private static final String NO_METRICS =
            "the HPA was unable to compute the replica count: failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)";

    /** As seen on a real cluster: unready 7 s into the load, and for ever without metrics. */
    static Recording blind() {
        Recording run = Worlds.full(3);
        Alter.ready(run, Alter.FIRST, 7, false);
        return run.hpa((at, hpa) -> noMetrics(at, hpa, 7, 200));
    }

    private static void noMetrics(double at, ObjectNode hpa, double from, double to) {
        if (at > from && at < to) {
            Recording.object(hpa, "status").putArray("currentMetrics").addObject().put("type", "");
            Alter.condition(hpa, "ScalingActive", "False", "FailedGetResourceMetric", NO_METRICS);
            JsonNode conditions = hpa.path("status").path("conditions");
            for (int i = conditions.size() - 1; i >= 0; i--) {
                if (conditions.path(i).path("type").asString().equals("ScalingLimited")) {
                    ((ArrayNode) conditions).remove(i);
                }
            }
        }
    }

    @Test
    void theOnlyPodIsUnreadyAndTheAutoscalerHasNoMetrics() {
        Recording run = blind();
        run.event(
                6.9,
                "Pod",
                Alter.FIRST,
                "Unhealthy",
                "Readiness probe failed: context deadline exceeded");
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "Pod pod-a lost its readiness under load, 38.6 s old (the readiness probe (httpGet /readyz) with a timeout of 5 s); in 7 passes the autoscaler left it out and stayed at 1 replica, where it would have asked for 4.");
        assertThat(verdict.evidence())
                .extracting(Evidence::value)
                .containsExactly("Ready=False", "Unhealthy", "FailedGetResourceMetric", "4");
        assertThat(verdict.findings())
                .extracting(Finding::word)
                .doesNotContain("metrics-missing", "recomputation-differs");
    }

    @Test
    void aTimeoutThatIsShorterThanAnswersTookIsNamed() {
        Recording run = blind();
        // 1,000 connections at 400/s wait 2.5 s each.
        Recording.object(run.load(), "latency").put("mean", 2500);
        Recording.object(run.load(), "latency").remove("histogram");
        Recording.object(run.load(), "latency", "percentiles").put("p99", 6100);
        assertThat(run.judge().counterfactuals())
                .containsExactly(
                        new Counterfactual(
                                "Deployment/iris-api-deployment readinessProbe.timeoutSeconds",
                                "5",
                                "7",
                                true,
                                "answers took 6.1 s under this load, and a probe waits its turn as any request; at least, since a probe that fails now and then is enough to lose readiness"));
        assertThat(blind().judge().counterfactuals()).isEmpty();
    }

    /** Twin: one pod out for one pass. */
    @Test
    void outForOnePass() {
        Recording run = Worlds.full(3);
        Alter.ready(run, Alter.FIRST, 31, false);
        Alter.ready(run, Alter.FIRST, 46, true);
        run.hpa((at, hpa) -> noMetrics(at, hpa, 40, 50));
        assertThat(run.judge().verdict()).isEqualTo("not-scaled");
    }

    @Test
    void outForTwoPasses() {
        Recording run = Worlds.full(3);
        Alter.ready(run, Alter.FIRST, 31, false);
        Alter.ready(run, Alter.FIRST, 61, true);
        run.hpa((at, hpa) -> noMetrics(at, hpa, 40, 65));
        assertThat(run.judge().verdict()).isEqualTo(WORD);
    }

    /** Twin: unready pods older than five minutes, which do count. */
    @ParameterizedTest
    @ValueSource(ints = {301, 3000})
    void olderThanTheyAreLeftOut(int age) {
        Recording run = Worlds.full(3);
        run.objects(
                "Pod",
                (at, pod) ->
                        Recording.object(pod, "status").put("startTime", Alter.time(run, -age)));
        Alter.ready(run, Alter.FIRST, 7, false);
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void ofTheAgeWhenTheyStopBeingLeftOut() {
        Recording run = blind();
        run.objects(
                "Pod",
                (at, pod) ->
                        Recording.object(pod, "status").put("startTime", Alter.time(run, -269)));
        // Two passes under load see it younger than 300 s.
        assertThat(run.word()).isEqualTo(WORD);
        run.objects(
                "Pod",
                (at, pod) ->
                        Recording.object(pod, "status").put("startTime", Alter.time(run, -270)));
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    /** Twin: a slow start is no loss of readiness. */
    @Test
    void aSlowStart() {
        Recording run = Worlds.scaled();
        run.objects(
                "Pod",
                (at, pod) -> {
                    if (!Kube.text(pod, "metadata", "name").equals(Alter.FIRST)) {
                        Alter.condition(pod, "Ready", "False", "ContainersNotReady", "");
                    }
                });
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void aPodThatIsDeletedLosesItsReadinessToThat() {
        Recording run = blind();
        run.objects(
                "Pod",
                (at, pod) -> {
                    if (at > 5) {
                        Recording.object(pod, "metadata")
                                .put("deletionTimestamp", Alter.time(run, 7));
                    }
                });
        assertThat(run.word()).isEqualTo("metrics-missing");
    }

    @Test
    void aPodWhoseContainerWasStartedAgainLosesItToThat() {
        Recording run = blind();
        run.objects(
                "Pod",
                (at, pod) -> {
                    if (at > 5) {
                        Recording.object(pod.path("status").path("containerStatuses").path(0))
                                .put("restartCount", 1);
                    }
                });
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void aPodWithoutAProbeLosesItToSomethingElse() {
        Recording run = blind();
        run.objects(
                "Pod",
                (at, pod) ->
                        Recording.object(pod.path("spec").path("containers").path(0))
                                .remove("readinessProbe"));
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    /** The first pod is full and unready, a second one idles: the autoscaler sees only that one, and is content. */
    @Test
    void contentWithThePodsThatItSees() {
        Recording run = Worlds.pinned();
        Alter.maximum(run, 5);
        Alter.ready(run, Alter.FIRST, 25, false);
        run.each(
                Recording.ofKind("metrics"),
                (at, line) -> {
                    for (JsonNode item : line.path("items")) {
                        boolean first =
                                item.path("metadata").path("name").asString().equals(Alter.FIRST);
                        Recording.object(item.path("containers").path(0), "usage")
                                .put("cpu", at < 0 ? "70m" : first ? "500m" : "2m");
                    }
                });
        run.hpa((at, hpa) -> {
            if (at > 20) {
                Alter.says(hpa, 0);
                Recording.object(hpa, "status").put("desiredReplicas", 3);
            }
        });
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .contains("stayed at 3 replicas, where it would have asked for 5");
    }

    /** Where counting them would have changed nothing, they are not the cause. */
    @Test
    void idlePodsThatAreUnready() {
        Recording run = Worlds.calm(3);
        Alter.ready(run, Alter.FIRST, 7, false);
        run.hpa((at, hpa) -> noMetrics(at, hpa, 7, 200));
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    /** Ready in the moment of each pass, but not for as long as its sample's window. */
    @Test
    void readyAgainForLessThanAWindow() {
        Recording run = Worlds.full(3);
        for (int second : new int[] {10, 25, 40, 55, 70, 85}) {
            Alter.ready(run, Alter.FIRST, second, false);
            Alter.ready(run, Alter.FIRST, second + 3, true);
        }
        run.hpa((at, hpa) -> noMetrics(at, hpa, 20, 200));
        assertThat(run.word()).isEqualTo(WORD);
    }

    @Test
    void aMissingRequestIsNoMatterOfReadiness() {
        Recording run = blind();
        run.hpa((at, hpa) -> {
            if (at > 7) {
                Alter.condition(
                        hpa,
                        "ScalingActive",
                        "False",
                        "FailedGetResourceMetric",
                        "failed to get cpu utilization: missing request for cpu in container iris-api of Pod pod-a");
            }
        });
        assertThat(run.word()).isEqualTo("metrics-missing");
    }

    @Test
    void withoutMetricsTheConditionIsEnough() {
        Recording run = blind().remove(Recording.ofKind("metrics"));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence()).endsWith("stayed at 1 replica.");
    }

    @Test
    void withoutPodsItLacks() {
        Recording run = blind().remove(Recording.changesOf("Pod"));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isNotIn(WORD, "metrics-missing");
        assertThat(verdict.lacking()).extracting(VerdictRecord.Lack::rule).contains(WORD);
    }

    @Test
    void withoutAnAutoscalerNobodyIsBlind() {
        Recording run = blind();
        Recording.object(run.deployment(), "target").remove("autoscaler");
        assertThat(run.word()).isNotEqualTo(WORD);
    }
}
