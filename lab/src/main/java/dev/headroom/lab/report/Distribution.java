package dev.headroom.lab.report;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.ServiceLatency;
import dev.headroom.lab.report.Plot.Style;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of a whole run, by percentile, from each that measured them.
 *
 * @param notes what must be known to read it: whose figures are cut off, what could not be decoded
 * @param summary one row a source: source, counted, min, mean, stdev, max
 */
record Distribution(Plot plot, List<String> notes, List<List<String>> summary) {
    private static final double[] PERCENTILES = {
        1, 5, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97, 98, 99, 99.5, 99.9, 99.95,
        99.99, 99.999
    };

    static final List<String> SUMMARY =
            List.of("measured by", "answers", "min", "mean", "standard deviation", "max");

    static Distribution of(@Nullable LoadRecord load, Seen seen) {
        List<String> notes = new ArrayList<>();
        List<List<String>> summary = new ArrayList<>();
        Plot.Builder plot =
                Plot.titled("distribution", "Latency by percentile", "ms")
                        .axis(Plot.Axis.PERCENTILE)
                        .from(
                                "All answers of the load; the axis gives each further nine as much room.")
                        .unknownSince(
                                load == null
                                        ? "no load was sent"
                                        : "neither the load generator nor a balancer told"
                                                + " latencies");
        for (double percentile : PERCENTILES) {
            plot.at(place(percentile), "p" + Plain.number(percentile, 3));
        }
        LoadRecord.Latency own = load == null ? null : load.latency();
        if (load != null && own != null) {
            plot.line(
                    load.generator().name() + (own.cutOff() ? " (cut off)" : ""),
                    Style.VALUE,
                    generator(own, notes),
                    2);
            summary.add(row(own));
            if (own.cutOff()) {
                notes.add(cutOff(load, own));
            }
        }
        ServiceLatency balancer = seen.latency();
        if (balancer != null) {
            plot.line("balancer", Style.VALUE, balancer(balancer), 2);
            summary.add(
                    List.of(
                            "the service's balancer",
                            String.valueOf(balancer.count()),
                            Plain.UNKNOWN,
                            Plain.number(balancer.mean(), 2, "ms"),
                            Plain.UNKNOWN,
                            Plain.UNKNOWN));
            notes.add(
                    "The balancer counts in buckets, from a request's first byte to its answer's"
                            + " first byte: its percentiles are interpolated, its extremes unknown.");
        }
        return new Distribution(plot.build(), notes, summary);
    }

    private static List<String> row(LoadRecord.Latency own) {
        return List.of(
                (own.cutOff() ? "cut off: " : "") + own.source(),
                String.valueOf(own.counted()),
                Plain.number(own.min(), 2, "ms"),
                Plain.number(own.mean(), 2, "ms"),
                Plain.number(own.stdev(), 2, "ms"),
                Plain.number(own.max(), 2, "ms"));
    }

    private static String cutOff(LoadRecord load, LoadRecord.Latency own) {
        return "Cut off: "
                + load.errors().timeout()
                + " of "
                + load.answers()
                + " answers came later than "
                + Plain.number(load.plan().timeoutSeconds(), 1)
                + " s, and "
                + load.generator().name()
                + " leaves those out of its latencies: its figures are of the "
                + own.counted()
                + " that were in time, and every true percentile is higher.";
    }

    /** Each further nine takes as much room as the one before: log10(1 / (1 - p)). */
    private static BigDecimal place(double percentile) {
        return Objects.requireNonNull(Plain.rounded(-Math.log10(1 - percentile / 100), 4));
    }

    private static List<@Nullable Double> generator(LoadRecord.Latency own, List<String> notes) {
        if (own.histogram() != null) {
            Histogram histogram = decoded(own.histogram(), notes);
            if (histogram != null) {
                return histogram(histogram);
            }
        } else {
            notes.add(
                    "The load generator keeps no histogram: these are the percentiles it printed.");
        }
        Map<String, Double> told = new TreeMap<>(own.percentiles());
        List<@Nullable Double> values = new ArrayList<>();
        for (double percentile : PERCENTILES) {
            values.add(told.get("p" + Plain.number(percentile, 3)));
        }
        return values;
    }

    private static @Nullable Histogram decoded(String base64, List<String> notes) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
            return Histogram.decodeFromCompressedByteBuffer(bytes, 0);
        } catch (DataFormatException | RuntimeException e) {
            notes.add(
                    "The histogram in 3-load.json could not be decoded ("
                            + e
                            + "): these are the percentiles beside it.");
            return null;
        }
    }

    /** From microseconds; a percentile beyond which no answer lies is not told. */
    private static List<@Nullable Double> histogram(Histogram histogram) {
        List<@Nullable Double> values = new ArrayList<>();
        for (double percentile : PERCENTILES) {
            values.add(
                    tells(histogram.getTotalCount(), percentile)
                            ? Double.valueOf(histogram.getValueAtPercentile(percentile) / 1e3)
                            : null);
        }
        return values;
    }

    private static boolean tells(long count, double percentile) {
        return count * (100 - percentile) >= 100 - 1e-6;
    }

    private static List<@Nullable Double> balancer(ServiceLatency latency) {
        List<@Nullable Double> values = new ArrayList<>();
        for (double percentile : PERCENTILES) {
            values.add(
                    tells(latency.count(), percentile) ? interpolated(latency, percentile) : null);
        }
        return values;
    }

    /** Linear within its bucket; null in the last one, which has no upper bound. */
    private static @Nullable Double interpolated(ServiceLatency latency, double percentile) {
        double rank = latency.count() * percentile / 100;
        double below = 0;
        double lower = 0;
        for (int i = 0; i < Math.min(latency.bounds().length, latency.counts().length); i++) {
            long count = latency.counts()[i];
            double upper = latency.bounds()[i];
            if (count > 0 && below + count >= rank) {
                return lower + (upper - lower) * Math.max(0, rank - below) / count;
            }
            below += count;
            lower = upper;
        }
        return null;
    }
}
