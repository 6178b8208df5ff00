package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.ServiceSample;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One second of the load, as the generator tells it or as it was counted at the pods. */
class WindowTest {
    private static LoadRecord.Window told(double at, long due, long answers, long failed) {
        return new LoadRecord.Window(Small.at(at), due, answers, failed, 0, 10, 1.0, 2.0, 3.0);
    }

    private static List<Window> windows(Small run) {
        return Window.of(run.load(), run.timeline());
    }

    private static List<Window> generated(LoadRecord.Window... told) {
        Small run = new Small();
        run.generated.addAll(List.of(told));
        return windows(run);
    }

    /** Of 30 answers in half a second a fifth failed, and 40 were due. */
    @Test
    void whatTheGeneratorCountedIsGivenPerSecond() {
        assertThat(generated(told(0.5, 40, 30, 6)))
                .containsExactly(
                        new Window(
                                Small.START,
                                Small.at(0.5),
                                60,
                                48,
                                0.2,
                                80.0,
                                null,
                                1.0,
                                null,
                                2.0,
                                3.0));
    }

    @Test
    void lessThanHalfASecondIsNoWindow() {
        assertThat(generated(told(0.499, 40, 30, 6), told(1.499, 40, 30, 6)))
                .extracting(Window::from)
                .containsExactly(Small.at(0.499));
    }

    @Test
    void withoutAnswersTheShareThatFailedIsNotKnown() {
        assertThat(generated(told(1, 5, 0, 0)))
                .singleElement()
                .satisfies(w -> assertThat(w.failedShare()).isNull());
    }

    /** 60 answers in two seconds, a fifth of them failed; latencies are the balancer's. */
    @Test
    void whatWasCountedAtThePodsIsGivenPerSecond() {
        Small run = new Small();
        run.see(
                Small.sample(0, Small.serving("a", Small.answered(100, 10))),
                Small.sample(
                        2,
                        null,
                        new ServiceSample(10, 0, 60, 5.0, 4.0, 6.0, 8.0, 9.0),
                        Small.serving("a", Small.answered(160, 22))));
        assertThat(windows(run))
                .containsExactly(
                        new Window(
                                Small.START,
                                Small.at(2),
                                30,
                                24,
                                0.2,
                                null,
                                5.0,
                                4.0,
                                6.0,
                                8.0,
                                9.0));
    }

    @Test
    void withoutABalancerNoLatencyIsKnown() {
        Small run = new Small();
        run.see(
                Small.sample(0, Small.serving("a", Small.answered(0, 0))),
                Small.sample(1, Small.serving("a", Small.answered(50, 0))));
        assertThat(windows(run))
                .containsExactly(
                        new Window(
                                Small.START,
                                Small.at(1),
                                50,
                                50,
                                0.0,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null));
    }

    @Test
    void twoLooksInTheSameMomentAreNoWindow() {
        Small run = new Small();
        run.see(
                Small.sample(1, Small.serving("a", Small.answered(0, 0))),
                Small.sample(1, Small.serving("a", Small.answered(9, 0))),
                Small.sample(2, Small.serving("a", Small.answered(59, 0))));
        assertThat(windows(run)).extracting(Window::answers).containsExactly(50.0);
    }
}
