package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.headroom.lab.experiment.Threshold.Aggregation;
import dev.headroom.lab.experiment.Threshold.Operator;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import dev.headroom.lab.verdict.VerdictRecord.Finding;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for every verdict: the order, the expectations, the exit code, what is said beside. */
class JudgeTest {
    @Test
    void rulesAreTriedInTheOrderOfTheWords() {
        List<Verdict> tried = Judge.RULES.stream().map(Rule::verdict).toList();
        List<Verdict> all =
                Arrays.stream(Verdict.values())
                        .filter(v -> v != Verdict.INCONCLUSIVE)
                        .collect(Collectors.toList());
        assertThat(tried).isEqualTo(all);
    }

    @Test
    void everyExpectationMet() {
        Recording run = Worlds.scaled().expect(Verdict.SCALED, Limits.failedBelow(0.001));
        VerdictRecord verdict = run.judge();
        assertThat(verdict.exitCode()).isZero();
        assertThat(verdict.expectations())
                .containsExactly(
                        new Expectation("verdict", "scaled", "scaled", true, null),
                        new Expectation("http_req_failed", "rate<0.001", "0 %", true, null));
    }

    @Test
    void anotherVerdictThanExpected() {
        assertThat(Worlds.scaled().expect(Verdict.HELD).judge().exitCode()).isEqualTo(99);
        assertThat(Worlds.scaled().expect(null).judge().exitCode()).isZero();
    }

    @Test
    void aBrokenThreshold() {
        Recording run =
                Worlds.full(1)
                        .expect(
                                Verdict.BOTTLENECK_MAX_REPLICAS,
                                Limits.duration(Aggregation.AVG, Operator.LESS, 1));
        assertThat(run.judge().exitCode()).isEqualTo(99);
    }

    @Test
    void whatWasRefusedIsThreeUnlessExpected() {
        Recording run = Alter.end(Worlds.scaled(), 20, "INTERRUPTED");
        assertThat(run.expect(Verdict.SCALED).judge().exitCode()).isEqualTo(3);
        assertThat(run.expect(Verdict.INCONCLUSIVE).judge().exitCode()).isZero();
        run.load().remove("latency");
        run.remove(Recording.ofKind("latency"));
        assertThat(
                        run.expect(Verdict.INCONCLUSIVE, Limits.percentileBelow(42, 1))
                                .judge()
                                .exitCode())
                .isEqualTo(3);
    }

    @Test
    void stoppedAfterTwentySeconds() {
        VerdictRecord verdict = Alter.end(Worlds.full(1), 20, "INTERRUPTED").judge();
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.sentence())
                .isEqualTo(
                        "Nothing can be said: the load was stopped after 20 s; the shortest that can show it is 45 s (metrics window + sync period + a phase).");
        verdict = Alter.end(Worlds.scaled(), 20, "INTERRUPTED").judge();
        assertThat(verdict.sentence())
                .isEqualTo(
                        "Nothing can be said: the load was stopped after 20 s; the shortest that can show it is 1m7s (metrics window 15s + sync period 15s + start of a pod 6s295ms + two phases of 15s).");
        assertThat(verdict.counterfactuals())
                .extracting(Counterfactual::setting, Counterfactual::was, Counterfactual::value)
                .containsExactly(tuple("load duration", "20 s", "67 s"));
        assertThat(verdict.findings())
                .extracting(Finding::sentence)
                .contains("The load ended after 20 s of 110 s: stopped by SIGINT");
    }

    @Test
    void aShortLoadThatEndedAsPlanned() {
        assertThat(Alter.end(Worlds.full(3), 20, "COMPLETED").judge().sentence())
                .startsWith("Nothing can be said: the load lasted 20 s; the shortest");
    }

    @Test
    void aGeneratorThatFailedAllowsNoVerdict() {
        Recording run = Alter.end(Worlds.full(1), 100, "FAILED");
        Recording.object(run.load(), "ended").put("cause", "wrk ended with exit code 137");
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.sentence())
                .isEqualTo(
                        "Nothing can be said: the load generator failed: wrk ended with exit code 137.");
        assertThat(verdict.findings())
                .extracting(Finding::word)
                .contains("bottleneck-max-replicas", "ended-early");
    }

    @Test
    void whereNothingHoldsItSaysWhatWasLacking() {
        Recording run = Worlds.full(1).podsWithout("cpuSeconds").podsWithout("throttledPeriods");
        assertThat(run.judge().sentence())
                .startsWith("Nothing can be said: data is missing: ")
                .contains("bottleneck-max-replicas lacks CPU per pod over its limit");
        assertThat(Alter.utilization(Worlds.calm(1), at -> 60).judge().sentence())
                .isEqualTo("Nothing can be said: no rule holds on what was seen.");
    }

    @Test
    void aBaselineThatWasNotReached() {
        Recording run = Worlds.scaled();
        run.each(
                Recording.ofKind("mark"),
                (at, mark) -> {
                    if (mark.path("what").asString().equals("baseline")) {
                        mark.put("detail", "not settled: not waited for");
                    }
                });
        assertThat(run.judge().findings())
                .extracting(Finding::sentence)
                .contains(
                        "The load began before the replicas stood still where the idle service wants them; it is judged from the 1 replica that were found.");
        assertThat(Worlds.scaled().judge().findings())
                .extracting(Finding::word)
                .doesNotContain("baseline-not-settled");
    }

    @Test
    void anAutoscalerThatReportsAnotherUtilization() {
        Recording run = Worlds.full(1);
        run.hpa((at, hpa) -> {
            if (at > 40 && at < 50) {
                Alter.says(hpa, 180);
            }
        });
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("bottleneck-max-replicas");
        assertThat(verdict.findings())
                .filteredOn(f -> f.word().equals("recomputation-differs"))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.sentence())
                            .startsWith("In 1 of 4 passes the autoscaler reports another");
                    assertThat(f.evidence().getFirst().what())
                            .isEqualTo("reported 180 %, recomputed 200 %");
                });
    }

    /** As an observer that stood still leaves it, or somebody's editor. */
    @ParameterizedTest
    @CsvSource({"10, 27", "-99, 17", "20, 999"})
    void whatWasNotObservedIsNotJudged(double from, double to) {
        Recording run = Worlds.full(1);
        run.remove(line -> run.seconds(line) > from && run.seconds(line) < to);
        VerdictRecord verdict = run.judge();
        assertThat(verdict.verdict()).isEqualTo("inconclusive");
        assertThat(verdict.exitCode()).isEqualTo(3);
        assertThat(verdict.sentence()).contains("nothing was observed from ");
    }

    @Test
    void aFewSecondsWithoutASampleAreNoHole() {
        Recording run = Worlds.full(1);
        run.remove(line ->
                Recording.ofKind("sample").test(line)
                        && run.seconds(line) > 20
                        && run.seconds(line) < 29);
        assertThat(run.judge().verdict()).isEqualTo("bottleneck-max-replicas");
    }

    @Test
    void latenciesThatWrkCutOff() {
        assertThat(Recording.autoscaling().judge().findings())
                .filteredOn(f -> f.word().equals("latency-cut-off"))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.sentence())
                            .isEqualTo(
                                    "4,766 of 147,220 answers came after 2 s and are missing from wrk's latencies.");
                    assertThat(f.evidence())
                            .extracting(VerdictRecord.Evidence::value)
                            .containsExactly("596 ms", "750 ms", "738 ms");
                });
    }
}
