package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code scaled-too-late}, and what looks like it. */
class TooLateTest {
    private static final String WORD = "scaled-too-late";

    /** A rate that one pod can't carry and three can: slow until they serve. */
    private static Recording slowUntil(double until) {
        Recording run = Worlds.scaled();
        Alter.constantRate(run, 600, 20).thresholds(Limits.percentileBelow(99, 100));
        Alter.cpu(run, (at, pod) -> at < 22 ? 1 : 0.5);
        Alter.maximum(run, 12);
        for (var window : run.load().path("windows")) {
            double at = (window.path("at").asLong() - run.start()) / 1e3;
            if (at <= until) {
                ((ObjectNode) window).put("p99", 3000);
            }
        }
        return run;
    }

    @Test
    void harmOnTheWay() {
        // Due is one period after the first sample above the target at 10.8 s.
        assertThat(slowUntil(26).word()).isEqualTo("scaled");
        Recording run = slowUntil(40);
        Alter.ready(run, "pod-b", 20, false);
        Alter.ready(run, "pod-c", 20, false);
        Alter.ready(run, "pod-b", 45, true);
        Alter.ready(run, "pod-c", 45, true);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.evidence())
                .extracting(Evidence::what)
                .anyMatch(w ->
                        w.matches(
                                "after the scale-out was due, \\d+ windows are outside http_req_duration p\\(99\\)<100"))
                .anyMatch(w -> w.startsWith("the slowest step of the reaction is "));
    }

    /** Twin: harm only in the first 5 s. */
    @Test
    void harmOnlyInTheFirstSeconds() {
        assertThat(slowUntil(5).word()).isEqualTo("scaled");
    }

    /** One request in sixty-six failed, somewhere on the way. */
    static Recording failing() {
        Recording run = slowUntil(0).thresholds(Limits.failedBelow(0.01));
        run.load().put("failed", 1000);
        return run;
    }

    @Test
    void aThresholdThatIsBrokenOverTheRun() {
        VerdictRecord verdict = failing().judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .isEqualTo(
                        "It scaled from 1 to 3, but too late: harm was done before they helped; the slowest step was \"first sample above target\" with 10.8 s.");
        assertThat(verdict.counterfactuals())
                .containsExactly(
                        new Counterfactual(
                                "HorizontalPodAutoscaler/iris-api-hpa spec.minReplicas",
                                "1",
                                "3",
                                false,
                                "with as many pods the thresholds held in the last phase, so there is nothing to wait for"));
    }

    @Test
    void readyWithLessThanAPhaseLeft() {
        Recording run = Worlds.scaled();
        run.objects(
                "Pod",
                (at, object) -> {
                    if (!Kube.text(object, "metadata", "name").equals(Alter.FIRST)) {
                        Alter.condition(object, "Ready", "False", "ContainersNotReady", "");
                    }
                });
        Alter.ready(run, "pod-b", 15, false);
        Alter.ready(run, "pod-c", 15, false);
        Alter.ready(run, "pod-b", 62, true);
        Alter.ready(run, "pod-c", 62, true);
        // Pods that come after 47 s are missing for long; that is tried first.
        Recording cut = Alter.end(run, 70, "COMPLETED");
        VerdictRecord verdict = cut.judge();
        assertThat(verdict.verdict()).isEqualTo("not-ready");
        assertThat(verdict.findings())
                .filteredOn(f -> f.word().equals(WORD))
                .singleElement()
                .satisfies(f ->
                        assertThat(f.evidence().getFirst().what())
                                .isEqualTo(
                                        "the first of the pods that were asked for became ready 8 s before the load ended; a phase needs 15 s"));
    }

    @Test
    void decidedSoLateThatNothingCanBeSeen() {
        Recording run = lateDecision(60, 65);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.sentence())
                .startsWith(
                        "It scaled from 1 to 3, but too late: the load ended before they could show a gain");
        assertThat(verdict.counterfactuals())
                .containsExactly(
                        new Counterfactual(
                                "load duration",
                                "74 s",
                                "81 s",
                                true,
                                "a phase of 15 s with the new pods ready"));
    }

    @Test
    void neverReadyInTime() {
        Recording run = lateDecision(60, 200);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo(WORD);
        assertThat(verdict.evidence().getFirst().what())
                .isEqualTo(
                        "none of the pods that were asked for became ready before the load ended");
        assertThat(verdict.counterfactuals())
                .extracting(Counterfactual::value)
                .containsExactly("89 s");
    }

    /** All of the scale-out is moved behind, and the load ends at 74 s. */
    private static Recording lateDecision(double decided, double ready) {
        Recording run = Worlds.scaled((at, pod) -> pod.equals(Alter.FIRST) ? 400 : 0);
        double later = decided - 14.6;
        run.each(
                l ->
                        l.path("kind").asString().equals("change")
                                && run.seconds(l) > 10
                                && run.seconds(l) < 25,
                (at, line) -> {
                    boolean up = at > 19.5;
                    line.put("at", run.at(up ? ready + at - 19.5 : at + later));
                });
        run.lines().sort(Comparator.comparingLong(l -> l.path("at").asLong()));
        run.hpa((at, hpa) -> {
            if (at > 25 && at < decided - 1) {
                Recording.object(hpa, "status").put("currentReplicas", 1).put("desiredReplicas", 1);
                Alter.says(hpa, 40);
                Alter.condition(hpa, "ScalingLimited", "False", "DesiredWithinRange", "");
            }
        });
        run.each(
                Recording.ofKind("metrics"),
                (at, line) -> {
                    if (at > 0) {
                        for (var item : line.path("items")) {
                            Recording.object(item.path("containers").path(0), "usage")
                                    .put("cpu", at < decided - 5 ? "100m" : "500m");
                        }
                    }
                });
        run.samples((at, sample) -> {
            var pods = (ArrayNode) sample.path("pods");
            int serving = 0;
            for (int i = pods.size() - 1; i >= 0; i--) {
                boolean first = pods.path(i).path("pod").asString().equals(Alter.FIRST);
                if (!first && at < decided) {
                    pods.remove(i);
                    continue;
                }
                boolean is = first || at >= ready + 1.5;
                ((ObjectNode) pods.path(i)).put("ready", is);
                serving += is ? 1 : 0;
            }
            Recording.object(sample, "replicas")
                    .put("desired", at < decided ? 1 : 3)
                    .put("current", at < decided ? 1 : 3)
                    .put("ready", serving);
        });
        return Alter.end(run, 74, "COMPLETED");
    }

    @Test
    void withoutThresholdsThatCanBeJudgedItLacks() {
        Recording run = slowUntil(0).thresholds(Limits.percentileBelow(42, 100));
        assertThat(run.judge().lacking())
                .extracting(VerdictRecord.Lack::rule)
                .contains(WORD, "scaled");
    }
}
