package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.HostSample;
import dev.headroom.lab.observe.Observation.ServiceLatency;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code invalid} at its bounds, as docs/verdicts.md draws them: on one side the run is refused, on the other it is judged. */
class SoundnessBoundsTest {
    private static Outcome judged(Small run) {
        return new Soundness().on(run.run());
    }

    private static boolean invalid(Small run) {
        return judged(run) instanceof Outcome.Fires;
    }

    private static @Nullable String fix(Small run) {
        return judged(run) instanceof Outcome.Fires fires
                        && fires.cause() instanceof Cause.Unsound cause
                        && cause.fix() != null
                ? cause.fix().value()
                : null;
    }

    private static List<String> values(Small run) {
        return judged(run) instanceof Outcome.Fires fires
                ? fires.evidence().stream().map(Evidence::value).toList()
                : List.of();
    }

    /** A hundred connections asked for. */
    private static Small connected(@Nullable Integer opened, long files) {
        Small run = new Small();
        run.connections = 100;
        run.opened = opened;
        run.files = files;
        return run;
    }

    @Test
    void aLimitOfFilesThatIsNotKnownOrIsEnoughIsNotWhy() {
        assertThat(invalid(connected(null, 0))).isFalse();
        assertThat(invalid(connected(null, 100))).isFalse();
        assertThat(invalid(connected(null, 99))).isTrue();
    }

    /** The generator has 64 files open besides its connections. */
    @ParameterizedTest
    @CsvSource({"163, 164", "164,", "0,"})
    void theLimitOfFilesIsNamedWhereItIsTooSmall(long files, @Nullable String enough) {
        assertThat(invalid(connected(50, files))).isTrue();
        assertThat(fix(connected(50, files))).isEqualTo(enough);
    }

    /** One second in so many in which the generator used this much of its CPU, or its loop was this late; no pod is full from 5 to 20 s. */
    private static Small used(int seconds, double cores, double lag) {
        Small run = new Small();
        run.phases.add(Small.phase(0, 20, 100.0, Small.pod("a", 1.0, false)));
        for (int i = 0; i < seconds; i++) {
            boolean one = i == 0;
            run.use.add(
                    new LoadRecord.Use(Small.at(6 + i), one ? cores : 0.1, one ? lag : 0, null));
        }
        return run;
    }

    @Test
    void aFifthOfTheSecondsIsEnough() {
        assertThat(values(used(5, 0.9, 0))).containsExactly("1 of 5");
        assertThat(invalid(used(6, 0.9, 0))).isFalse();
        assertThat(values(used(5, 0.1, 10.1))).containsExactly("1 of 5");
        assertThat(invalid(used(6, 0.1, 10.1))).isFalse();
        assertThat(invalid(used(0, 0, 0))).isFalse();
    }

    /** Of several generators the busiest counts, whatever the others do. */
    @Test
    void theBusiestOfSeveralGeneratorsIsEnough() {
        for (double busiest : new double[] {0.89, 0.9}) {
            Small run = used(0, 0, 0);
            run.use.add(new LoadRecord.Use(Small.at(6), 0.1, null, null, busiest));
            assertThat(invalid(run)).isEqualTo(busiest >= 0.9);
        }
    }

    /** A second ends at its moment: the one that ends with the settling is of the settling, the one that ends with the phase is of the phase. */
    @Test
    void aSecondIsOfThePhaseInWhichItEnds() {
        for (double at : new double[] {5, 20.001}) {
            Small outside = used(0, 0, 0);
            outside.use.add(new LoadRecord.Use(Small.at(at), 1, null, null));
            assertThat(invalid(outside)).isFalse();
        }
        for (double at : new double[] {5.001, 20}) {
            Small inside = used(0, 0, 0);
            inside.use.add(new LoadRecord.Use(Small.at(at), 1, null, null));
            assertThat(invalid(inside)).isTrue();
        }
    }

    /** 100 requests a second for ten seconds: so many were made due, so many answered. */
    private static Small paced(long due, long answers) {
        Small run = new Small().atRate(100);
        run.planned = 10;
        for (int i = 1; i <= 10; i++) {
            boolean last = i == 10;
            run.generated.add(
                    new LoadRecord.Window(
                            Small.at(i),
                            last ? due - 900 : 100,
                            last ? answers - 900 : 100,
                            0,
                            0,
                            10,
                            null,
                            null,
                            null));
        }
        return run;
    }

    /** Two in a hundred, and half a second's worth at the ends: 20 and 50 of 1,000. */
    @Test
    void theRateIsMissedByMoreThanTwoPercent() {
        assertThat(invalid(paced(1070, 1000))).isFalse();
        assertThat(values(paced(1071, 1000))).containsExactly("107 %");
        assertThat(invalid(paced(930, 1000))).isFalse();
        assertThat(values(paced(929, 1000))).containsExactly("92.9 %");
    }

    @Test
    void aLoadOfNoTimeWantsNothing() {
        Small run = new Small().atRate(10);
        run.generated.add(new LoadRecord.Window(Small.START, 100, 0, 0, 0, 10, null, null, null));
        assertThat(invalid(run)).isFalse();
    }

    /** 98 % of 1,000, less what was in flight on ten connections. */
    @Test
    void whatWasDueHasToBeAnsweredWhereNoPodIsFull() {
        for (long answers : new long[] {970, 969}) {
            Small run = paced(1000, answers);
            run.phases.add(Small.phase(0, 20, 100.0, Small.pod("a", 1.0, false)));
            assertThat(values(run)).isEqualTo(answers == 970 ? List.of() : List.of("96.9 %"));
        }
    }

    /** A phase whose 20 s are looked at, on a host of one CPU. */
    private static Small host(double busy, @Nullable Double waited, double ran) {
        Small run = new Small();
        run.phases.add(Small.phase(0, 25, 100.0, Small.pod("a", 1.0, false)));
        return run.see(
                Small.sample(
                        5,
                        new HostSample(1, 0, 0, 0, null),
                        null,
                        Small.using("a", 0.0, waited == null ? null : 0.0)),
                Small.sample(
                        25,
                        new HostSample(1, busy, 0, 0, null),
                        null,
                        Small.using("a", ran, waited)));
    }

    /** Full at 95 %; a pod waits at 20 % of the time it would run and 5 % of all time, which is one second in twenty. */
    @ParameterizedTest
    @CsvSource({
        "19, 1, 4, true",
        "18.9, 1, 4, false",
        "19, 1, 4.1, false",
        "19, 0.99, 3.9, false",
    })
    void theHostIsFullAndAPodWaits(double busy, double waited, double ran, boolean invalid) {
        assertThat(invalid(host(busy, waited, ran))).isEqualTo(invalid);
    }

    private static String lacking(Small run) {
        run.use.add(new LoadRecord.Use(Small.at(1), 0.1, null, null));
        return judged(run) instanceof Outcome.Lacks lacks ? lacks.data() : "";
    }

    @Test
    void theHostIsNotCheckedWhereNoPodsWaitIsKnown() {
        String host = "the host's CPU and the pods' waits for it";
        assertThat(lacking(host(1, null, 4))).startsWith(host);
        assertThat(lacking(host(1, 0.0, 4))).isEqualTo("the balancer's count of answers");
        Small empty = new Small();
        empty.phases.add(Small.phase(0, 25, null));
        assertThat(lacking(empty)).isEqualTo("the balancer's count of answers");
    }

    /** A phase of 17 s after its settling: what N/X gives, and what the balancer measured. */
    private static boolean lawFails(double little, double measured) {
        return lawFails(little, measured, null);
    }

    private static boolean lawFails(double little, double measured, @Nullable Double first) {
        Small run = new Small();
        run.phases.add(
                new Phase(
                        Small.START,
                        Small.at(22),
                        17,
                        10.0,
                        10.0,
                        false,
                        10.0,
                        little,
                        measured,
                        first,
                        10.0,
                        List.of()));
        return invalid(run);
    }

    /** A tenth of 1,000 ms, and 850 ms of 17 s that are in one of the figures only: 100 and 50 ms. */
    @Test
    void littlesLawMayBeATenthOff() {
        assertThat(lawFails(1000, 850)).isFalse();
        assertThat(lawFails(1000, 849)).isTrue();
    }

    /** Those in flight at its start had waited 5,100 ms: 300 of 1,000 ms are theirs. Where they were quick, what all waited counts. */
    @Test
    void littlesLawMayBeOffByWhatWaitedBefore() {
        assertThat(lawFails(1000, 1400, 5100.0)).isFalse();
        assertThat(lawFails(1000, 1401, 5100.0)).isTrue();
        assertThat(lawFails(1000, 850, 10.0)).isFalse();
        assertThat(lawFails(1000, 849, 10.0)).isTrue();
    }

    @Test
    void littlesLawMayBeTenMillisecondsOff() {
        assertThat(lawFails(50, 60)).isFalse();
        assertThat(lawFails(50, 61)).isTrue();
    }

    /** One in a hundred, and ten in flight: 20 of 1,000. */
    @Test
    void countsMayDifferByWhatWasInFlightAndOnePercent() {
        for (long answers : new long[] {980, 979, 1020}) {
            Small run = new Small();
            run.answers = answers;
            run.see(
                    new ServiceLatency(
                            Small.at(60),
                            Small.START,
                            Small.at(60),
                            1000,
                            1,
                            Map.of(),
                            new double[0],
                            new long[] {1000}));
            assertThat(invalid(run)).isEqualTo(answers == 979);
        }
    }
}
