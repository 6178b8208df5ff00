package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of a phase: which windows are its own, what it can know, and when a pod is full. */
class PhasesTest {
    /** All of the load is one phase, with these windows in it. */
    private static Phase phase(Small run, Window... windows) {
        List<Phase> phases = Phases.of(run.load(), run.timeline(), List.of(windows));
        assertThat(phases).hasSize(1);
        return phases.getFirst();
    }

    private static Small until(double end) {
        Small run = new Small();
        run.end = end;
        return run.see(Small.sample(0, Small.using("a", null, null)));
    }

    private static Window window(double from, double to, double answers) {
        return Small.window(from, to, answers, null, null);
    }

    /** Of 20 s the first five are left out; a look may come 150 ms early or late. */
    @Test
    void windowsThatAreAsMuchAsAJitterOff() {
        assertThat(phase(until(20), window(4.85, 5.85, 10), window(19.15, 20.15, 30)))
                .satisfies(p -> {
                    assertThat(p.windows()).isEqualTo(2);
                    assertThat(p.throughput()).isEqualTo(20);
                });
        assertThat(phase(until(20), window(4.849, 5.849, 10), window(19.151, 20.151, 30)))
                .satisfies(p -> {
                    assertThat(p.windows()).isZero();
                    assertThat(p.throughput()).isNull();
                });
    }

    /** Ten seconds: nine of ten answers each, and one of so many. The median is ten a second, the mean is all of them by ten. */
    @ParameterizedTest
    @CsvSource({"110, 10", "111, 20.1"})
    void answersThatComeInBurstsAreTakenByTheirMean(double burst, double throughput) {
        Window[] windows = new Window[10];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = window(5 + i, 6 + i, i == 4 ? burst : 10);
        }
        assertThat(phase(until(15), windows).throughput()).isEqualTo(throughput);
    }

    @ParameterizedTest
    @CsvSource({"14.5, 10", "14.499, 9", "15.4, 10", "5, 0", "3, 0"})
    void withoutWindowsItsWholeSecondsCount(double end, int seconds) {
        assertThat(phase(until(end)).windows()).isEqualTo(seconds);
    }

    /** 10 a second for one second and 20 for three: 70 in four. */
    @Test
    void answersAreMeantOverTimeNotOverWindows() {
        assertThat(phase(until(20), window(5, 6, 10), window(6, 9, 20)).answers()).isEqualTo(17.5);
    }

    @Test
    void withoutAnswersNoLatencyFollows() {
        assertThat(phase(until(20)).meanLatencyMillis()).isNull();
        assertThat(phase(until(20), window(5, 6, 0)).meanLatencyMillis()).isNull();
    }

    /** Ten seconds with 100 answers in each, of which the balancer timed so many, with so many connections open at the last look. */
    private static @Nullable Double measured(long timed, int open, LoadRecord.Mode mode) {
        Small run = new Small();
        run.mode = mode;
        run.end = 14.85;
        // The last second of the settling, in which those that waited long were answered.
        run.see(
                Small.sample(
                        4.86,
                        null,
                        new ServiceSample(10, 0, 500, 900.0, null, null, null, null),
                        Small.using("a", null, null)));
        for (int i = 5; i < 15; i++) {
            boolean last = i == 14;
            run.see(
                    Small.sample(
                            i,
                            null,
                            new ServiceSample(
                                    last ? open : 10,
                                    0,
                                    last ? timed - 720 : 80,
                                    7.0,
                                    null,
                                    null,
                                    null,
                                    null),
                            Small.using("a", null, null)));
        }
        return phase(run, window(4.85, 14.85, 100)).balancerMeanMillis();
    }

    @Test
    void theBalancersMeanIsOfThePhaseWhereFourFifthsOfItsAnswersWereTimed() {
        assertThat(measured(800, 10, LoadRecord.Mode.CLOSED)).isEqualTo(7);
        assertThat(measured(799, 10, LoadRecord.Mode.CLOSED)).isNull();
    }

    /** Ten connections: five answers after 900 ms, then of many after 100 ms five more. */
    @Test
    void whoWasInFlightAtTheStart() {
        Small run = new Small();
        run.end = 14.85;
        for (double[] window : new double[][] {{4.9, 7, 3}, {5.9, 5, 900}, {6.9, 80, 100}}) {
            run.see(
                    Small.sample(
                            window[0],
                            null,
                            new ServiceSample(
                                    10, 0, (long) window[1], window[2], null, null, null, null),
                            Small.using("a", null, null)));
        }
        double connections = Phases.connections(run.load());
        double expected = (5 * 900 + (connections - 5) * 100) / connections;
        assertThat(phase(run).balancerFirstMillis()).isEqualTo(expected);
    }

    /** Little's law is one of steady states. */
    @Test
    void connectionsMayDifferByATenthInAClosedLoop() {
        assertThat(measured(800, 9, LoadRecord.Mode.CLOSED)).isEqualTo(7);
        assertThat(measured(800, 8, LoadRecord.Mode.CLOSED)).isNull();
        assertThat(measured(800, 8, LoadRecord.Mode.CONSTANT_RATE)).isEqualTo(7);
    }

    private static List<PodShare> pods(PodSample[] before, PodSample[] after) {
        Small run = new Small();
        run.end = 30;
        run.see(Small.sample(5, before), Small.sample(25, after));
        return phase(run).pods();
    }

    @Test
    void whereOnePodsAnswersAreUnknownSoIsEveryShare() {
        assertThat(
                        pods(
                                new PodSample[] {
                                    Small.serving("a", Small.answered(0, 0)),
                                    Small.serving("b", null)
                                },
                                new PodSample[] {
                                    Small.serving("a", Small.answered(90, 0)),
                                    Small.serving("b", null)
                                }))
                .extracting(PodShare::share)
                .containsExactly(null, null);
    }

    @Test
    void whereNobodyAnsweredThereIsNoShare() {
        PodSample[] idle = {Small.serving("a", Small.answered(5, 0))};
        assertThat(pods(idle, idle)).extracting(PodShare::share).containsExactly((Double) null);
    }

    /** Within twenty seconds. */
    private static PodShare used(double cpu, double limit, long periods, long throttled) {
        PodSample before =
                new PodSample("a", true, 0.0, limit, null, 0L, 0L, null, null, null, null);
        PodSample after =
                new PodSample(
                        "a", true, cpu, limit, null, periods, throttled, null, null, null, null);
        return pods(new PodSample[] {before}, new PodSample[] {after}).getFirst();
    }

    @Test
    void aPodIsFullFromNinetyFivePercentOfItsLimitOn() {
        assertThat(used(19, 1, 100, 0).saturated()).isTrue();
        assertThat(used(18.99, 1, 100, 0).saturated()).isFalse();
    }

    @Test
    void aPodIsFullFromAFifthOfItsPeriodsThrottledOn() {
        assertThat(used(1, 1, 100, 20).saturated()).isTrue();
        assertThat(used(1, 1, 100, 19).saturated()).isFalse();
    }

    @Test
    void withoutALimitOrAPeriodNothingIsAPartOfIt() {
        assertThat(used(1, 0, 100, 0).cpuOfLimit()).isNull();
        assertThat(used(1, 1, 0, 0).throttled()).isNull();
    }

    @Test
    void aPhaseDecidesFromTenWindowsOn() {
        assertThat(Small.phase(0, 15, 1.0).decides()).isTrue();
        assertThat(Small.phase(0, 14, 1.0).decides()).isFalse();
    }

    @Test
    void withoutPodsWhetherTheyAreFullIsNotKnown() {
        Phase empty = Small.phase(0, 20, 1.0);
        assertThat(empty.allSaturated()).isNull();
        assertThat(empty.anySaturated()).isNull();
        assertThat(Small.phase(0, 20, 1.0, Small.pod("a", null, true)).allSaturated()).isTrue();
    }
}
