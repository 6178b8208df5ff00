package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.observe.Observation.Change;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which moments are passes of the autoscaler, and what a tolerance or a target of its own makes of them. */
class PassesBoundsTest {
    /** Under a load of a minute, with a period of 15 s. */
    private static List<Double> moments(Change... statuses) {
        Small run = new Small().scaledUpTo(5).see(statuses);
        return Passes.of(run.deployment(), run.load(), run.timeline(), Place.of(run.deployment()))
                .stream()
                .map(p -> (p.at() - Small.START) / 1e3)
                .toList();
    }

    @Test
    void aPassIsUnderLoadAfterItsBeginningAndUpToItsEnd() {
        assertThat(moments(Watched.decided(0, 1), Watched.decided(60, 2)))
                .containsExactly(15.0, 30.0, 45.0, 60.0);
        assertThat(moments(Watched.decided(0.001, 1), Watched.decided(60.001, 2)))
                .containsExactly(0.001, 15.001, 30.001, 45.001);
    }

    /** A status that is seen half a period late is still of the pass that was due. */
    @Test
    void aPassThatLeftNoTraceIsMoreThanHalfAPeriodBeforeTheNext() {
        assertThat(moments(Watched.decided(1, 1), Watched.decided(23.5, 2)))
                .containsExactly(1.0, 23.5, 38.5, 53.5);
        assertThat(moments(Watched.decided(1, 1), Watched.decided(23.501, 2)))
                .containsExactly(1.0, 16.0, 23.501, 38.501, 53.501);
    }

    @Test
    void aStatusWithoutMetricsReportsNoUtilization() {
        assertThat(Passes.reported(Recording.tree("{\"status\":{\"currentMetrics\":[]}}")))
                .isNull();
    }

    @Test
    void aTargetOfNothingAsksForNothing() {
        Small run = new Small();
        assertThat(
                        new Recomputation(Place.of(run.deployment()), Map.of())
                                .byUtilization(
                                        Recording.tree(
                                                """
                                                {"spec":{"metrics":[{"resource":{"target":{"averageUtilization":0}}}]}}
                                                """),
                                        1,
                                        50))
                .isNull();
    }

    /** 60 % with a target of 50 % is 1.2 times as much: one pod more, but within a tolerance of 0.3. */
    @ParameterizedTest
    @CsvSource({"0.1, 2", "0.3, 1"})
    void aToleranceOfItsOwnDecides(String tolerance, int asked) {
        Recording run = Alter.utilization(Worlds.full(3), at -> 60);
        run.hpa((at, hpa) ->
                Recording.object(hpa, "spec")
                        .putObject("behavior")
                        .putObject("scaleUp")
                        .put("tolerance", tolerance));
        assertThat(run.run().passes().getLast().asked()).isEqualTo(asked);
    }
}
