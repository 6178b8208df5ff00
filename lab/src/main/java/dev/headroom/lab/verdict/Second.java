package dev.headroom.lab.verdict;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One second of a load, for those who compare runs.
 *
 * @param at its end, milliseconds since the epoch
 * @param pods that served throughout, in a phase long enough to decide something and after its settling; 0 in all other seconds
 * @param good answers a second that did not fail
 * @param failedShare of all answers, 0 to 1; null without answers
 * @param p50 milliseconds, as p99; null where unknown
 */
public record Second(
        long at,
        int pods,
        double good,
        @Nullable Double failedShare,
        @Nullable Double p50,
        @Nullable Double p99) {
    /** By how much a window may stand over its phase: samples come a little early or late. */
    private static final long JITTER_MILLIS = 150;

    /** Every second that was measured, in the order of time. */
    public static List<Second> of(LoadRecord load, List<Observation> observations) {
        Timeline timeline = new Timeline(observations);
        List<Window> windows = Window.of(load, timeline);
        List<Phase> phases = Phases.of(load, timeline, windows);
        List<Second> seconds = new ArrayList<>();
        for (Window window : windows) {
            seconds.add(
                    new Second(
                            window.to(),
                            pods(window, phases),
                            window.good(),
                            window.failedShare(),
                            window.p50(),
                            window.p99()));
        }
        return seconds;
    }

    private static int pods(Window window, List<Phase> phases) {
        for (Phase phase : phases) {
            if (phase.decides()
                    && window.from() >= phase.settled() - JITTER_MILLIS
                    && window.to() <= phase.end() + JITTER_MILLIS) {
                return phase.size();
            }
        }
        return 0;
    }
}
