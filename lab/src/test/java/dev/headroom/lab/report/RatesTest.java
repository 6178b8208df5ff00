package dev.headroom.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.headroom.lab.observe.Observation.HostSample;
import dev.headroom.lab.observe.Observation.Replicas;
import dev.headroom.lab.observe.Observation.Sample;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static Sample sample(long at, double busy, @Nullable Double clock) {
        return new Sample(
                at, new Replicas(1, 1, 1), List.of(), new HostSample(2, busy, 0, 0, clock), null);
    }

    private static double second(Sample first, Sample second) {
        List<Sample> samples = List.of(first, second);
        List<@Nullable Double> rates =
                Rates.perHostSecond(samples, Rates.ofHost(samples, HostSample::busySeconds));
        assertThat(rates.getFirst()).isNull();
        return Objects.requireNonNull(rates.getLast());
    }

    /** Read 0.9 s after it was to be: 3.8 of 2 CPUs by the clock on the wall, 2 by their own. */
    @Test
    void aHostIsMeasuredByItsOwnAccountOfTime() {
        assertThat(second(sample(1000, 10, 100.0), sample(2000, 13.8, 101.9)))
                .isCloseTo(2, within(1e-9));
    }

    @Test
    void aHostWithoutOneByTheWallClock() {
        assertThat(second(sample(1000, 10, null), sample(2000, 11.5, null))).isEqualTo(1.5);
        assertThat(second(sample(1000, 10, null), sample(2000, 11.5, 101.9))).isEqualTo(1.5);
    }
}
