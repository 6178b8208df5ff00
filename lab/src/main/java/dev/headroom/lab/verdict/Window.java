package dev.headroom.lab.verdict;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.observe.TrafficSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One second of the load.
 *
 * @param answers a second, of any status
 * @param good those of them that did not fail
 * @param failedShare of all answers; null without answers
 * @param due requests a second that were due; null where only the generator could tell
 * @param p50 milliseconds, as p90, p99, mean and max; null where unknown
 */
record Window(
        long from,
        long to,
        double answers,
        double good,
        @Nullable Double failedShare,
        @Nullable Double due,
        @Nullable Double mean,
        @Nullable Double p50,
        @Nullable Double p90,
        @Nullable Double p99,
        @Nullable Double max) {

    /** The generator's own where it tells them, else what the balancer or the pods counted. */
    static List<Window> of(LoadRecord load, Timeline timeline) {
        return load.windows().isEmpty() ? counted(load, timeline) : generated(load);
    }

    private static List<Window> generated(LoadRecord load) {
        List<Window> windows = new ArrayList<>();
        long before = load.start();
        for (LoadRecord.Window window : load.windows()) {
            double seconds = (window.at() - before) / 1e3;
            if (seconds >= 0.5) {
                double answers = window.answers();
                windows.add(
                        new Window(
                                before,
                                window.at(),
                                answers / seconds,
                                Math.max(0, answers - window.failed()) / seconds,
                                share(window.failed(), Math.max(window.failed(), answers)),
                                window.due() / seconds,
                                null,
                                window.p50(),
                                null,
                                window.p99(),
                                window.max()));
            }
            before = window.at();
        }
        return windows;
    }

    private static List<Window> counted(LoadRecord load, Timeline timeline) {
        List<Sample> samples = timeline.samples(load.start(), load.end());
        TrafficSource source = TrafficSource.in(samples);
        List<Window> windows = new ArrayList<>();
        if (source == null) {
            return windows;
        }
        for (int i = 1; i < samples.size(); i++) {
            Sample before = samples.get(i - 1);
            Sample after = samples.get(i);
            double[] sums = new double[2];
            boolean known = true;
            for (PodSample pod : after.pods()) {
                known &= add(sums, source, before.pod(pod.pod()), pod);
            }
            double seconds = (after.at() - before.at()) / 1e3;
            if (!known || seconds <= 0) {
                continue;
            }
            ServiceSample service = after.service();
            windows.add(
                    new Window(
                            before.at(),
                            after.at(),
                            sums[0] / seconds,
                            Math.max(0, sums[0] - sums[1]) / seconds,
                            share(sums[1], sums[0]),
                            null,
                            service == null ? null : service.mean(),
                            service == null ? null : service.p50(),
                            service == null ? null : service.p90(),
                            service == null ? null : service.p99(),
                            service == null ? null : service.max()));
        }
        return windows;
    }

    /** False where a pod that takes connections could not be read. */
    private static boolean add(
            double[] sums, TrafficSource source, @Nullable PodSample before, PodSample after) {
        Traffic now = source.of(after);
        Traffic then = before == null ? null : source.of(before);
        if (now == null || (then == null && before != null)) {
            return !after.ready() && now == null;
        }
        double answers = now.answers() - (then == null ? 0 : then.answers());
        double failed = now.failed() - (then == null ? 0 : then.failed());
        if (answers >= 0 && failed >= 0) {
            sums[0] += answers;
            sums[1] += failed;
        }
        return true;
    }

    private static @Nullable Double share(double part, double whole) {
        return whole <= 0 ? null : Double.valueOf(part / whole);
    }
}
