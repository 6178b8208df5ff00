package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.headroom.lab.verdict.SeenPass.Trace;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The autoscaler's passes, from the changes of its status, and what they asked for. */
class PassesTest {
    private static List<SeenPass> passes(Recording run) {
        return run.run().passes();
    }

    @Test
    void thoseOfTheRecordedRun() {
        assertThat(passes(Recording.autoscaling()))
                .extracting(
                        p -> Math.round((p.at() - Recording.autoscaling().start()) / 1e3),
                        SeenPass::trace,
                        SeenPass::current,
                        SeenPass::desired,
                        SeenPass::utilization,
                        SeenPass::asked,
                        SeenPass::differs)
                .containsExactly(
                        pass(15, 1, 3, 143, 3),
                        pass(30, 3, 3, 200, 4),
                        pass(45, 3, 3, 198, 12),
                        pass(60, 3, 3, 200, 12),
                        pass(75, 3, 3, 200, 12),
                        pass(90, 3, 3, 200, 12),
                        pass(105, 3, 3, 199, 12));
    }

    private static Tuple pass(long at, int current, int desired, int utilization, int asked) {
        return tuple(at, Trace.SEEN, current, desired, utilization, asked, null);
    }

    @Test
    void aPassThatChangesNothingIsKnownByThePeriod() {
        Recording run = Worlds.full(3);
        run.remove(l -> {
            double at = run.seconds(l);
            return Recording.changesOf("HorizontalPodAutoscaler").test(l) && at > 40 && at < 80;
        });
        assertThat(passes(run))
                .extracting(SeenPass::trace)
                .containsExactly(
                        Trace.SEEN,
                        Trace.SEEN,
                        Trace.UNCHANGED,
                        Trace.UNCHANGED,
                        Trace.UNCHANGED,
                        Trace.UNCHANGED,
                        Trace.UNCHANGED);
    }

    @Test
    void aStatusWithoutConditionsIsNoPass() {
        Recording run = Worlds.full(3);
        run.hpa((at, hpa) -> Recording.object(hpa, "status").remove("conditions"));
        assertThat(passes(run)).isEmpty();
    }

    @Test
    void aDeletedAutoscalerHasNoPasses() {
        Recording run = Worlds.full(3);
        run.each(
                Recording.changesOf("HorizontalPodAutoscaler"),
                (at, line) -> line.put("change", "DELETED"));
        assertThat(passes(run)).isEmpty();
    }

    @Test
    void aPassThatHadNoMetricAskedForNothing() {
        Recording run = MetricsMissingTest.withoutRequest();
        assertThat(passes(run))
                .allSatisfy(p -> {
                    assertThat(p.active()).isFalse();
                    assertThat(p.asked()).isNull();
                    assertThat(p.utilization()).isNull();
                    assertThat(p.asksForMore()).isNull();
                    assertThat(p.asksAboveMax()).isNull();
                });
    }

    /** The metrics that it used were never seen: what it reports is taken. */
    @Test
    void metricsThatWereMissed() {
        Recording run = Worlds.full(3);
        run.remove(l ->
                Recording.ofKind("metrics").test(l) && run.seconds(l) > 0 && run.seconds(l) < 50);
        SeenPass first = passes(run).stream().filter(SeenPass::isSeen).findFirst().orElseThrow();
        assertThat(first.asked()).isEqualTo(4);
        assertThat(first.differs()).isEqualTo("reported 200 %, recomputed 28 %");
    }

    @Test
    void podsThatWereNeverSeenCanNotBeCounted() {
        Recording run = Worlds.full(3).remove(Recording.changesOf("Pod"));
        assertThat(passes(run)).allSatisfy(p -> assertThat(p.asked()).isNull());
    }

    /** Read by the observer soon after the autoscaler read them. */
    @ParameterizedTest
    @CsvSource({"3.9, 4", "4.1, 1"})
    void metricsThatAreReadLate(double late, int asked) {
        Recording run = Alter.utilization(Worlds.full(3), at -> 40);
        run.hpa((at, hpa) -> {
            if (at > 28 && at < 31) {
                Alter.says(hpa, 200);
                Recording.object(hpa, "spec").remove("metrics");
            }
        });
        // Without the target's kind of metric nothing can be computed at all.
        assertThat(passes(run).get(1).asked()).isNull();
        Recording metrics = Alter.utilization(Worlds.full(3), at -> 40);
        metrics.hpa((at, hpa) -> {
            if (at > 28 && at < 31) {
                Alter.says(hpa, 199);
            }
        });
        ObjectNode told =
                metrics.lines().stream()
                        .filter(Recording.ofKind("metrics"))
                        .reduce((a, b) -> b)
                        .orElseThrow()
                        .deepCopy();
        for (JsonNode item : told.path("items")) {
            Recording.object(item.path("containers").path(0), "usage").put("cpu", "499m");
        }
        metrics.add(29.595 + late, told);
        SeenPass pass = passes(metrics).get(1);
        assertThat(pass.differs() == null).isEqualTo(asked == 4);
    }

    private static SeenPass saying(@Nullable Integer asked, int desired, String conditions) {
        ObjectNode hpa = Recording.tree("{\"status\":{\"conditions\":[" + conditions + "]}}");
        return new SeenPass(0, Trace.SEEN, hpa, 2, desired, 1, 3, null, asked, null, null);
    }

    private static String condition(String type, String status, String reason) {
        return "{\"type\":\""
                + type
                + "\",\"status\":\""
                + status
                + "\",\"reason\":\""
                + reason
                + "\"}";
    }

    private static final String ACTIVE = condition("ScalingActive", "True", "ValidMetricFound");

    @Test
    void whatAPassAskedForByWhatIsKnown() {
        assertThat(saying(3, 2, ACTIVE).asksForMore()).isTrue();
        assertThat(saying(2, 2, ACTIVE).asksForMore()).isFalse();
        assertThat(saying(4, 2, ACTIVE).asksAboveMax()).isTrue();
        assertThat(saying(3, 2, ACTIVE).asksAboveMax()).isFalse();
        assertThat(saying(null, 2, ACTIVE).asksForMore()).isNull();
        assertThat(saying(null, 2, ACTIVE).asksAboveMax()).isNull();
        assertThat(saying(null, 3, ACTIVE).asksForMore()).isTrue();
        assertThat(saying(null, 3, ACTIVE).askedWords()).isEqualTo("more than 3");
        assertThat(saying(7, 3, ACTIVE).askedWords()).isEqualTo("7");
    }

    @Test
    void whatAPassAskedForByItsConditions() {
        String within = condition("ScalingLimited", "False", "DesiredWithinRange");
        String tooMany = condition("ScalingLimited", "True", "TooManyReplicas");
        String notTooMany = condition("ScalingLimited", "False", "TooManyReplicas");
        String limit = condition("ScalingLimited", "True", "ScaleUpLimit");
        String stabilized = condition("AbleToScale", "True", "ScaleUpStabilized");
        assertThat(saying(null, 2, within).asksForMore()).isFalse();
        assertThat(saying(null, 2, within).asksAboveMax()).isFalse();
        assertThat(saying(null, 2, tooMany).asksForMore()).isTrue();
        assertThat(saying(null, 2, tooMany).asksAboveMax()).isTrue();
        assertThat(saying(null, 2, notTooMany).asksAboveMax()).isFalse();
        assertThat(saying(null, 2, limit).asksForMore()).isTrue();
        assertThat(saying(null, 2, stabilized).asksForMore()).isTrue();
        String blind = condition("ScalingActive", "False", "FailedGetResourceMetric");
        assertThat(saying(null, 2, blind + "," + tooMany).asksForMore()).isNull();
        assertThat(saying(null, 2, blind + "," + tooMany).asksAboveMax()).isNull();
        assertThat(saying(null, 2, tooMany).active()).isNull();
        assertThat(saying(null, 2, ACTIVE).active()).isTrue();
        assertThat(saying(null, 2, "").message("ScalingActive")).isEmpty();
    }

    @Test
    void aPassThatDidNotComeLimitsNothing() {
        SeenPass missed = saying(9, 2, ACTIVE).missed(1000, 200, 9);
        assertThat(missed.isMissed()).isTrue();
        assertThat(missed.isSeen()).isFalse();
        assertThat(missed.asksForMore()).isTrue();
        assertThat(missed.asksAboveMax()).isNull();
    }

    /** What it used would have been read within four seconds, had there been that many. */
    @Test
    void aPassThatTheObserverDidNotOutlastIsNotCompared() {
        Recording run = Worlds.full(1);
        long pass = passes(run).get(1).at();
        run.hpa((at, hpa) -> {
            if (run.at(at) == pass) {
                Alter.says(hpa, 180);
            }
        });
        assertThat(passes(run).get(1).differs()).isEqualTo("reported 180 %, recomputed 200 %");
        run.remove(l -> Recording.ofKind("sample").test(l) && l.path("at").asLong() >= pass + 4000);
        assertThat(passes(run).get(1).differs()).isNull();
        assertThat(passes(run).get(1).asked()).isEqualTo(4);
    }

    @Test
    void aMissedPassIsNoDifference() {
        Recording run = Worlds.full(3);
        run.remove(
                l -> Recording.changesOf("HorizontalPodAutoscaler").test(l) && run.seconds(l) > 0);
        // At 15 s the metrics from before the load were among the newest.
        assertThat(passes(run).getFirst().trace()).isEqualTo(Trace.UNCHANGED);
        assertThat(passes(run).subList(1, 7))
                .extracting(SeenPass::trace)
                .containsOnly(Trace.MISSED);
        assertThat(run.judge().findings())
                .extracting(VerdictRecord.Finding::word)
                .doesNotContain("recomputation-differs");
    }
}
