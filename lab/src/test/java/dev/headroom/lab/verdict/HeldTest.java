package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Lack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code held}, and what looks like it. */
class HeldTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void noPassAskedForMoreAndTheThresholdsHeld(int max) {
        VerdictRecord verdict = Worlds.calm(max).judge();
        assertThat(verdict.verdict()).isEqualTo("held");
        assertThat(verdict.sentence())
                .isEqualTo(
                        "1 replica carried the load: in 7 passes the autoscaler asked for at most 1.");
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .containsExactly(
                        "in 7 passes under load the autoscaler asked for at most 1, with 1 replica; at the end CPU was at 40 % of the request",
                        "the threshold http_req_failed rate<0.001 held: 0 %");
        assertThat(verdict.counterfactuals()).isEmpty();
    }

    /** Within the tolerance of the target nothing is asked for. */
    @Test
    void atTheTargetWithinItsTolerance() {
        Recording run = Worlds.calm(3);
        assertThat(Alter.utilization(run, at -> 55).word()).isEqualTo("held");
    }

    /** Twin: max = current and asked for above it. */
    @Test
    void askedForMoreThanItsMaximum() {
        Recording run = Alter.utilization(Worlds.calm(1), at -> 56);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.findings())
                .extracting(VerdictRecord.Finding::word)
                .containsExactly("limited-at-max");
    }

    @Test
    void askedForMoreInOnePass() {
        Recording run = Alter.utilization(Worlds.calm(3), at -> at > 95 ? 60 : 40);
        assertThat(run.word()).isNotEqualTo("held");
    }

    @Test
    void aBrokenThreshold() {
        Recording run = Worlds.calm(3).thresholds(Limits.percentileBelow(99, 4));
        assertThat(run.word()).isEqualTo("inconclusive");
    }

    @Test
    void aThresholdThatCannotBeJudged() {
        Recording run = Worlds.calm(3).thresholds(Limits.percentileBelow(42, 4));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.lacking())
                .contains(new Lack("held", "the value of http_req_duration p(42)<4"));
        assertThat(verdict.exitCode()).isEqualTo(3);
    }

    @Test
    void withoutPassesItLacks() {
        Recording run = Worlds.calm(3).remove(Recording.changesOf("HorizontalPodAutoscaler"));
        assertThat(run.judge().lacking())
                .contains(new Lack("held", "what the autoscaler asked for in each pass"));
    }

    @Test
    void withoutMetricsTheConditionsTell() {
        Recording run = Worlds.calm(3).remove(Recording.ofKind("metrics"));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("held");
        assertThat(verdict.sentence())
                .isEqualTo(
                        "1 replica carried the load: in 7 passes the autoscaler asked for no more.");
    }

    @Test
    void twoPassesMustHaveSeenAWholeWindowOfTheLoad() {
        // Passes at 14.6 s and 29.6 s, then the watch ends with the load at 44 s: one of them saw a
        // whole window.
        Recording run = Alter.end(Worlds.calm(3), 46, "COMPLETED");
        assertThat(run.word()).isEqualTo("held");
        run.setting("metricsWindowSeconds", "30");
        assertThat(run.word()).isNotEqualTo("held");
    }

    @Test
    void passesThatChangeNothingAreCountedByThePeriod() {
        Recording run = Alter.utilization(Worlds.calm(3), at -> 28);
        run.remove(
                l -> Recording.changesOf("HorizontalPodAutoscaler").test(l) && run.seconds(l) > 0);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("held");
        assertThat(verdict.sentence()).contains("in 7 passes");
        assertThat(verdict.findings()).isEmpty();
    }

    /** Twin: a controller that stopped looking says nothing new either, but the metrics do. */
    @Test
    void aSilentController() {
        VerdictRecord verdict = silent("400m").judge();
        assertThat(verdict.verdict()).isEqualTo("not-scaled");
        assertThat(verdict.sentence()).contains("its controller is silent");
        assertThat(verdict.findings())
                .filteredOn(f -> f.word().equals("autoscaler-silent"))
                .singleElement()
                .satisfies(f ->
                        assertThat(f.evidence())
                                .extracting(Evidence::what)
                                .containsExactly(
                                        "the status was last written before the load began, and says 28 %; in 6 sync periods of 15 s since then the metrics gave something else"));
    }

    /** Where no more was needed it is no fault of the verdict's, but it is said. */
    @Test
    void aSilentControllerThatWouldHaveAskedForNoMore() {
        VerdictRecord verdict = silent("20m").judge();
        assertThat(verdict.verdict()).isEqualTo("held");
        assertThat(verdict.findings())
                .extracting(VerdictRecord.Finding::word)
                .containsExactly("autoscaler-silent");
    }

    /** Its status is that of before the load; what pods use from then on is given. */
    private static Recording silent(String cpu) {
        Recording run = Alter.utilization(Worlds.calm(3), at -> 40);
        run.remove(
                l -> Recording.changesOf("HorizontalPodAutoscaler").test(l) && run.seconds(l) > 0);
        run.each(
                Recording.ofKind("metrics"),
                (at, line) -> {
                    if (at > 0) {
                        line.path("items")
                                .forEach(i ->
                                        Recording.object(i.path("containers").path(0), "usage")
                                                .put("cpu", cpu));
                    }
                });
        return run;
    }

    @Test
    void withoutAnAutoscalerPodsThatAreNotFull() {
        Recording run = Worlds.calm(1);
        Recording.object(run.deployment(), "target").remove("autoscaler");
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("held");
        assertThat(verdict.sentence())
                .isEqualTo("1 replica carried the load, and there is no autoscaler.");
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .contains("there is no autoscaler, and no pod was saturated");
        run.thresholds();
        assertThat(run.word()).isEqualTo("inconclusive");
    }

    @Test
    void withoutAnAutoscalerAndCpuItLacks() {
        Recording run = Worlds.calm(1);
        Recording.object(run.deployment(), "target").remove("autoscaler");
        run.podsWithout("cpuSeconds").podsWithout("throttledPeriods");
        assertThat(run.judge().lacking()).contains(new Lack("held", Lacking.saturation()));
    }

    @Test
    void stoppedEarlyIsInconclusive() {
        VerdictRecord verdict = Alter.end(Worlds.calm(3), 20, "INTERRUPTED").judge();
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.exitCode()).isEqualTo(3);
        assertThat(verdict.findings())
                .extracting(VerdictRecord.Finding::word)
                .contains("ended-early");
    }
}
