package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Lack;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** {@code target-unreachable}, and what looks like it. */
class TargetUnreachableTest {
    private static final String WORD = "target-unreachable";

    /** One full pod whose limit is this part of its request, with this target; its utilization is what the limit allows. */
    static Recording with(double request, double limit, int target) {
        Recording run = Worlds.full(3);
        Recording.object(run.deployment(), "target", "autoscaler").put("cpuTargetPercent", target);
        ObjectNode container =
                Recording.object(run.deployment().path("target").path("containers").path(0));
        container.put("cpuRequestCores", request).put("cpuLimitCores", limit);
        run.objects(
                "Pod",
                (at, pod) ->
                        Recording.object(
                                        pod.path("spec").path("containers").path(0),
                                        "resources",
                                        "requests")
                                .put("cpu", Math.round(request * 1000) + "m"));
        run.hpa((at, hpa) -> {
            Recording.object(hpa.path("spec").path("metrics").path(0), "resource", "target")
                    .put("averageUtilization", target);
        });
        run.each(
                Recording.ofKind("metrics"),
                (at, line) -> {
                    if (at > 0) {
                        line.path("items")
                                .forEach(i ->
                                        Recording.object(i.path("containers").path(0), "usage")
                                                .put("cpu", limit * 1000 + "m"));
                    }
                });
        return run.hpa((at, hpa) -> {
            if (at > 0) {
                Alter.says(hpa, 100 * limit / request);
            }
        });
    }

    @Test
    void theLimitIsTheRequestAndTheTargetIsAboveIt() {
        VerdictRecord verdict = with(0.5, 0.5, 120).judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "A pod's CPU can't exceed 100 % of its request, too little for the target of 120 % to ask for more, however full the pods are.");
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .contains(
                        "a pod may use 500m and requests 500m: its utilization can't exceed 100 %, and only above 132 % (the target of 120 % and its tolerance) would more be asked for");
        assertThat(verdict.counterfactuals())
                .extracting(Counterfactual::setting, Counterfactual::value, Counterfactual::atLeast)
                .containsExactly(
                        tuple(
                                "HorizontalPodAutoscaler/iris-api-hpa target averageUtilization",
                                "90 %",
                                false),
                        tuple("CPU limit of a pod", "661m", true));
    }

    /** Twin: the limit is twice the request, target 120 %. */
    @Test
    void theLimitIsTwiceTheRequest() {
        assertThat(with(0.25, 0.5, 120).word()).isNotEqualTo(WORD);
    }

    @Test
    void theToleranceIsPartOfTheBound() {
        assertThat(with(0.5, 0.5, 91).word()).isEqualTo(WORD);
        assertThat(with(0.5, 0.5, 90).word()).isNotEqualTo(WORD);
        assertThat(with(0.5, 0.5, 88).setting("tolerance", "0.15").word()).isEqualTo(WORD);
    }

    @Test
    void podsThatAreNotFullHaveRoom() {
        Recording run = with(0.5, 0.5, 120);
        Alter.cpu(run, (at, pod) -> 0.5);
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void withoutALimitOrARequestThereIsNoBound() {
        for (String field : new String[] {"cpuLimitCores", "cpuRequestCores"}) {
            Recording run = with(0.5, 0.5, 120);
            Recording.object(run.deployment().path("target").path("containers").path(0))
                    .remove(field);
            assertThat(run.word()).isNotEqualTo(WORD);
        }
    }

    @Test
    void sumsOfAllContainersCount() {
        Recording run = with(0.5, 0.5, 120);
        run.deployment()
                .path("target")
                .withArray("containers")
                .addObject()
                .put("name", "sidecar")
                .put("image", "sidecar")
                .put("cpuRequestCores", 0.1)
                .put("cpuLimitCores", 1.0);
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void anotherMetricThanCpuHasNoSuchBound() {
        Recording run = with(0.5, 0.5, 120);
        Recording.object(run.deployment(), "target", "autoscaler").remove("cpuTargetPercent");
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void replicasThatRoseDidReachIt() {
        Recording run = Worlds.scaled();
        ObjectNode container =
                Recording.object(run.deployment().path("target").path("containers").path(0));
        container.put("cpuRequestCores", 0.5).put("cpuLimitCores", 0.5);
        assertThat(run.word()).isEqualTo("scaled");
    }

    @Test
    void withoutCpuItLacks() {
        Recording run = with(0.5, 0.5, 120).podsWithout("cpuSeconds").podsWithout("periods");
        assertThat(run.judge().lacking()).contains(new Lack(WORD, Lacking.saturation()));
    }
}
