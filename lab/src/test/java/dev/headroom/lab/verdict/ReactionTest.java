package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The reaction by steps: what was not seen has no time, and takes none of the next. */
class ReactionTest {
    private static ReactionStep step(Recording run, String name) {
        return Reaction.of(run.run()).stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double at(Recording run, String name) {
        return (Objects.requireNonNull(step(run, name).at()) - run.start()) / 1e3;
    }

    @Test
    void whereNothingWasAddedThereIsNone() {
        assertThat(Reaction.of(Worlds.full(1).run())).isEmpty();
        assertThat(Reaction.slowest(List.of())).isNull();
    }

    @Test
    void theSlowestStep() {
        ReactionStep slowest = Reaction.slowest(Reaction.of(Worlds.scaled().run()));
        assertThat(Objects.requireNonNull(slowest).name()).isEqualTo("first sample above target");
    }

    @Test
    void withoutPodsOnlyTheDecisionIsKnown() {
        Recording run = Worlds.scaled().remove(Recording.changesOf("Pod"));
        run.setting("metricsWindowSeconds", "5").setting("syncPeriodSeconds", "5");
        assertThat(Reaction.of(run.run()))
                .extracting(ReactionStep::name)
                .containsExactly("load on", "first sample above target", "decision");
    }

    @Test
    void withoutAnswersPerPodTheLastStepsAreUnknown() {
        Recording run = Worlds.scaled().podsWithout("balancer").podsWithout("own");
        assertThat(step(run, "first answer").at()).isNull();
        assertThat(step(run, "first answer").source()).isEqualTo("unknown");
        assertThat(step(run, "half its fair share").seconds()).isNull();
        assertThat(at(run, "ready")).isEqualTo(20.958);
    }

    @Test
    void aShareThatComesLaterThanTheFirstAnswer() {
        Recording run = Worlds.scaled((at, pod) -> pod.equals(Alter.FIRST) || at > 40 ? 400 : 20);
        assertThat(at(run, "first answer")).isBetween(21.0, 23.0);
        assertThat(at(run, "half its fair share")).isBetween(40.0, 42.0);
    }

    @Test
    void aPodThatNeverAnswered() {
        Recording run = Worlds.pinned();
        assertThat(step(run, "first answer").at()).isNull();
        assertThat(step(run, "first answer").source()).isEqualTo("the balancer");
        assertThat(step(run, "half its fair share").at()).isNull();
    }

    /** Where the observer read the metrics after the decision only, their own time is the better one. */
    @Test
    void aSampleThatWasReadLate() {
        Recording run = Worlds.scaled();
        run.each(
                Recording.ofKind("metrics"),
                (at, line) -> {
                    if (at > 10 && at < 12) {
                        line.put("at", run.at(15));
                    }
                });
        assertThat(at(run, "first sample above target")).isBetween(9.0, 10.0);
    }

    @Test
    void thePodMayBeSeenBeforeTheDecision() {
        Recording run = Worlds.scaled();
        run.each(
                Recording.changesOf("Deployment"),
                (at, line) -> {
                    if (at > 14.6 && at < 14.7) {
                        line.put("at", run.at(15.5));
                    }
                });
        run.remove(l ->
                Recording.changesOf("Deployment").test(l)
                        && run.seconds(l) > 14.7
                        && run.seconds(l) < 15.4);
        assertThat(at(run, "decision")).isEqualTo(15.5);
        assertThat(at(run, "pod created")).isEqualTo(14.666);
    }
}
