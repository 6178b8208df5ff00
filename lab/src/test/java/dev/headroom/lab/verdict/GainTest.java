package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What more pods brought: which phases are compared, and how much is enough. */
class GainTest {
    private static final PodShare A = Small.pod("a");
    private static final PodShare B = Small.pod("b");
    private static final PodShare C = Small.pod("c");

    private static Small phases(Phase... phases) {
        Small run = new Small();
        run.phases.addAll(List.of(phases));
        return run;
    }

    private static Gain gain(Small run) {
        return Objects.requireNonNull(Gain.of(run.run()));
    }

    private static @Nullable Phase before(Phase... phases) {
        return gain(phases(phases)).before();
    }

    @Test
    void aPhaseWithoutPodsIsNoBeginning() {
        Phase none = Small.phase(0, 20, 0.0);
        Phase one = Small.phase(20, 40, 400.0, A);
        assertThat(before(none, one, Small.phase(40, 60, 800.0, A, B))).isEqualTo(one);
    }

    @Test
    void theBeginningHasFewerPods() {
        Phase two = Small.phase(0, 20, 500.0, A, B);
        Phase one = Small.phase(20, 40, 400.0, A);
        assertThat(before(two, one, Small.phase(40, 60, 800.0, A, B))).isEqualTo(one);
    }

    @Test
    void aPhaseThatDecidesIsABetterBeginningThanAShortOne() {
        Phase brief = Small.phase(0, 9, 300.0, Small.pod("a", null, true));
        Phase one = Small.phase(9, 30, 400.0, B);
        assertThat(before(brief, one, Small.phase(30, 60, 800.0, B, C))).isEqualTo(one);
    }

    /** Saturated pods give the same figure in every second: three windows are enough. */
    @ParameterizedTest
    @CsvSource({"8, true, true", "7, true, false", "8, false, false", "8,, false"})
    void aShortBeginningNeedsThreeWindowsOfFullPods(
            double end, @Nullable Boolean full, boolean enough) {
        Phase brief = Small.phase(0, end, 400.0, Small.pod("a", null, full));
        assertThat(before(brief, Small.phase(end, 60, 800.0, A, B)))
                .isEqualTo(enough ? brief : null);
    }

    @Test
    void fromNothingThereIsNoFactor() {
        assertThat(
                        gain(phases(Small.phase(0, 20, 0.0, A), Small.phase(20, 40, 400.0, A, B)))
                                .enough())
                .isNull();
    }

    /** From one pod to three the ideal is three times as much, and half of what is more than once is enough: twice. */
    @ParameterizedTest
    @CsvSource({"800, true", "799, false"})
    void halfOfTheIdealIsEnough(double after, boolean enough) {
        assertThat(
                        gain(phases(
                                        Small.phase(0, 20, 400.0, A),
                                        Small.phase(20, 40, after, A, B, C)))
                                .enough())
                .isEqualTo(enough);
    }

    /** Twice the pods, and a quarter more than that: what is beyond is not theirs. */
    @ParameterizedTest
    @CsvSource({"1000, false", "1001, true"})
    void aGainBeyondThePodsIsSaidToBeOne(double after, boolean beyond) {
        Small run = phases(Small.phase(0, 20, 400.0, A), Small.phase(20, 40, after, A, B));
        assertThat(gain(run).evidence().getLast().what().contains("more than pods alone"))
                .isEqualTo(beyond);
    }

    /** A constant rate, under which a second pod is ready from 10 to 30 s; its first five seconds are left out. */
    private static Small atRate(Window... windows) {
        Small run = phases(Small.phase(10, 30, 100.0, A, B)).atRate(100);
        run.windows.addAll(List.of(windows));
        return run;
    }

    private static Window slow(double from, @Nullable Double p99) {
        return Small.window(from, from + 1, 100, 100.0, p99);
    }

    @Test
    void windowsFromTheSettlingToTheEndAreLookedAt() {
        Small run = atRate(slow(14.999, 10.0), slow(15, 10.0), slow(29, 10.0), slow(29.001, 10.0));
        run.thresholds.add(Limits.percentileBelow(99, 100));
        assertThat(gain(run).evidence()).extracting(Evidence::value).contains("2 of 2");
    }

    @Test
    void threeWindowsOutsideAThresholdAreHarm() {
        for (int broken = 2; broken <= 3; broken++) {
            Small run = atRate();
            run.thresholds.add(Limits.percentileBelow(99, 100));
            for (int i = 0; i < 10; i++) {
                run.windows.add(slow(16 + i, i < broken ? 100.0 : 99.0));
            }
            assertThat(gain(run).enough()).isEqualTo(broken == 2);
        }
    }

    /** What is not known does not help, and does not mend a backlog either. */
    @Test
    void whereNoWindowTellsItsLatencyTheGainIsNotKnown() {
        Small run = atRate(slow(16, null));
        assertThat(gain(run).enough()).isTrue();
        run.thresholds.add(Limits.percentileBelow(99, 100));
        assertThat(gain(run).enough()).isNull();
        Small behind = atRate(Small.window(16, 17, 50, 100.0, null));
        behind.thresholds.add(Limits.percentileBelow(99, 100));
        assertThat(gain(behind).enough()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"98, 100, true", "97.9, 100, false", "0, 0,", "5,,"})
    void twoPercentOfWhatIsDueMayBeMissing(
            double good, @Nullable Double due, @Nullable Boolean enough) {
        assertThat(gain(atRate(Small.window(16, 17, good, due, null))).enough()).isEqualTo(enough);
    }

    @Test
    void podsThatServedInTheFirstSecondWereThere() {
        Small run =
                phases(
                        Small.phase(0, 1, null, A),
                        Small.phase(1, 20, 400.0, A, B),
                        Small.phase(20, 40, 800.0, A, B, C));
        assertThat(gain(run).added(run.run())).containsExactly(C);
    }

    @Test
    void aShareThatIsNotKnownIsNotNought() {
        Small run =
                phases(
                        Small.phase(0, 20, 400.0, A),
                        Small.phase(20, 40, 800.0, A, Small.pod("b", 0.5, null), C));
        assertThat(gain(run).leastShare(run.run())).isNull();
    }
}
