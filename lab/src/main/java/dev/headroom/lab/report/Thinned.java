package dev.headroom.lab.report;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A long run with fewer points, so that its page stays one that opens: {@code by} of them become one. Counters are cumulative, so rates become
 * means over that time; of latencies the highest is kept, of all else the last.
 *
 * @param by how many become one
 */
record Thinned(int by) {
    /** As many points as a plot has pixels. */
    static final int MOST = 1200;

    static Thinned to(int points) {
        return new Thinned(Math.max(1, Math.ceilDiv(points, MOST)));
    }

    /** Where points were put together: how to read them; else nothing. */
    String note() {
        return by == 1
                ? ""
                : " The run is long: each point stands for "
                        + by
                        + " readings, one a second; rates are means over them, latencies by the"
                        + " second are the highest of them, all else is the last. Every reading is"
                        + " in 3-load.json and 4-observations.jsonl.";
    }

    List<Sample> samples(List<Sample> all) {
        return thinned(
                all,
                group -> {
                    Sample last = group.getLast();
                    return new Sample(
                            last.at(), last.replicas(), last.pods(), last.host(), service(group));
                });
    }

    private static @Nullable ServiceSample service(List<Sample> group) {
        ServiceSample last = group.getLast().service();
        return last == null
                ? null
                : new ServiceSample(
                        last.open(),
                        last.unanswered(),
                        last.count(),
                        last.mean(),
                        highest(group, s -> s.service() == null ? null : s.service().p50()),
                        highest(group, s -> s.service() == null ? null : s.service().p90()),
                        highest(group, s -> s.service() == null ? null : s.service().p99()),
                        highest(group, s -> s.service() == null ? null : s.service().max()));
    }

    List<LoadRecord.Window> windows(List<LoadRecord.Window> all) {
        return thinned(
                all,
                group ->
                        new LoadRecord.Window(
                                group.getLast().at(),
                                group.stream().mapToLong(LoadRecord.Window::due).sum(),
                                group.stream().mapToLong(LoadRecord.Window::answers).sum(),
                                group.stream().mapToLong(LoadRecord.Window::failed).sum(),
                                group.stream().mapToLong(LoadRecord.Window::late).sum(),
                                group.getLast().open(),
                                highest(group, LoadRecord.Window::p50),
                                highest(group, LoadRecord.Window::p99),
                                highest(group, LoadRecord.Window::max)));
    }

    List<LoadRecord.Use> use(List<LoadRecord.Use> all) {
        return thinned(
                all,
                group ->
                        new LoadRecord.Use(
                                group.getLast().at(),
                                group.stream()
                                        .mapToDouble(LoadRecord.Use::cpuCores)
                                        .average()
                                        .orElseThrow(),
                                highest(group, LoadRecord.Use::lagP99Millis),
                                group.getLast().openFiles()));
    }

    private <T> List<T> thinned(List<T> all, Function<List<T>, T> merged) {
        if (by == 1) {
            return all;
        }
        List<T> few = new ArrayList<>();
        for (int i = 0; i < all.size(); i += by) {
            few.add(merged.apply(all.subList(i, Math.min(i + by, all.size()))));
        }
        return few;
    }

    private static <T> @Nullable Double highest(
            List<T> group, Function<T, @Nullable Double> field) {
        Double highest = null;
        for (T one : group) {
            Double value = field.apply(one);
            highest =
                    highest == null || (value != null && value.compareTo(highest) > 0)
                            ? value
                            : highest;
        }
        return highest;
    }
}
