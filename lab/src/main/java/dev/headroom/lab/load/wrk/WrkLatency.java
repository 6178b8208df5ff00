package dev.headroom.lab.load.wrk;

import dev.headroom.lab.load.Latencies;
import dev.headroom.lab.load.LoadRecord.Latency;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Latencies as wrk measured them, before what it calls a correction.
 *
 * <p>At its end wrk adds made-up answers to its counts ({@code stats_correct}): with {@code e} the mean time between two answers of a
 * connection, each answer of {@code n >= 2e} µs is counted again at {@code n - e}, {@code n - 2e}, … while above {@code e}. Later
 * additions never change a count that is still to be read, so it can be taken back exactly: {@code measured[m] = shown[m] - shown[m + e]}
 * for {@code m > e}. Whether it came out right can be seen: no count is negative, and their sum is answers less those past the time limit.
 */
final class WrkLatency {
    static final String MEASURED =
            "wrk: every answer within its time limit, from when it was sent; wrk's correction for coordinated omission taken back";
    static final String SHOWN =
            "wrk: every answer within its time limit, from when it was sent, and what wrk adds as a correction for coordinated omission";

    private WrkLatency() {}

    static @Nullable Latency of(Figures figures, int connections) {
        if (!figures.has("mean")) {
            return null;
        }
        boolean cutOff = figures.count("timeout") > 0;
        if (figures.counts().isEmpty()) {
            return shown(figures, cutOff);
        }
        NavigableMap<Long, Long> measured = measured(figures, connections);
        return measured == null
                ? exact(figures.counts(), SHOWN, cutOff)
                : exact(measured, MEASURED, cutOff);
    }

    /** Counts without the correction; null where they don't come out right. */
    static @Nullable NavigableMap<Long, Long> measured(Figures figures, int connections) {
        long answers = figures.count("requests");
        NavigableMap<Long, Long> shown = figures.counts();
        NavigableMap<Long, Long> measured = shown;
        if (answers / connections > 0) {
            measured = uncorrected(shown, figures.count("duration") / (answers / connections));
        }
        long sum = 0;
        for (long count : measured.values()) {
            if (count < 0) {
                return null;
            }
            sum += count;
        }
        // A script that pipelines gets one latency for several answers: then there are fewer.
        return sum <= answers - figures.count("timeout") ? measured : null;
    }

    private static NavigableMap<Long, Long> uncorrected(
            NavigableMap<Long, Long> shown, long every) {
        NavigableMap<Long, Long> measured = new TreeMap<>();
        shown.forEach((micros, count) -> {
            long added = micros > every ? shown.getOrDefault(micros + every, 0L) : 0;
            if (count != added) {
                measured.put(micros, count - added);
            }
        });
        return measured;
    }

    private static Latency exact(NavigableMap<Long, Long> counts, String source, boolean cutOff) {
        Histogram histogram = new Histogram(Latencies.DIGITS);
        double sum = 0;
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            histogram.recordValueWithCount(entry.getKey(), entry.getValue());
            sum += (double) entry.getKey() * entry.getValue();
        }
        long total = histogram.getTotalCount();
        double mean = sum / total;
        double squares = 0;
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            double off = entry.getKey() - mean;
            squares += off * off * entry.getValue();
        }
        Map<String, Double> percentiles = new LinkedHashMap<>();
        for (double p : Latencies.PERCENTILES) {
            percentiles.put(Latencies.name(p), percentile(counts, total, p) / 1e3);
        }
        return new Latency(
                source,
                total,
                cutOff,
                counts.firstKey() / 1e3,
                mean / 1e3,
                Math.sqrt(squares / Math.max(1, total - 1)) / 1e3,
                counts.lastKey() / 1e3,
                percentiles,
                Latencies.encoded(histogram));
    }

    private static long percentile(NavigableMap<Long, Long> counts, long total, double p) {
        long rank = (long) Math.ceil(total * p / 100);
        long below = 0;
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            below += entry.getValue();
            if (below >= rank) {
                return entry.getKey();
            }
        }
        return counts.lastKey();
    }

    private static Latency shown(Figures figures, boolean cutOff) {
        Map<String, Double> percentiles = new LinkedHashMap<>();
        for (double p : Latencies.PERCENTILES) {
            percentiles.put(Latencies.name(p), figures.number(Latencies.name(p)) / 1e3);
        }
        return new Latency(
                SHOWN,
                figures.count("requests") - figures.count("timeout"),
                cutOff,
                figures.number("min") / 1e3,
                figures.number("mean") / 1e3,
                figures.number("stdev") / 1e3,
                figures.number("max") / 1e3,
                percentiles,
                null);
    }
}
