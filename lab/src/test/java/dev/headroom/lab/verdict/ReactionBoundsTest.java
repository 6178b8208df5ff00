package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each step of the reaction at the edge of what belongs to it. */
class ReactionBoundsTest {
    /** From one pod to two. */
    private static Small decided(double at) {
        Small run = new Small().scaledUpTo(2);
        run.rises.add(new Rise(Small.at(at), 1, 2, true, ""));
        return run;
    }

    private static ReactionStep step(Small run, String name) {
        return Reaction.of(run.run()).stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static @Nullable Double at(Small run, String name) {
        Long at = step(run, name).at();
        return at == null ? null : Double.valueOf((at - Small.START) / 1e3);
    }

    @Test
    void ofTwoStepsThatTookAsLongTheFirstIsTheSlowest() {
        ReactionStep decision = new ReactionStep("decision", Small.at(5), 5.0, "");
        ReactionStep ready = new ReactionStep("ready", Small.at(10), 5.0, "");
        assertThat(Reaction.slowest(List.of(decision, ready))).isEqualTo(decision);
    }

    /** The decision and the pod come over two watches: it may be seen a second early. */
    @Test
    void theFirstPodThatWasSeenAfterTheDecision() {
        Small run = decided(20);
        run.see(
                Watched.pod(18.999, "a", true),
                Watched.pod(19, "b", true),
                Watched.pod(19, "c", true),
                Watched.pod(19.5, "d", true));
        assertThat(step(run, "pod created").source()).isEqualTo("Pod/b first seen");
    }

    @Test
    void aPodThatWasThereWhenTheLoadBeganIsNotNew() {
        Small run = decided(1).see(Watched.pod(0, "a", true));
        assertThat(Reaction.of(run.run()))
                .extracting(ReactionStep::name)
                .containsExactly("load on", "first sample above target", "decision");
    }

    /** The status of the pass that decided may be seen 3 s after its write. Its sample was taken at 15 s. */
    @ParameterizedTest
    @CsvSource({"23, 15", "23.001,"})
    void thePassThatDecidedMayBeSeenLate(double pass, @Nullable Double sampled) {
        Small run = decided(20);
        run.passes.add(Watched.pass(pass, 1, 2, 2, 2, 15.0));
        assertThat(at(run, "first sample above target")).isEqualTo(sampled);
    }

    /** When these very metrics were first read: under load, and up to the decision. */
    @ParameterizedTest
    @CsvSource({"16, 16", "20, 20", "20.001, 15", "0, 15", "0.001, 0.001"})
    void theMomentAtWhichItsSampleWasRead(double read, double told) {
        Small run = decided(20);
        run.see(Watched.metrics(read, "a", 15), Watched.metrics(10, "a", 5));
        run.passes.add(Watched.pass(20, 1, 2, 2, 2, 15.0));
        assertThat(at(run, "first sample above target")).isEqualTo(told);
    }

    /** Of two pods a half is fair; one answer in four is half of that. */
    @ParameterizedTest
    @CsvSource({"3, 30", "4,"})
    void halfItsFairShareIsReachedAtAQuarterOfTheAnswers(long others, @Nullable Double reached) {
        Small run = decided(20);
        run.see(
                Watched.pod(21, "b", true),
                Small.sample(
                        29,
                        Small.serving("a", Small.answered(100, 0)),
                        Small.serving("b", Small.answered(0, 0))),
                Small.sample(
                        30,
                        Small.serving("a", Small.answered(100 + others, 0)),
                        Small.serving("b", Small.answered(1, 0))));
        assertThat(at(run, "first answer")).isEqualTo(30);
        assertThat(at(run, "half its fair share")).isEqualTo(reached);
    }
}
