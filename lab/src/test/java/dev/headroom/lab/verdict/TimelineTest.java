package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.Gap;
import dev.headroom.lab.observe.Observation.Mark;
import dev.headroom.lab.observe.Observation.Replicas;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.run.Verdict;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was observed, by kind and time, and the few things that a run says of itself. */
class TimelineTest {
    private static Timeline of(Observation... observations) {
        return new Timeline(List.of(observations));
    }

    @Test
    void whatWasWrittenLateIsPutInItsPlace() {
        assertThat(of(Small.sample(2), Small.sample(1), Small.sample(3)).samples())
                .extracting(Sample::at)
                .containsExactly(Small.at(1), Small.at(2), Small.at(3));
    }

    @Test
    void samplesFromOneMomentToAnotherBothIncluded() {
        Timeline timeline = of(Small.sample(1), Small.sample(2), Small.sample(3), Small.sample(4));
        assertThat(timeline.samples(Small.at(2), Small.at(3)))
                .extracting(Sample::at)
                .containsExactly(Small.at(2), Small.at(3));
    }

    @Test
    void podsAreThoseThatWereSampledOrWatched() {
        assertThat(
                        of(
                                        Watched.pod(1, "b", true),
                                        Watched.deployment(1, 1),
                                        Small.sample(2, Small.using("a", null, null)))
                                .pods())
                .containsExactly("b", "a");
    }

    @Test
    void theLastOfSeveralMarks() {
        Timeline timeline =
                of(
                        new Mark(1, "baseline", "first"),
                        new Mark(2, "load-start", ""),
                        new Mark(3, "baseline", "second"));
        assertThat(Objects.requireNonNull(timeline.mark("baseline")).detail()).isEqualTo("second");
        assertThat(timeline.mark("end")).isNull();
    }

    @Test
    void whatCouldNotBeObserved() {
        Gap gap = new Gap(1, "balancer", "not there");
        assertThat(of(gap).gaps()).containsExactly(gap);
    }

    /** From the moment of its change on. */
    @Test
    void anObjectAtAMoment() {
        Timeline timeline = of(Watched.deployment(1, 1), Watched.deployment(2, 3));
        assertThat(timeline.at("Deployment", "web", Small.at(0.999))).isNull();
        for (double at : new double[] {1, 1.999, 2}) {
            assertThat(
                            Objects.requireNonNull(timeline.at("Deployment", "web", Small.at(at)))
                                    .path("spec")
                                    .path("replicas")
                                    .asInt())
                    .isEqualTo(at < 2 ? 1 : 3);
        }
    }

    private static Sample desired(double at, int replicas) {
        return new Sample(Small.at(at), new Replicas(replicas, 1, 1), List.of(), null, null);
    }

    /** Zero stands for a workload that was not seen yet. */
    @ParameterizedTest
    @CsvSource({"2, 3, 3", "0, 0, 5", "2, 0, 2", "0, 3, 3"})
    void replicasWhenTheLoadBegins(int before, int begin, int replicas) {
        Small run = new Small();
        run.replicas = 5;
        run.see(desired(-1, before), desired(0, begin), desired(0.001, 4));
        assertThat(run.run().replicasAtStart()).isEqualTo(replicas);
    }

    /** To hold: a window, a period and a phase; to scale: the start of a pod of 5 s and another phase besides. */
    @ParameterizedTest
    @CsvSource({"44.999, true, true", "45, false, true", "64.999, false, true", "65, false, false"})
    void howLongALoadHasToBe(double end, boolean tooShortToHold, boolean tooShortToScale) {
        Small run = new Small();
        run.end = end;
        assertThat(run.run().isTooShortToHold()).isEqualTo(tooShortToHold);
        assertThat(run.run().isTooShortToScale()).isEqualTo(tooShortToScale);
    }

    /** Kubernetes' own, where the place tells nothing. */
    @Test
    void settingsThatAreNotKnown() {
        assertThat(Place.of(new Small().deployment()))
                .isEqualTo(new Place(15, 15, 0.1, 300, 300, 30, 1, 0));
    }

    @Test
    void aContainerThatEndedIsWhyItsPodIsNotReady() {
        assertThat(
                        Pods.trouble(
                                Recording.tree(
                                        """
                                        {"status":{"containerStatuses":[{"name":"web","restartCount":1,
                                         "state":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}}
                                        """)))
                .isEqualTo(
                        new Pods.Trouble(
                                Verdict.CRASHING,
                                "OOMKilled",
                                "container web ended with exit code 137, 1 restart"));
    }

    @Test
    void aMessageOfTwoHundredLettersIsNotCut() {
        String fits = "x".repeat(200);
        assertThat(sentence(fits)).endsWith(fits + ".");
        assertThat(sentence(fits + "y")).endsWith(fits + "….");
    }

    private static String sentence(String message) {
        return Sentences.of(
                new Cause.Missing(Verdict.CRASHING, "Pod/a", "Error", message, 60, false));
    }
}
