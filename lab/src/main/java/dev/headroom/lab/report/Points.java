package dev.headroom.lab.report;

import dev.headroom.lab.observe.Observation.HostSample;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.observe.TrafficSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The samples that plots are made of, and columns of values taken from them; null where unknown. */
final class Points {
    private final TimeAxis axis;
    private final List<Sample> samples;
    private final int[] shown;

    Points(Seen seen, TimeAxis axis, Thinned thinned) {
        this.axis = axis;
        samples = thinned.samples(seen.samples());
        shown =
                IntStream.range(0, samples.size())
                        .filter(i -> axis.shows(samples.get(i).at()))
                        .toArray();
    }

    /** How many points a plot of all that was observed has. */
    static int count(Seen seen, TimeAxis axis) {
        return (int) seen.samples().stream().filter(s -> axis.shows(s.at())).count();
    }

    List<Sample> samples() {
        return samples;
    }

    Plot.Builder plot(String id, String title, String unit) {
        Plot.Builder plot = Plot.titled(id, title, unit);
        for (int i : shown) {
            plot.times(List.of(axis.seconds(samples.get(i).at())));
        }
        return plot;
    }

    /** Those of the samples that are on the axis of time. */
    List<@Nullable Double> shown(List<@Nullable Double> values) {
        List<@Nullable Double> some = new ArrayList<>();
        for (int i : shown) {
            some.add(values.get(i));
        }
        return some;
    }

    List<@Nullable Double> each(Function<Sample, @Nullable Number> field) {
        List<@Nullable Double> values = new ArrayList<>();
        for (int i : shown) {
            Number value = field.apply(samples.get(i));
            values.add(value == null ? null : Double.valueOf(value.doubleValue()));
        }
        return values;
    }

    List<@Nullable Double> service(Function<ServiceSample, @Nullable Number> field) {
        return each(sample -> {
            ServiceSample service = sample.service();
            return service == null ? null : field.apply(service);
        });
    }

    List<@Nullable Double> hostRate(ToDoubleFunction<HostSample> field) {
        return shown(Rates.perHostSecond(samples, Rates.ofHost(samples, field)));
    }

    List<@Nullable Double> readings(String pod, Function<PodSample, @Nullable Number> field) {
        return Rates.readings(samples, pod, field);
    }

    List<@Nullable Double> rate(String pod, Function<PodSample, @Nullable Number> field) {
        return Rates.perSecond(samples, readings(pod, field));
    }

    /** Over all samples, not only those that are shown. */
    List<@Nullable Double> rate(TrafficSource source, String pod, Function<Traffic, Long> field) {
        return rate(
                pod,
                p -> {
                    Traffic counted = source.of(p);
                    return counted == null ? null : field.apply(counted);
                });
    }

    List<@Nullable Double> total(
            TrafficSource source, List<String> pods, Function<Traffic, Long> field) {
        List<List<@Nullable Double>> rates = new ArrayList<>();
        pods.forEach(p -> rates.add(rate(source, p, field)));
        return shown(Rates.total(samples, pods, rates));
    }
}
