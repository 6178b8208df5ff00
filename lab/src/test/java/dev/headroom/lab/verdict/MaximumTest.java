package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** {@code bottleneck-max-replicas}, and what looks like it. */
class MaximumTest {
    private static final String WORD = "bottleneck-max-replicas";

    @Test
    void onePodThatIsFullAndMayNotBeTwo() {
        VerdictRecord verdict = Worlds.full(1).judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.evidence())
                .extracting(Evidence::value)
                .contains("ScalingLimited=True, TooManyReplicas", "4", "1");
        assertThat(verdict.phases()).hasSize(1);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "At its maximum of 1 replica the autoscaler asked for 4, and every pod is saturated at 400/s in all.");
    }

    @Test
    void inAClosedLoopTheReplicasNeededAreABoundAndItSaysWhy() {
        assertThat(Worlds.full(1).judge().counterfactuals())
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.setting()).endsWith("spec.maxReplicas");
                    assertThat(c.was()).isEqualTo("1");
                    assertThat(c.value()).isEqualTo("4");
                    assertThat(c.atLeast()).isTrue();
                    assertThat(c.why())
                            .contains("can't exceed their limits")
                            .contains("the demand is unknown")
                            .contains("one pod saturates at 400/s");
                });
    }

    @Test
    void withAConstantRateTheReplicasNeededAreExact() {
        Recording run = Worlds.full(1);
        Alter.constantRate(run, 1000, 5);
        Alter.serve(run, (at, pod) -> Worlds.CAPACITY, false);
        answersOfWindows(run, 400);
        Counterfactual needed = run.judge().counterfactuals().getFirst();
        // 1000/s over 400/s is 2.5; at 0.5 CPU for 400/s, 1000/s want 1.25 CPU, of which a pod may
        // have 50 % of 0.25.
        assertThat(needed.value()).isEqualTo("10");
        assertThat(needed.atLeast()).isFalse();
        assertThat(needed.why())
                .isEqualTo(
                        "the least n for which n times the 400/s of one saturated pod carries 1,000/s is 3; at 1,250 µs of CPU an answer the target of 50 % asks for 10");
    }

    private static void answersOfWindows(Recording run, int answers) {
        run.load().path("windows").forEach(w -> ((ObjectNode) w).put("answers", answers));
    }

    /** Twin: asked for = max exactly. */
    @Test
    void askedForExactlyTheMaximum() {
        Recording run = Worlds.full(4);
        run.samples((at, s) -> Recording.object(s, "replicas").put("desired", 1));
        assertThat(run.word()).isNotEqualTo(WORD);
        Recording atMax = Worlds.full(1);
        Alter.utilization(atMax, at -> 55);
        assertThat(atMax.word()).isEqualTo("held");
    }

    /** Twin: limited at max with every threshold held after a real gain. */
    @Test
    void limitedAtMaxAfterAGain() {
        VerdictRecord verdict = Worlds.scaled().judge();
        assertThat(verdict.verdict()).isEqualTo("scaled");
        assertThat(verdict.findings())
                .extracting(VerdictRecord.Finding::word)
                .containsExactly("limited-at-max");
    }

    @Test
    void limitedAtMaxAndHarmed() {
        Recording run = Worlds.scaled().thresholds(Limits.percentileBelow(99, 500));
        run.load();
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .anyMatch(w -> w.contains("windows are outside http_req_duration p(99)<500"))
                .anyMatch(w -> w.contains("is broken over the load"))
                .noneMatch(w -> w.contains("no scale-out was possible"));
        assertThat(verdict.findings())
                .extracting(VerdictRecord.Finding::word)
                .doesNotContain("limited-at-max");
    }

    /** Twin: idle pods beside a full one. */
    @Test
    void idlePodsBesideAFullOne() {
        Recording run = Worlds.pinned().thresholds(Limits.percentileBelow(99, 500));
        assertThat(run.word()).isEqualTo("scaled-without-gain");
    }

    @Test
    void onePassIsNotEnough() {
        Recording run = Worlds.full(1);
        Alter.utilization(run, at -> at > 95 ? 200 : 40);
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void aPodThatIsNotFullIsNoBottleneck() {
        Recording run = Worlds.full(1);
        Alter.cpu(run, (at, pod) -> 0.9);
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void throttlingAloneShowsThatAPodIsFull() {
        Recording run = Worlds.full(1);
        run.pods((at, pod, s) ->
                s.put("cpuSeconds", 0.4 * at).put("throttledPeriods", (long) (2.1 * at)));
        assertThat(run.word()).isEqualTo(WORD);
        run.pods((at, pod, s) -> s.put("throttledPeriods", (long) (1.9 * at)));
        assertThat(run.word()).isNotEqualTo(WORD);
    }

    @Test
    void withoutCpuItLacks() {
        Recording run = Worlds.full(1).podsWithout("cpuSeconds").podsWithout("throttledPeriods");
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.lacking()).contains(new VerdictRecord.Lack(WORD, Lacking.saturation()));
    }

    @Test
    void withoutMetricsItGoesByTheConditions() {
        Recording run = Worlds.full(1).remove(Recording.ofKind("metrics"));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence()).contains("asked for more,");
        assertThat(verdict.counterfactuals()).isEmpty();
        assertThat(verdict.lacking())
                .contains(
                        new VerdictRecord.Lack(
                                "asked for",
                                "the metrics API's answers; its conditions are used instead"));
    }

    @Test
    void withoutTheAutoscalersStatusItLacks() {
        Recording run = Worlds.full(1).remove(Recording.changesOf("HorizontalPodAutoscaler"));
        assertThat(run.judge().lacking())
                .contains(new VerdictRecord.Lack(WORD, "the autoscaler's conditions"));
    }

    @Test
    void alreadyAtItsMaximumWhenTheLoadBegins() {
        Recording run = Worlds.full(1);
        Recording.object(run.deployment(), "target", "autoscaler").put("minReplicas", 0);
        assertThat(run.judge().evidence())
                .extracting(Evidence::what)
                .contains(
                        "no scale-out was possible: 1 replica when the load began, and the maximum is 1");
    }

    @Test
    void aLoadTooShortForAnyPassToSeeItIsInconclusive() {
        assertThat(Alter.end(Worlds.full(1), 44, "COMPLETED").word()).isEqualTo("inconclusive");
        assertThat(Alter.end(Worlds.full(1), 46, "COMPLETED").word()).isEqualTo(WORD);
    }
}
