package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Finding;
import dev.headroom.lab.verdict.VerdictRecord.Lack;
import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** {@code scaled}, and what looks like it. */
class ScaledTest {
    @Test
    void asRecordedOnABusyMachine() {
        VerdictRecord verdict = Recording.autoscaling().judge();
        assertThat(verdict.verdict()).isEqualTo("scaled");
        assertThat(verdict.exitCode()).isZero();
        assertThat(verdict.lacking()).isEmpty();
    }

    @Test
    void everyNewPodWithItsShareAndTheGain() {
        VerdictRecord verdict = Worlds.scaled().judge();
        assertThat(verdict.verdict()).isEqualTo("scaled");
        assertThat(verdict.sentence())
                .isEqualTo(
                        "It scaled from 1 to 3 pods, and throughput is 3 times what it was; each new pod gives at least 33.3 % of the answers.");
        assertThat(verdict.evidence())
                .extracting(Evidence::value)
                .containsExactly("400/s", "1,200/s", "3", "1 to 3", "33.3 %", "33.3 %");
        assertThat(verdict.phases())
                .extracting(p -> p.pods().size() + " pods, " + p.decides())
                .containsExactly("1 pods, true", "2 pods, false", "3 pods, true");
    }

    /** What people plan with is the sentence, not its evidence. */
    @Test
    void aFactorThatThePodsAloneCannotGiveIsSaidToBeSuch() {
        assertThat(Worlds.scaled((at, pod) -> at < 21.5 ? 100 : 400).judge().sentence())
                .contains("12 times what it was (more than the pods alone can give: ");
    }

    @Test
    void theReactionStepByStep() {
        assertThat(Worlds.scaled().judge().reaction())
                .extracting(ReactionStep::name)
                .containsExactly(
                        "load on",
                        "first sample above target",
                        "decision",
                        "pod created",
                        "scheduled",
                        "started",
                        "ready",
                        "first answer",
                        "half its fair share");
        assertThat(Worlds.scaled().judge().reaction())
                .allSatisfy(s -> assertThat(s.at()).isNotNull())
                .extracting(ReactionStep::seconds)
                .containsExactly(null, 10.817, 3.793, 0.056, 0.279, 0.049, 5.964, 0.946, 0.0);
    }

    @Test
    void theGainThatIsEnoughIsHalfOfTheIdeal() {
        assertThat(Worlds.scaled((at, pod) -> at < 21.5 ? 400 : 268).word()).isEqualTo("scaled");
        assertThat(Worlds.scaled((at, pod) -> at < 21.5 ? 400 : 265).word())
                .isEqualTo("scaled-without-gain");
    }

    @Test
    void aNewPodWithLessThanHalfItsShare() {
        // Gain enough by the other two, but this one gives 15 % where a third is fair.
        Recording run = Worlds.scaled((at, pod) -> pod.equals("pod-c") ? 150 : 425);
        assertThat(run.word()).isNotEqualTo("scaled");
        Recording enough = Worlds.scaled((at, pod) -> pod.equals("pod-c") ? 175 : 425);
        assertThat(enough.word()).isEqualTo("scaled");
    }

    @Test
    void aRiseOnSamplesFromBeforeTheLoadIsNever() {
        Recording run = Worlds.scaled();
        sampledAt(run, -1);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isNotEqualTo("scaled");
        assertThat(verdict.findings()).extracting(Finding::word).contains("rise-before-load");
        assertThat(verdict.reaction()).isEmpty();
    }

    private static void sampledAt(Recording run, double seconds) {
        run.each(
                Recording.ofKind("metrics"),
                (at, line) -> {
                    if (at > 0 && at < 15) {
                        line.path("items")
                                .forEach(i ->
                                        ((ObjectNode) i)
                                                .put("timestamp", Alter.time(run, seconds)));
                    }
                });
    }

    /** Seen on a real cluster: an autoscaler that was deleted and created again kept its recommendations, 1 to 3 with nothing to do. */
    @Test
    void aRiseThatTheMetricsDoNotAskFor() {
        Recording run = Worlds.scaled();
        run.each(
                Recording.ofKind("metrics"),
                (at, line) -> {
                    if (at > 0 && at < 15) {
                        usage(line, 100);
                    }
                });
        run.hpa((at, hpa) -> {
            if (at > 0 && at < 15) {
                Alter.says(hpa, 40);
                Recording.object(hpa, "status").put("desiredReplicas", 3);
            }
        });
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isNotEqualTo("scaled");
        assertThat(verdict.findings()).extracting(Finding::word).contains("rise-before-load");
    }

    private static void usage(ObjectNode line, int milli) {
        line.path("items")
                .forEach(i ->
                        Recording.object(i.path("containers").path(0), "usage")
                                .put("cpu", milli + "m"));
    }

    @Test
    void withoutMetricsAnEarlyRiseIsUnknown() {
        Recording run = Worlds.scaled().remove(Recording.ofKind("metrics"));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.lacking())
                .contains(new Lack("scaled", "the metrics by which the replicas were raised"));
    }

    @Test
    void withoutMetricsALateRiseIsByTheLoad() {
        // One window and one period have gone by: whatever was sampled has seen the load.
        Recording run = Worlds.scaled().remove(Recording.ofKind("metrics"));
        run.setting("metricsWindowSeconds", "7").setting("syncPeriodSeconds", "7");
        assertThat(run.word()).isEqualTo("scaled");
    }

    @Test
    void withoutAnswersPerPodItLacks() {
        Recording run = Worlds.scaled().podsWithout("balancer");
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.lacking())
                .extracting(Lack::rule)
                .contains("scaled", "scaled-without-gain");
    }

    @Test
    void withAConstantRateGainIsBeingBackInsideTheThresholds() {
        Recording run = Worlds.scaled();
        Alter.constantRate(run, 600, 20).thresholds(Limits.percentileBelow(99, 100));
        Alter.cpu(run, (at, pod) -> 1);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("scaled");
        assertThat(verdict.sentence())
                .isEqualTo(
                        "It scaled to 3 pods, and the thresholds hold; each new pod gives at least 33.3 % of the answers.");
        assertThat(verdict.evidence()).extracting(Evidence::value).contains("100 %", "83 of 83");
    }

    @Test
    void aNewPodThatIsThereForLessThanAPhaseIsNoGain() {
        assertThat(Alter.end(Worlds.scaled(), 36, "COMPLETED").word()).isEqualTo("inconclusive");
        assertThat(Alter.end(Worlds.scaled(), 38, "COMPLETED").word()).isEqualTo("scaled");
    }

    @Test
    void stoppedBeforeTheShortestThatMakesSense() {
        assertThat(Alter.end(Worlds.scaled(), 38, "INTERRUPTED").word()).isEqualTo("inconclusive");
        assertThat(Alter.end(Worlds.scaled(), 66, "INTERRUPTED").word()).isEqualTo("inconclusive");
        assertThat(Alter.end(Worlds.scaled(), 68, "INTERRUPTED").word()).isEqualTo("scaled");
    }
}
