package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.observe.Observation.HostSample;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.observe.TrafficSource;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a second pod brought nothing: each reason at its bound. */
class WithoutGainBoundsTest {
    /** A second pod from 20 to 35 s, ten of which are looked at, and no more throughput than before. */
    private static Small flat(@Nullable Double old, @Nullable Double added) {
        Small run = new Small();
        run.rises.add(new Rise(Small.at(15), 1, 2, true, ""));
        run.phases.add(Small.phase(0, 20, 400.0, Small.pod("a", 1.0, true)));
        run.phases.add(
                Small.phase(20, 35, 400.0, Small.pod("a", old, null), Small.pod("b", added, null)));
        return run;
    }

    private static Outcome judged(Small run) {
        return new WithoutGainRule().on(run.run());
    }

    private static String why(Small run) {
        return judged(run) instanceof Outcome.Fires fires
                        && fires.cause() instanceof Cause.WithoutGain cause
                ? cause.why()
                : "";
    }

    private static final String LITTLE =
            "the new pods get less than half their fair share of the requests";
    private static final String PINNED =
            "connections are pinned to the pods that were there when they were opened";

    /** Of two pods a half is fair. */
    @Test
    void halfOfItsFairShareIsEnough() {
        assertThat(why(flat(0.75, 0.25)))
                .isEqualTo(
                        "the new pods get their share, so something they have in common is the limit");
        assertThat(why(flat(0.7501, 0.2499))).isEqualTo(LITTLE);
    }

    @Test
    void theHostIsFullAtNinetyFivePercent() {
        for (double busy : new double[] {19, 18.9}) {
            Small run = flat(0.5, 0.5);
            run.see(
                    Small.sample(25, new HostSample(2, 0, 0, 0, null), null),
                    Small.sample(35, new HostSample(2, busy, 0, 0, null), null));
            assertThat(why(run).equals("the host is full")).isEqualTo(busy == 19);
        }
    }

    /** Two cores in all, in seconds of CPU within ten seconds: a half each is fair, and half of that is half a core. */
    @ParameterizedTest
    @CsvSource({"16, 4, true", "15, 5, false"})
    void aNewPodIsIdleBelowHalfOfItsPartOfTheCpu(double old, double added, boolean idle) {
        Small run = flat(null, null);
        run.see(
                Small.sample(25, Small.using("a", 0.0, null), Small.using("b", 0.0, null)),
                Small.sample(35, Small.using("a", old, null), Small.using("b", added, null)));
        assertThat(why(run).startsWith("the new pods stay idle")).isEqualTo(idle);
    }

    private static PodSample pod(TrafficSource source, String name, int open, long opened) {
        Traffic traffic = new Traffic(0, 0, open, opened);
        boolean own = source == TrafficSource.OWN;
        return new PodSample(
                name,
                true,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                own ? traffic : null,
                own ? null : traffic);
    }

    /** Twenty connections are open, three of them at the new pod; so many were opened within the ten seconds. */
    private static Small opened(TrafficSource source, long opened) {
        return flat(0.9, 0.1)
                .see(
                        Small.sample(25, pod(source, "a", 17, 100), pod(source, "b", 3, 0)),
                        Small.sample(
                                35, pod(source, "a", 17, 96 + opened), pod(source, "b", 3, 4)));
    }

    /** Fewer than half as many as are open. Two pods that count for themselves see thirty more in ten seconds: probes, and who asks them. */
    @ParameterizedTest
    @CsvSource({"BALANCER, 9, true", "BALANCER, 10, false", "OWN, 39, true", "OWN, 40, false"})
    void connectionsThatAreSeldomOpenedArePinned(
            TrafficSource source, long opened, boolean pinned) {
        assertThat(why(opened(source, opened))).isEqualTo(pinned ? PINNED : LITTLE);
    }

    @Test
    void whatTheNewPodsHoldIsTold() {
        assertThat(judged(opened(TrafficSource.BALANCER, 9)))
                .isInstanceOfSatisfying(
                        Outcome.Fires.class,
                        f ->
                                assertThat(f.evidence())
                                        .extracting(Evidence::value)
                                        .contains("3 of 20"));
    }

    @Test
    void whereAPodsConnectionsAreNotKnownNoneAreCalledPinned() {
        Small run = flat(0.9, 0.1);
        run.see(
                Small.sample(
                        25, pod(TrafficSource.BALANCER, "a", 17, 100), Small.serving("b", null)),
                Small.sample(
                        35, pod(TrafficSource.BALANCER, "a", 17, 100), Small.serving("b", null)));
        assertThat(why(run)).isEqualTo(LITTLE);
    }

    @Test
    void whatIsLackingIsNamed() {
        Small late = flat(null, null);
        late.phases.removeFirst();
        assertThat(judged(late))
                .isEqualTo(
                        new Outcome.Lacks(
                                "answers per pod: neither the balancer nor the pods tell them"));
        late.windows.addAll(List.of(Small.window(0, 1, 400, null, null)));
        assertThat(judged(late))
                .isEqualTo(new Outcome.Lacks("a phase before the scale-out that is long enough"));
        assertThat(judged(late.atRate(100))).isEqualTo(new Outcome.Lacks("latencies by window"));
    }
}
