package dev.headroom.lab.verdict;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The run's latencies, milliseconds, from where they are true.
 *
 * <p>That is the generator, unless answers past its time limit are missing from its figures: then the balancer, and for the mean N/X.
 *
 * @param note what must be known about the source; null where it is the generator's own and whole
 */
record Latencies(
        LoadRecord load,
        Observation.@Nullable ServiceLatency balancer,
        @Nullable Histogram histogram,
        @Nullable String note) {

    /** A value, or all that is known of it. */
    record Value(double millis, boolean atLeast) {
        String words() {
            return (atLeast ? "more than " : "") + Text.millis(millis);
        }
    }

    static Latencies of(LoadRecord load, Timeline timeline) {
        LoadRecord.Latency own = load.latency();
        boolean cutOff = isCutOff(load);
        Observation.ServiceLatency balancer = timeline.latency();
        String note =
                own == null
                        ? "the generator has no latencies"
                        : !cutOff
                                ? null
                                : "by "
                                        + (balancer == null ? "N/X" : "the balancer and N/X")
                                        + ", since "
                                        + Text.number(load.errors().timeout())
                                        + " of "
                                        + Text.number(load.answers())
                                        + " answers were later than "
                                        + Text.seconds(load.plan().timeoutSeconds())
                                        + " and "
                                        + load.generator().name()
                                        + " leaves them out";
        return new Latencies(load, balancer, histogram(own), note);
    }

    private static @Nullable Histogram histogram(LoadRecord.@Nullable Latency own) {
        if (own == null || own.histogram() == null) {
            return null;
        }
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(own.histogram())), 0);
        } catch (DataFormatException | RuntimeException e) {
            // Damaged: the figures beside it are there; it only has the percentiles between them.
            return null;
        }
    }

    boolean cutOff() {
        return isCutOff(load);
    }

    /** Whether late answers are missing from the generator's latencies: it says so, or has fewer latencies than answers. */
    private static boolean isCutOff(LoadRecord load) {
        LoadRecord.Latency own = load.latency();
        return own != null
                && (own.cutOff()
                        || (load.errors().timeout() > 0 && own.counted() < load.answers()));
    }

    /** Mean latency of a closed loop without think time (Little's law), milliseconds; null with a constant rate or without answers. */
    @Nullable Double littleMean() {
        double seconds = (load.end() - load.start()) / 1e3;
        return load.plan().mode() != LoadRecord.Mode.CLOSED || load.answers() == 0
                ? null
                : Double.valueOf(connections() / (load.answers() / seconds) * 1e3);
    }

    /** Those that were open, where the generator tells: one that is refused waits for no answer. */
    double connections() {
        double most = Phases.connections(load);
        double open = load.windows().stream().mapToInt(LoadRecord.Window::open).average().orElse(0);
        return open == 0 ? most : Math.min(open, most);
    }

    @Nullable Value mean() {
        LoadRecord.Latency own = load.latency();
        if (own != null && !cutOff()) {
            return new Value(own.mean(), false);
        }
        Double little = littleMean();
        Double mean = little != null ? little : balancer == null ? null : balancer.mean();
        return mean == null ? null : new Value(mean, false);
    }

    @Nullable Value min() {
        LoadRecord.Latency own = load.latency();
        // The fastest answer was in time, so cutting off late ones does not touch it.
        return own == null || own.counted() == 0 ? null : new Value(own.min(), false);
    }

    @Nullable Value max() {
        return percentile(100);
    }

    /** Null where it is not known. */
    @Nullable Value percentile(double p) {
        LoadRecord.Latency own = load.latency();
        if (own != null && !cutOff()) {
            if (p >= 100) {
                return new Value(own.max(), false);
            }
            if (histogram != null && histogram.getTotalCount() > 0) {
                return new Value(histogram.getValueAtPercentile(p) / 1e3, false);
            }
            Double value = own.percentiles().get("p" + Text.number(p));
            return value == null ? null : new Value(value, false);
        }
        if (balancer != null && balancer.count() > 0) {
            return ofBuckets(balancer, p / 100);
        }
        double late = load.answers() == 0 ? 0 : (double) load.errors().timeout() / load.answers();
        return cutOff() && p / 100 > 1 - late
                ? new Value(load.plan().timeoutSeconds() * 1e3, true)
                : null;
    }

    /** Linear within its bucket; null where a record's buckets are all empty, whatever its count says. */
    private static @Nullable Value ofBuckets(Observation.ServiceLatency latency, double q) {
        long total = 0;
        for (long count : latency.counts()) {
            total += count;
        }
        double rank = q * total;
        double below = 0;
        double lower = 0;
        for (int i = 0; i < latency.counts().length; i++) {
            long count = latency.counts()[i];
            boolean last = i >= latency.bounds().length;
            double upper = last ? lower : latency.bounds()[i];
            if (count > 0 && below + count >= rank) {
                double within = lower + (upper - lower) * Math.max(0, rank - below) / count;
                return new Value(within, last);
            }
            below += count;
            lower = upper;
        }
        return null;
    }
}
