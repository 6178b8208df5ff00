package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Lack;
import org.junit.jupiter.api.Test;

/** {@code not-scaled}, and what looks like it. */
class NotScaledTest {
    private static final String WORD = "not-scaled";

    static Recording withoutAutoscaler(Recording run) {
        Recording.object(run.deployment(), "target").remove("autoscaler");
        return run.remove(Recording.changesOf("HorizontalPodAutoscaler"));
    }

    @Test
    void nothingScalesIt() {
        VerdictRecord verdict = withoutAutoscaler(Worlds.full(1)).judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "The replicas stayed at 1: no HorizontalPodAutoscaler scales Deployment/iris-api-deployment.");
        assertThat(verdict.evidence()).extracting(Evidence::value).containsExactly("none", "100 %");
    }

    @Test
    void nothingScalesItAndAThresholdIsBroken() {
        Recording run = withoutAutoscaler(Worlds.full(1));
        Alter.cpu(run, (at, pod) -> 0.5);
        assertThat(run.word()).isEqualTo("inconclusive");
        run.thresholds(Limits.percentileBelow(99, 10));
        assertThat(run.word()).isEqualTo(WORD);
    }

    @Test
    void askedForAndNotFollowed() {
        VerdictRecord verdict = Worlds.full(3).judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "The replicas stayed at 1 though 4 were asked for: the replicas did not follow.");
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .containsExactly(
                        "in 7 passes the autoscaler asked for 4, with 1 replica and a maximum of 3",
                        "status.desiredReplicas is 1");
    }

    @Test
    void scalingUpIsDisabled() {
        Recording run = behavior(Worlds.full(3), "{\"selectPolicy\":\"Disabled\"}");
        assertThat(run.judge().sentence()).endsWith("scaling up is disabled.");
    }

    private static Recording behavior(Recording run, String scaleUp) {
        return run.hpa((at, hpa) ->
                Recording.object(hpa, "spec")
                        .putObject("behavior")
                        .set("scaleUp", Recording.tree(scaleUp)));
    }

    private static Recording says(
            Recording run, String type, String status, String reason, String message) {
        return run.hpa((at, hpa) -> Alter.condition(hpa, type, status, reason, message));
    }

    @Test
    void itCouldNotScale() {
        Recording run =
                says(Worlds.full(3), "AbleToScale", "False", "FailedUpdateScale", "forbidden");
        assertThat(run.judge().sentence()).endsWith("the autoscaler could not scale: forbidden.");
    }

    @Test
    void stabilised() {
        Recording run = behavior(Worlds.full(3), "{\"stabilizationWindowSeconds\":300}");
        says(run, "AbleToScale", "True", "ScaleUpStabilized", "recent recommendations");
        VerdictRecord verdict = run.judge();
        assertThat(verdict.sentence()).contains("held back by its stabilisation window");
        assertThat(verdict.counterfactuals())
                .containsExactly(
                        new Counterfactual(
                                "HorizontalPodAutoscaler/iris-api-hpa spec.behavior.scaleUp.stabilizationWindowSeconds",
                                "300",
                                "65",
                                false,
                                "at most: the load of 110 s less a metrics window, a sync period and a phase"));
        behavior(run, "{\"stabilizationWindowSeconds\":65}");
        assertThat(run.judge().counterfactuals()).isEmpty();
    }

    @Test
    void thePolicyAllowsNoMore() {
        Recording run = says(Worlds.full(3), "ScalingLimited", "True", "ScaleUpLimit", "limit");
        assertThat(run.judge().sentence())
                .endsWith("the scale-up policy allows no more in its period.");
    }

    @Test
    void withoutMetricsTheConditionsTellThatMoreWasAskedFor() {
        Recording run = says(Worlds.full(3), "ScalingLimited", "True", "ScaleUpLimit", "limit");
        run.remove(Recording.ofKind("metrics"));
        assertThat(run.word()).isEqualTo(WORD);
        says(run, "ScalingLimited", "False", "DesiredWithinRange", "");
        says(run, "AbleToScale", "True", "ScaleUpStabilized", "");
        assertThat(run.word()).isEqualTo(WORD);
        says(run, "AbleToScale", "True", "ReadyForNewScale", "");
        assertThat(run.word()).isEqualTo("held");
    }

    /** Twin: asked for within the tolerance is not asked for. */
    @Test
    void withinTheTolerance() {
        assertThat(Alter.utilization(Worlds.full(3), at -> 55).word()).isEqualTo("held");
        assertThat(Alter.utilization(Worlds.full(3), at -> 56).word()).isEqualTo(WORD);
    }

    @Test
    void onePassIsNotEnough() {
        Recording run = Alter.utilization(Worlds.full(3), at -> at > 95 ? 200 : 40);
        assertThat(run.word()).isEqualTo("inconclusive");
    }

    @Test
    void atItsMaximumThereIsNoRoom() {
        assertThat(Worlds.full(1).judge().findings())
                .extracting(VerdictRecord.Finding::word)
                .doesNotContain(WORD);
    }

    @Test
    void replicasThatRose() {
        assertThat(Worlds.scaled().judge().findings())
                .extracting(VerdictRecord.Finding::word)
                .doesNotContain(WORD);
    }

    @Test
    void noControllerHasEverDecidedAnything() {
        Recording run = Worlds.full(3);
        run.hpa((at, hpa) -> hpa.remove("status"));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .endsWith(
                        "no controller has decided anything for HorizontalPodAutoscaler/iris-api-hpa.");
    }

    @Test
    void aControllerThatFallsSilent() {
        Recording run = Worlds.full(3);
        run.remove(
                l -> Recording.changesOf("HorizontalPodAutoscaler").test(l) && run.seconds(l) > 0);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .contains("status.currentMetrics is 28 %, where the metrics give 200 %");
    }

    @Test
    void withoutTheChangesOfTheTargetItLacks() {
        Recording run = Worlds.full(3).remove(Recording.changesOf("Deployment"));
        assertThat(run.judge().lacking())
                .contains(new Lack(WORD, "the changes of Deployment/iris-api-deployment"));
    }

    @Test
    void withoutTheAutoscalersStatusItLacks() {
        Recording run = Worlds.full(3).remove(Recording.changesOf("HorizontalPodAutoscaler"));
        assertThat(run.judge().lacking()).contains(new Lack(WORD, "the autoscaler's conditions"));
    }

    @Test
    void withoutAnAutoscalerAndCpuItLacks() {
        Recording run = withoutAutoscaler(Worlds.full(1));
        run.podsWithout("cpuSeconds").podsWithout("throttledPeriods");
        assertThat(run.judge().lacking()).contains(new Lack(WORD, Lacking.saturation()));
    }
}
