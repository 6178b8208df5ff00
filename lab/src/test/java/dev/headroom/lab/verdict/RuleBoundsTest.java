package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.verdict.SeenPass.Trace;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts on scaling where one pass, one answer or one millisecond decides. */
class RuleBoundsTest {
    private static final Outcome LACKS_SATURATION =
            new Outcome.Lacks("CPU per pod over its limit, for a phase of 15 s");

    /** An autoscaler that has decided once, before the load, and one pod throughout. */
    private static Small one(int max, @Nullable Boolean full) {
        Small run = new Small().scaledUpTo(max);
        run.phases.add(Small.phase(0, 60, 400.0, Small.pod("a", null, full)));
        return run.see(Watched.deployment(-5, 1), Watched.decided(-5, 1));
    }

    private static Small passes(Small run, SeenPass... passes) {
        run.passes.addAll(List.of(passes));
        return run;
    }

    private static List<String> values(Outcome outcome) {
        return outcome instanceof Outcome.Fires fires
                ? fires.evidence().stream().map(Evidence::value).toList()
                : List.of();
    }

    // --- held

    private static Outcome held(Small run) {
        return new HeldRule().on(run.run());
    }

    /** Two of them, after a window of 15 s. */
    @ParameterizedTest
    @CsvSource({"15, true", "14.999, false"})
    void passesHaveToSeeAWholeWindowOfTheLoad(double first, boolean held) {
        Small run = passes(one(5, false), Watched.pass(first, 1, 5, 1), Watched.pass(30, 1, 5, 1));
        assertThat(held(run)).isInstanceOf(held ? Outcome.Fires.class : Outcome.Lacks.class);
    }

    @Test
    void theMostThatWasAskedForIsTold() {
        Small run =
                passes(
                        one(5, false),
                        Watched.pass(15, 3, 5, 2),
                        Watched.pass(30, 3, 5, 3),
                        Watched.pass(45, 3, 5, 1));
        assertThat(values(held(run))).containsExactly("3");
    }

    @Test
    void withoutAnAutoscalerTheThresholdsAreTold() {
        Small run = one(5, false);
        run.autoscaler = null;
        run.thresholds.add(Limits.failedBelow(0.01));
        run.judged.add(new Expectation("http_req_failed", "rate<0.01", "0.2 %", true, null));
        assertThat(values(held(run))).containsExactly("not saturated", "0.2 %");
    }

    // --- bottleneck-max-replicas

    private static Outcome maximum(Small run) {
        return new MaximumRule().on(run.run());
    }

    @Test
    void twoPassesAboveTheMaximumAreEnough() {
        Small run = passes(one(1, true), Watched.pass(30, 1, 1, 4));
        assertThat(maximum(run)).isEqualTo(Outcome.no());
        assertThat(maximum(passes(run, Watched.pass(45, 1, 1, 4))))
                .isInstanceOf(Outcome.Fires.class);
    }

    /** The last that has pods, and that reaches to the first of the passes. */
    @Test
    void thePhaseInWhichItIsAtItsMaximum() {
        Small run = passes(one(1, true), Watched.pass(40, 1, 1, 4), Watched.pass(55, 1, 1, 4));
        run.phases.clear();
        run.phases.add(Small.phase(0, 40, 400.0, Small.pod("a", null, true)));
        run.phases.add(Small.phase(40, 60, null));
        assertThat(maximum(run)).isInstanceOf(Outcome.Fires.class);
        run.phases.set(0, Small.phase(0, 39.999, 400.0, Small.pod("a", null, true)));
        assertThat(maximum(run)).isEqualTo(LACKS_SATURATION);
    }

    @Test
    void theFirstPassThatAskedForTheMost() {
        SeenPass most = Watched.pass(30, 5, 5, 9);
        assertThat(
                        MaximumRule.most(
                                List.of(
                                        Watched.pass(15, 5, 5, null),
                                        Watched.pass(20, 5, 5, 6),
                                        most,
                                        Watched.pass(45, 5, 5, 9),
                                        Watched.pass(60, 5, 5, null),
                                        Watched.pass(75, 5, 5, 7))))
                .isEqualTo(most);
    }

    // --- not-scaled

    private static Outcome notScaled(Small run) {
        return new NotScaledRule().on(run.run());
    }

    @Test
    void twoPassesThatAskedForMoreAreEnough() {
        Small run = passes(one(5, true), Watched.pass(30, 1, 5, 4));
        assertThat(notScaled(run)).isEqualTo(Outcome.no());
        assertThat(notScaled(passes(run, Watched.pass(45, 1, 5, 4))))
                .isInstanceOfSatisfying(
                        Outcome.Fires.class,
                        f ->
                                assertThat(f.evidence().getFirst().source())
                                        .isEqualTo("recomputed from metrics.k8s.io"));
    }

    /** A rise that the load did not cause is none; one of which that is not known may be. */
    @ParameterizedTest
    @CsvSource({"false, true", "true, false", ", false"})
    void aRiseThatTheLoadDidNotCauseIsNone(@Nullable Boolean onLoad, boolean fires) {
        Small run = passes(one(5, true), Watched.pass(30, 1, 5, 4), Watched.pass(45, 1, 5, 4));
        run.rises.add(new Rise(Small.at(5), 1, 2, onLoad, ""));
        assertThat(notScaled(run) instanceof Outcome.Fires).isEqualTo(fires);
    }

    @Test
    void withoutRoomBelowTheMaximumNothingIsMissed() {
        assertThat(notScaled(one(1, true))).isEqualTo(Outcome.no());
        assertThat(notScaled(one(2, true))).isInstanceOf(Outcome.Fires.class);
    }

    @Test
    void withoutAnAutoscalerPodsThatAreNotFullNeedNoMore() {
        Small run = one(5, false);
        run.autoscaler = null;
        assertThat(notScaled(run)).isEqualTo(Outcome.no());
    }

    private static SeenPass stabilised(double at) {
        return new SeenPass(
                Small.at(at),
                Trace.SEEN,
                Recording.tree(
                        """
                        {"spec":{"behavior":{"scaleUp":{"stabilizationWindowSeconds":300}}},
                         "status":{"conditions":[{"type":"AbleToScale","status":"True","reason":"ScaleUpStabilized"}]}}
                        """),
                1,
                1,
                1,
                5,
                null,
                4,
                null,
                null);
    }

    /** A load of 45 s has time for a window, a period and a phase, and for no stabilisation. */
    @Test
    void theStabilisationThatTheLoadHasTimeFor() {
        Small run = passes(one(5, true), stabilised(15), stabilised(30));
        run.end = 45;
        assertThat(notScaled(run))
                .isInstanceOfSatisfying(
                        Outcome.Fires.class,
                        f ->
                                assertThat(((Cause.NotScaled) f.cause()).fix())
                                        .isNotNull()
                                        .satisfies(fix -> assertThat(fix.value()).isEqualTo("0")));
    }

    // --- target-unreachable

    /** One pod with this request, this limit, and a target of 100 %. */
    private static Outcome unreachable(double request, double limit, @Nullable Boolean full) {
        Small run = one(5, full);
        run.autoscaler = new DeploymentRecord.Autoscaler("web", 1, 5, 100);
        run.containers.add(
                new DeploymentRecord.Container("web", "web", null, request, limit, null, null));
        return new TargetUnreachableRule().on(run.run());
    }

    /** At the target and its tolerance of a tenth it is still no reason for more. */
    @Test
    void aLimitThatIsTheTargetAndItsToleranceIsTooLow() {
        assertThat(values(unreachable(0.5, 0.55, true))).startsWith("110 %");
        assertThat(unreachable(0.5, 0.551, true)).isEqualTo(Outcome.no());
        assertThat(unreachable(0.5, 0.55, false)).isEqualTo(Outcome.no());
        assertThat(unreachable(0.5, 0.55, null)).isEqualTo(LACKS_SATURATION);
        assertThat(unreachable(0, 0, true)).isEqualTo(Outcome.no());
    }

    // --- scaled

    /** From one pod to two, and twice as much. */
    private static Small risen(@Nullable Boolean onLoad, @Nullable Double share) {
        Small run = new Small().scaledUpTo(2);
        run.rises.add(new Rise(Small.at(15), 1, 2, onLoad, ""));
        PodShare old = Small.pod("a", share == null ? null : 1 - share, true);
        run.phases.add(Small.phase(0, 20, 400.0, Small.pod("a", 1.0, true)));
        run.phases.add(Small.phase(20, 60, 800.0, old, Small.pod("b", share, true)));
        return run;
    }

    private static Outcome scaled(Small run) {
        return new ScaledRule().on(run.run());
    }

    @Test
    void aNewPodNeedsHalfOfItsFairShare() {
        assertThat(scaled(risen(true, 0.25))).isInstanceOf(Outcome.Fires.class);
        assertThat(scaled(risen(true, 0.2499))).isEqualTo(Outcome.no());
        assertThat(scaled(risen(true, null)))
                .isEqualTo(
                        new Outcome.Lacks(
                                "answers per pod: neither the balancer nor the pods tell them"));
    }

    @Test
    void aRiseOfWhichNothingIsKnownLacksItsMetrics() {
        assertThat(scaled(risen(null, 0.5)))
                .isEqualTo(new Outcome.Lacks("the metrics by which the replicas were raised"));
        assertThat(scaled(risen(false, 0.5))).isEqualTo(Outcome.no());
    }

    @Test
    void aThresholdThatCouldNotBeJudgedIsLacking() {
        Small run = risen(true, 0.5);
        run.judged.add(new Expectation("http_req_duration", "p(99)<100", null, null, null));
        assertThat(scaled(run))
                .isEqualTo(new Outcome.Lacks("the value of http_req_duration p(99)<100"));
    }

    // --- metrics-missing

    /** A pod is new for a window and a period. */
    @ParameterizedTest
    @CsvSource({"50, true", "49.999, false"})
    void anAutoscalerIsBlindOnceItsPodsAreNoMoreNew(double first, boolean fires) {
        Small run = passes(one(5, null), Watched.blind(first), Watched.blind(65));
        run.see(
                Watched.changed(
                        20,
                        "Pod",
                        "a",
                        "{\"metadata\":{\"creationTimestamp\":\"" + Watched.time(20) + "\"}}"));
        assertThat(new MetricsMissingRule().on(run.run()) instanceof Outcome.Fires)
                .isEqualTo(fires);
    }
}
