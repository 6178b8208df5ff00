package dev.headroom.lab.observe;

import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.Traffic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where requests per pod are known from. */
public enum TrafficSource {
    BALANCER("the balancer"),
    OWN("the pods' own metrics");

    private final String words;

    TrafficSource(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /** What it tells of a pod; null where it does not. */
    public @Nullable Traffic of(PodSample pod) {
        return this == BALANCER ? pod.balancer() : pod.own();
    }

    /** The balancer where it tells anything at all, else the pods; null where neither does. */
    public static @Nullable TrafficSource in(List<Sample> samples) {
        for (TrafficSource source : values()) {
            for (Sample sample : samples) {
                if (sample.pods().stream().anyMatch(p -> source.of(p) != null)) {
                    return source;
                }
            }
        }
        return null;
    }
}
