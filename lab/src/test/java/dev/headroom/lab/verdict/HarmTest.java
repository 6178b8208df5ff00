package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.Gap;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Harm in single windows, when it begins to count, and pods that come too late to show anything. */
class HarmTest {
    private static Small limited() {
        Small run = new Small();
        run.thresholds.add(Limits.percentileBelow(99, 100));
        return run;
    }

    /** A window for each second, with this 99th percentile; null where it is not known. */
    private static Small seconds(Small run, int from, int to, @Nullable Double p99) {
        for (int i = from; i < to; i++) {
            run.windows.add(Small.window(i, i + 1, 100, null, p99));
        }
        return run;
    }

    private static @Nullable Boolean done(Small run, double from, double to) {
        return Harm.windows(run.run(), Small.at(from), Small.at(to)).done();
    }

    @Test
    void threeWindowsBetweenTwoMomentsAreHarm() {
        Small run = seconds(limited(), 10, 13, 100.0);
        assertThat(done(run, 10, 13)).isTrue();
        assertThat(done(run, 10.001, 13)).isFalse();
        assertThat(done(run, 10, 12.999)).isFalse();
    }

    /** As many windows as are harm, and one that is cut: with more than that unknown, it could have been. */
    @Test
    void fourSecondsMayBeUnknown() {
        assertThat(done(seconds(limited(), 10, 16, 50.0), 10, 20)).isFalse();
        assertThat(done(seconds(limited(), 10, 15, 50.0), 10, 20)).isNull();
        Small unknown = seconds(seconds(limited(), 10, 15, 50.0), 15, 20, null);
        assertThat(done(unknown, 10, 20)).isNull();
    }

    private static Small without(Small run, String source) {
        return run.see(new Gap(Small.at(-5), source, "not there"));
    }

    /** wrk tells nothing by window; where no balancer does, and that was said, latencies are left to the whole load. */
    @Test
    void latenciesOfWindowsThatNobodyCanTellAreNotMissed() {
        assertThat(done(without(limited(), "balancer"), 10, 20)).isFalse();
        assertThat(done(limited(), 10, 20)).isNull();
        assertThat(done(without(limited(), "metrics"), 10, 20)).isNull();
        Small told = without(limited(), "balancer");
        told.generated.add(new LoadRecord.Window(Small.at(1), 1, 1, 0, 0, 10, null, null, null));
        assertThat(done(told, 10, 20)).isNull();
        Small failures = without(new Small(), "balancer");
        failures.thresholds.add(Limits.failedBelow(0.01));
        assertThat(done(failures, 10, 20)).isNull();
    }

    /** Where the first sample above the target is not known: after one window and one period. */
    @Test
    void aScaleOutIsDueAfterAWindowAndAPeriod() {
        Gain gain =
                new Gain(
                        null,
                        Small.phase(35, 60, 100.0, Small.pod("a"), Small.pod("b")),
                        null,
                        null,
                        true,
                        List.of());
        Small early = seconds(seconds(limited(), 27, 30, 200.0), 30, 40, 50.0);
        assertThat(TooLateRule.onTheWay(early.run(), gain).done()).isFalse();
        Small late = seconds(seconds(limited(), 30, 33, 200.0), 33, 40, 50.0);
        assertThat(TooLateRule.onTheWay(late.run(), gain).done()).isTrue();
    }

    /** Just as long as can show a scale-out: a window, a period, the start of a pod of 5 s, and two phases. */
    private static Small risen() {
        Small run = new Small().scaledUpTo(2);
        run.end = 65;
        run.rises.add(new Rise(Small.at(20), 1, 2, true, ""));
        return run;
    }

    private static Outcome judged(Small run) {
        return new TooLateRule().on(run.run());
    }

    private static String evidence(Small run) {
        return judged(run) instanceof Outcome.Fires fires ? fires.evidence().getFirst().what() : "";
    }

    private static final String NONE =
            "none of the pods that were asked for became ready before the load ended";

    @Test
    void readyWithAPhaseLeftIsInTime() {
        Small run = risen();
        run.see(Watched.pod(-9, "a", true), Watched.pod(21, "b", false));
        assertThat(evidence(run)).isEqualTo(NONE);
        assertThat(judged(run.see(Watched.pod(50, "b", true)))).isEqualTo(Outcome.no());
    }

    @ParameterizedTest
    @CsvSource({"50.001, '15 s'", "63, '2 s'", "65, '0 s'"})
    void readyWithLessThanAPhaseLeftIsTooLate(double ready, String left) {
        Small run = risen();
        run.see(Watched.pod(21, "b", false), Watched.pod(ready, "b", true));
        assertThat(evidence(run))
                .isEqualTo(
                        "the first of the pods that were asked for became ready "
                                + left
                                + " before the load ended; a phase needs 15 s");
    }

    @Test
    void whatBecameReadyAfterTheLoadOrWasThereWhenItBeganDoesNotCount() {
        Small run = risen();
        run.see(
                Watched.pod(0, "a", true),
                Watched.pod(21, "b", false),
                Watched.pod(65.001, "b", true));
        assertThat(evidence(run)).isEqualTo(NONE);
    }

    @Test
    void aLoadThatCouldNotShowAScaleOutIsTooShort() {
        Small run = risen().see(Watched.pod(21, "b", false));
        run.end = 64.999;
        assertThat(judged(run)).isEqualTo(Outcome.no());
    }

    @Test
    void withoutPodsItLacks() {
        assertThat(judged(risen())).isEqualTo(new Outcome.Lacks("when the new pods became ready"));
    }

    /** After the moment in which the first pod became ready. */
    @Test
    void theSlowestStepIsTold() {
        Small run = risen().see(Watched.pod(21, "b", false), Watched.pod(60, "b", true));
        assertThat(judged(run))
                .isInstanceOfSatisfying(
                        Outcome.Fires.class,
                        f ->
                                assertThat(f.evidence())
                                        .extracting(Evidence::value)
                                        .containsExactly("60 s", "39 s"));
    }
}
