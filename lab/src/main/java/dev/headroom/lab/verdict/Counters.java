package dev.headroom.lab.verdict;

import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.Traffic;
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

    /** Where requests per pod are known from. */
    enum TrafficSource {
        BALANCER("the balancer"),
        OWN("the pods' own metrics");

        private final String words;

        TrafficSource(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        @Nullable Traffic of(PodSample pod) {
            return this == BALANCER ? pod.balancer() : pod.own();
        }
    }

    /** The balancer where it tells anything at all, else the pods; null where neither does. */
    static @Nullable TrafficSource source(List<Sample> samples) {
        for (TrafficSource source : TrafficSource.values()) {
            for (Sample sample : samples) {
                if (sample.pods().stream().anyMatch(p -> source.of(p) != null)) {
                    return source;
                }
            }
        }
        return null;
    }

    static @Nullable PodSample pod(Sample sample, String name) {
        for (PodSample pod : sample.pods()) {
            if (pod.pod().equals(name)) {
                return pod;
            }
        }
        return null;
    }

    /** Null with fewer than two readings. */
    static @Nullable Growth growth(
            List<Sample> samples, String pod, Function<PodSample, @Nullable Number> counter) {
        Double last = null;
        long lastAt = 0;
        double amount = 0;
        long millis = 0;
        for (Sample sample : samples) {
            PodSample found = pod(sample, pod);
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
