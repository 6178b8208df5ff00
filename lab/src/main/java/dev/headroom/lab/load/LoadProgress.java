package dev.headroom.lab.load;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Hears of a load while it runs, once a second. */
@FunctionalInterface
public interface LoadProgress {
    void at(Moment moment);

    /**
     * How far a load is.
     *
     * @param answers so far; null where the generator tells only at its end (wrk)
     * @param failed so far; null likewise
     * @param p99Millis of the last second; null likewise, and without answers
     */
    record Moment(
            Duration elapsed,
            @Nullable Long answers,
            @Nullable Long failed,
            @Nullable Double p99Millis) {}
}
