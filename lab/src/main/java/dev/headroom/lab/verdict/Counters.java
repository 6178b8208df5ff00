package dev.headroom.lab.verdict;

import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Differences of cumulative counters: what could not be read is left out, and a counter that fell was started anew. */
final class Counters {
    private Counters() {}

    /** How much a counter grew, and in how much time that was seen. */
    record Growth(double amount, double seconds) {
        double perSecond() {
            return amount / seconds;
        }
    }

    /** Null with fewer than two readings. */
    static @Nullable Growth growth(
            List<Sample> samples, String pod, Function<PodSample, @Nullable Number> counter) {
        Double last = null;
        long lastAt = 0;
        double amount = 0;
        long millis = 0;
        for (Sample sample : samples) {
            PodSample found = sample.pod(pod);
            Number reading = found == null ? null : counter.apply(found);
            if (reading == null) {
                continue;
            }
            double value = reading.doubleValue();
            if (last != null && value >= last) {
                amount += value - last;
                millis += sample.at() - lastAt;
            }
            last = value;
            lastAt = sample.at();
        }
        return millis == 0 ? null : new Growth(amount, millis / 1e3);
    }
}
