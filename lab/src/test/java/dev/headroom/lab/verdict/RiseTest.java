package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.headroom.lab.observe.Observation.Change;
import dev.headroom.lab.verdict.SeenPass.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of the replicas under load: whose they are, and whether the load made them. */
class RiseTest {
    private static List<Rise.Write> writes(Change... changes) {
        Small run = new Small().see(changes);
        return Rise.writes(run.deployment().target(), run.timeline(), run.load());
    }

    @Test
    void aChangeIsUnderLoadAfterItsBeginningAndUpToItsEnd() {
        assertThat(
                        writes(
                                Watched.deployment(-5, 1),
                                Watched.deployment(0, 2),
                                Watched.deployment(0.001, 3),
                                Watched.deployment(60, 4),
                                Watched.deployment(60.001, 5)))
                .extracting(Rise.Write::from, Rise.Write::to)
                .containsExactly(tuple(2, 3), tuple(3, 4));
    }

    /** Each with the second in which it took the replicas. */
    @ParameterizedTest
    @CsvSource({
        "kubectl 10, controller 20, controller",
        "kubectl 20, controller 10, kubectl",
        "kubectl 20, controller 20, controller",
    })
    void theManagerThatTookTheReplicasLastWroteThem(String first, String second, String writer) {
        assertThat(writes(Watched.deployment(-5, 1), Watched.deployment(20, 2, first, second)))
                .containsExactly(new Rise.Write(Small.at(20), 1, 2, writer, true));
    }

    @Test
    void whereNoManagerIsNamedNobodyIsKnown() {
        assertThat(writes(Watched.deployment(-5, 1), Watched.deployment(20, 2)))
                .containsExactly(new Rise.Write(Small.at(20), 1, 2, "", false));
    }

    private static @Nullable Boolean onLoad(double write, SeenPass... passes) {
        Small run = new Small();
        List<Rise> rises =
                Rise.of(
                        List.of(new Rise.Write(Small.at(write), 1, 3, "", true)),
                        List.of(passes),
                        run.load(),
                        Place.of(run.deployment()));
        assertThat(rises).hasSize(1);
        return rises.getFirst().onLoad();
    }

    /** A pass whose status may be seen 3 s early, and half a period late, made a change of the tenth second. */
    @ParameterizedTest
    @CsvSource({"6.999,", "7, true", "17.5, true", "17.501,"})
    void thePassThatMadeAChange(double pass, @Nullable Boolean onLoad) {
        assertThat(onLoad(10, Watched.pass(pass, 1, 5, 3, 3, 5.0))).isEqualTo(onLoad);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0.001, true"})
    void aSampleFromBeforeTheLoadDidNotSeeIt(double sampled, boolean onLoad) {
        assertThat(onLoad(10, Watched.pass(10, 1, 5, 3, 3, sampled))).isEqualTo(onLoad);
    }

    /** Where no sample is known: after a window and a period every one has seen the load. */
    @ParameterizedTest
    @CsvSource({"29.999,", "30, true"})
    void afterAWindowAndAPeriodItIsCertain(double write, @Nullable Boolean onLoad) {
        assertThat(onLoad(write)).isEqualTo(onLoad);
    }

    private static SeenPass at(int utilization) {
        return new SeenPass(
                Small.at(10),
                Trace.SEEN,
                Recording.tree(
                        """
                        {"spec":{"metrics":[{"resource":{"target":{"averageUtilization":50}}}]}}
                        """),
                1,
                3,
                1,
                5,
                utilization,
                1,
                null,
                Small.at(5));
    }

    /** An autoscaler that asks for what there is while its pods are at their target keeps an earlier recommendation. */
    @Test
    void metricsAtTheTargetAskForNoMore() {
        assertThat(at(50).isAboveTarget()).isFalse();
        assertThat(onLoad(10, at(50))).isFalse();
        assertThat(at(51).isAboveTarget()).isTrue();
        assertThat(onLoad(10, at(51))).isTrue();
    }

    @Test
    void onlyAGrowthIsARise() {
        Small run = new Small();
        List<Rise.Write> writes =
                List.of(
                        new Rise.Write(Small.at(31), 3, 2, "", true),
                        new Rise.Write(Small.at(32), 2, 2, "", true),
                        new Rise.Write(Small.at(33), 2, 3, "", true));
        assertThat(Rise.of(writes, List.of(), run.load(), Place.of(run.deployment())))
                .containsExactly(new Rise(Small.at(33), 2, 3, true, ""));
    }

    /** The autoscaler decided 2, and somebody who is not named wrote 3 at 20 s. */
    private static boolean contested(Change... changes) {
        Small run = new Small().scaledUpTo(5);
        run.see(Watched.deployment(-5, 1), Watched.decided(-5, 2)).see(changes);
        run.writes.add(new Rise.Write(Small.at(20), 1, 3, "", false));
        return new ContestedRule().on(run.run()) instanceof Outcome.Fires;
    }

    /** Its status may come 3 s later, over another watch. */
    @Test
    void aWriteThatTheAutoscalersStatusFollowsIsItsOwn() {
        assertThat(contested()).isTrue();
        assertThat(contested(Watched.decided(23, 3))).isFalse();
        assertThat(contested(Watched.decided(23.001, 3))).isTrue();
        assertThat(contested(Watched.decided(21, 2))).isTrue();
        assertThat(
                        contested(
                                Watched.changed(
                                        21, "HorizontalPodAutoscaler", "web", "{\"status\":{}}")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"20, false", "23, false", "23.001, true", "17, false", "16.999, true"})
    void aWriteThatItsEventTellsIsItsOwn(double event, boolean contested) {
        assertThat(
                        contested(
                                Watched.event(
                                        event,
                                        "HorizontalPodAutoscaler",
                                        "web",
                                        "SuccessfulRescale",
                                        "New size: 3; reason: cpu resource utilization above target")))
                .isEqualTo(contested);
    }

    @Test
    void aStatusWithoutConditionsIsNoDecision() {
        Small run = new Small().scaledUpTo(5);
        run.see(
                Watched.deployment(-5, 1),
                Watched.changed(
                        -5,
                        "HorizontalPodAutoscaler",
                        "web",
                        "{\"status\":{\"desiredReplicas\":2}}"));
        run.writes.add(new Rise.Write(Small.at(20), 1, 3, "kubectl", false));
        assertThat(new ContestedRule().on(run.run())).isEqualTo(Outcome.no());
    }
}
