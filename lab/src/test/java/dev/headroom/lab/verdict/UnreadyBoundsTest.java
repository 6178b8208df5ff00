package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pods an autoscaler leaves out of a pass, and how many such passes are {@code unready-under-load}. */
class UnreadyBoundsTest {
    /** Ready when the load begins, and not from this moment on. */
    private static Small lost(double at) {
        Small run = new Small().scaledUpTo(5);
        run.end = 400;
        return run.see(
                Watched.decided(-9, 1), Watched.pod(-9, "a", true), Watched.pod(at, "a", false));
    }

    private static boolean leftOut(Small run, double pass) {
        return LeftOut.any(run.run(), Watched.blind(pass));
    }

    @Test
    void aPodIsLostUnderLoadOnly() {
        assertThat(Pods.lost(lost(0).timeline(), "a", Small.at(0), Small.at(20))).isNull();
        assertThat(Pods.lost(lost(20).timeline(), "a", Small.at(0), Small.at(20))).isNotNull();
        assertThat(Pods.lost(lost(20).timeline(), "a", Small.at(0), Small.at(19.999))).isNull();
    }

    /** It was started a hundred seconds before the load. */
    @ParameterizedTest
    @CsvSource({"199.999, true", "200, false"})
    void fromFiveMinutesOnAnUnreadyPodCounts(double pass, boolean out) {
        assertThat(leftOut(lost(10), pass)).isEqualTo(out);
    }

    /** Ready again at 20 s: a sample over 15 s was wholly taken since where it was taken at 35 s or later. */
    @ParameterizedTest
    @CsvSource({"34, true", "35, false", "36, false"})
    void aPodCountsAgainOnceItsSampleIsWhollyOfAReadyPod(double taken, boolean out) {
        Small run = lost(10).see(Watched.pod(20, "a", true), Watched.metrics(37, "a", taken));
        assertThat(leftOut(run, 40)).isEqualTo(out);
    }

    @Test
    void theNewestSampleIsTheOneThatWasReadInThatMoment() {
        Small run =
                lost(10).see(
                                Watched.pod(20, "a", true),
                                Watched.metrics(30, "a", 28),
                                Watched.metrics(38, "a", 36),
                                Watched.metrics(38, "b", 20));
        assertThat(leftOut(run, 37.999)).isTrue();
        assertThat(leftOut(run, 38)).isFalse();
    }

    private static Outcome judged(Small run) {
        return new UnreadyRule().on(run.run());
    }

    private static String pod(Small run) {
        return judged(run) instanceof Outcome.Fires fires
                        && fires.cause() instanceof Cause.UnreadyUnderLoad cause
                ? cause.pod()
                : "";
    }

    @Test
    void twoPassesFromTheLossOnAreEnough() {
        Small run = lost(10);
        run.passes.add(Watched.blind(25));
        assertThat(judged(run)).isEqualTo(Outcome.no());
        run.passes.addFirst(Watched.blind(10));
        assertThat(pod(run)).isEqualTo("a");
    }

    @Test
    void aPassBeforeTheLossIsNotOne() {
        Small run = lost(10);
        run.passes.add(Watched.blind(9.999));
        run.passes.add(Watched.blind(25));
        assertThat(judged(run)).isEqualTo(Outcome.no());
    }

    @Test
    void theFirstThatWasLostIsNamed() {
        for (double second : new double[] {8, 10, 12}) {
            Small run = lost(10).see(Watched.pod(-8, "b", true), Watched.pod(second, "b", false));
            run.passes.add(Watched.blind(25));
            run.passes.add(Watched.blind(40));
            assertThat(pod(run)).isEqualTo(second < 10 ? "b" : "a");
        }
    }

    /** A pass that asked for no more, where what it would have asked for can't be computed: it names no metric. */
    private static SeenPass content(double at) {
        return Watched.pass(at, 1, 5, 1);
    }

    @Test
    void whereItIsNotKnownWhatWouldHaveBeenAskedForItLacks() {
        Outcome lacks =
                new Outcome.Lacks("what the autoscaler would have asked for with those pods");
        Small run = lost(10);
        run.passes.add(content(25));
        assertThat(judged(run)).isEqualTo(Outcome.no());
        run.passes.add(content(40));
        assertThat(judged(run)).isEqualTo(lacks);
        Small mixed = lost(10);
        mixed.passes.add(Watched.blind(25));
        mixed.passes.add(content(40));
        assertThat(judged(mixed)).isEqualTo(lacks);
    }

    /** Only the readiness probe, only of this pod, and only under load. */
    @Test
    void theEventThatTellsOfTheLoss() {
        Small run = lost(10);
        run.see(
                Watched.event(0, "Pod", "a", "Unhealthy", "Readiness probe failed: before"),
                Watched.event(9, "Pod", "b", "Unhealthy", "Readiness probe failed: another's"),
                Watched.event(9, "Pod", "a", "Killing", "Readiness is no matter of this"),
                Watched.event(9, "Pod", "a", "Unhealthy", "Liveness probe failed: timeout"),
                Watched.event(9.5, "Pod", "a", "Unhealthy", "Readiness probe failed: timeout"));
        run.passes.add(Watched.blind(25));
        run.passes.add(Watched.blind(40));
        assertThat(judged(run))
                .isInstanceOfSatisfying(
                        Outcome.Fires.class,
                        f ->
                                assertThat(f.evidence())
                                        .filteredOn(e -> e.value().equals("Unhealthy"))
                                        .extracting(Evidence::what)
                                        .containsExactly("Readiness probe failed: timeout"));
    }
}
