package dev.headroom.lab.report;

import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Cumulative counters as rates, one for each sample: what could not be read stays unknown, and a counter that fell was started anew. */
final class Rates {
    private Rates() {}

    /** A pod's reading in each sample. */
    static List<@Nullable Double> readings(
            List<Sample> samples, String name, Function<PodSample, @Nullable Number> field) {
        List<@Nullable Double> readings = new ArrayList<>();
        for (Sample sample : samples) {
            PodSample pod = sample.pod(name);
            Number reading = pod == null ? null : field.apply(pod);
            readings.add(reading == null ? null : Double.valueOf(reading.doubleValue()));
        }
        return readings;
    }

    /** Seconds from one sample to a later one. */
    private interface Clock {
        double seconds(Sample from, Sample to);
    }

    /** Growth per second since the reading before. */
    static List<@Nullable Double> perSecond(List<Sample> samples, List<@Nullable Double> readings) {
        return perSecond(samples, readings, (from, to) -> (to.at() - from.at()) / 1e3);
    }

    /** Growth per second of the host's own account of time, where it keeps one: so that no more is used than there is. */
    static List<@Nullable Double> perHostSecond(
            List<Sample> samples, List<@Nullable Double> readings) {
        return perSecond(
                samples,
                readings,
                (from, to) -> {
                    Double before = clock(from);
                    Double now = clock(to);
                    return before == null || now == null
                            ? (to.at() - from.at()) / 1e3
                            : now - before;
                });
    }

    private static @Nullable Double clock(Sample sample) {
        return sample.host() == null ? null : sample.host().clockSeconds();
    }

    private static List<@Nullable Double> perSecond(
            List<Sample> samples, List<@Nullable Double> readings, Clock clock) {
        List<@Nullable Double> rates = new ArrayList<>();
        int last = -1;
        for (int i = 0; i < readings.size(); i++) {
            Double now = readings.get(i);
            Double before = last < 0 ? null : readings.get(last);
            Double rate = null;
            if (now != null && before != null && now >= before) {
                double seconds = clock.seconds(samples.get(last), samples.get(i));
                rate = seconds > 0 ? Double.valueOf((now - before) / seconds) : null;
            }
            rates.add(rate);
            last = now == null ? last : i;
        }
        return rates;
    }

    /** Growth of one counter over the growth of another, in per cent; unknown where the other stood still. */
    static List<@Nullable Double> percentOf(
            List<@Nullable Double> part, List<@Nullable Double> whole) {
        List<@Nullable Double> shares = new ArrayList<>();
        double partBefore = Double.NaN;
        double wholeBefore = Double.NaN;
        for (int i = 0; i < part.size(); i++) {
            Double partNow = part.get(i);
            Double wholeNow = whole.get(i);
            if (partNow == null || wholeNow == null) {
                shares.add(null);
                continue;
            }
            // Nothing is greater than the NaN before the first reading.
            boolean grew = partNow >= partBefore && wholeNow > wholeBefore;
            shares.add(grew ? 100 * (partNow - partBefore) / (wholeNow - wholeBefore) : null);
            partBefore = partNow;
            wholeBefore = wholeNow;
        }
        return shares;
    }

    /** The sum over all pods; unknown where that of any pod is that takes part in the sample and was in the one before. */
    static List<@Nullable Double> total(
            List<Sample> samples, List<String> pods, List<List<@Nullable Double>> rates) {
        List<@Nullable Double> totals = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Double sum = null;
            boolean known = true;
            for (int p = 0; p < pods.size(); p++) {
                Double rate = rates.get(p).get(i);
                boolean there =
                        i > 0
                                && samples.get(i).pod(pods.get(p)) != null
                                && samples.get(i - 1).pod(pods.get(p)) != null;
                known &= rate != null || !there || !ready(samples.get(i), pods.get(p));
                sum = rate == null ? sum : Double.valueOf((sum == null ? 0 : sum) + rate);
            }
            totals.add(known ? sum : null);
        }
        return totals;
    }

    private static boolean ready(Sample sample, String name) {
        PodSample pod = sample.pod(name);
        return pod != null && pod.ready();
    }

    static List<@Nullable Double> ofHost(
            List<Sample> samples, ToDoubleFunction<Observation.HostSample> field) {
        List<@Nullable Double> readings = new ArrayList<>();
        for (Sample sample : samples) {
            readings.add(
                    sample.host() == null
                            ? null
                            : Double.valueOf(field.applyAsDouble(sample.host())));
        }
        return readings;
    }
}
