package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.observe.Observation.Change;
import dev.headroom.lab.observe.Observation.Replicas;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods that are missing: for how long, which late ones are only slow, and which events belong to it. */
class MissingBoundsTest {
    private static Sample ready(double at, int ready) {
        return new Sample(Small.at(at), new Replicas(2, 2, ready), List.of(), null, null);
    }

    /** Two pods are wanted throughout; from 10 s on one is missing, until this moment. */
    private static Small missing(double until) {
        Small run = new Small();
        run.see(ready(5, 2), ready(10, 1), ready(until, 2));
        return run.see(Watched.pod(-9, "a", true));
    }

    private static Outcome judged(Small run) {
        return new MissingRule(Verdict.NOT_READY).on(run.run());
    }

    /** The other pod is never ready. */
    @ParameterizedTest
    @CsvSource({"40, true", "39.999, false"})
    void halfAMinuteIsLong(double until, boolean fires) {
        Small run = missing(until).see(Watched.pod(11, "b", false));
        assertThat(judged(run) instanceof Outcome.Fires).isEqualTo(fires);
    }

    /** A start that ends with a phase to spare is only slow. */
    @ParameterizedTest
    @CsvSource({"55, false", "54.999, true"})
    void aSlowStartLeavesAPhase(double end, boolean fires) {
        Small run = missing(40).see(Watched.pod(11, "b", false), Watched.pod(40, "b", true));
        run.end = end;
        assertThat(judged(run) instanceof Outcome.Fires).isEqualTo(fires);
    }

    /** One that never became ready and is gone when the others are there was not waited for. */
    @Test
    void aPodThatIsGoneIsNotMissed() {
        Small run = missing(40).see(Watched.pod(11, "b", false), Watched.pod(40, "b", true));
        Change gone = Watched.pod(30, "c", false);
        run.see(
                Watched.pod(11, "c", false),
                new Change(gone.at(), "DELETED", "Pod", "c", gone.object()));
        assertThat(judged(run)).isEqualTo(Outcome.no());
    }

    /** From 10 s on until the load ends after a minute. */
    private static Small missing() {
        return missing(61);
    }

    @ParameterizedTest
    @CsvSource({"9.999, false", "10, true", "60, true", "60.001, false"})
    void aPodThatCouldNotBeCreatedInThatTime(double event, boolean fires) {
        Small run =
                missing()
                        .see(
                                Watched.event(
                                        event,
                                        "ReplicaSet",
                                        "web-1",
                                        "FailedCreate",
                                        "exceeded quota"));
        assertThat(judged(run) instanceof Outcome.Fires).isEqualTo(fires);
    }

    /** Besides what its status says. */
    @ParameterizedTest
    @CsvSource({
        "9.999, BackOff, false",
        "10, BackOff, true",
        "60, Unhealthy, true",
        "60.001, Unhealthy, false",
        "30, FailedMount, true",
        "30, Scheduled, false",
    })
    void anEventOfThatTimeTellsWhy(double at, String reason, boolean told) {
        Small run = missing().see(Watched.pod(10, "b", false));
        run.see(Watched.event(at, "Pod", "b", reason, "why"));
        assertThat(judged(run))
                .isInstanceOfSatisfying(
                        Outcome.Fires.class,
                        f ->
                                assertThat(f.evidence())
                                        .extracting(Evidence::source)
                                        .filteredOn(s -> s.equals("Event of Pod/b"))
                                        .hasSize(told ? 1 : 0));
    }

    /** The first that tells something. */
    @Test
    void eventsThatTellNothingAreLeftOut() {
        Small run = missing().see(Watched.pod(10, "b", false));
        run.see(
                Watched.event(20, "Pod", "b", "Pulled", "image is there"),
                Watched.event(21, "Pod", "b", "BackOff", "restarting failed container"));
        assertThat(judged(run))
                .isInstanceOfSatisfying(
                        Outcome.Fires.class,
                        f ->
                                assertThat(f.evidence())
                                        .extracting(Evidence::value)
                                        .last()
                                        .isEqualTo("BackOff"));
    }
}
