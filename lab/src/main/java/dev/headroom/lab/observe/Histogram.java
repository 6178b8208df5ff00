package dev.headroom.lab.observe;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus histogram of seconds at one moment, or the difference of two moments: cumulative counts by upper bound.
 *
 * @param buckets upper bound to the count of all values up to it; the last bound is infinite
 */
record Histogram(TreeMap<Double, Long> buckets, double sum, long count) {

    static Histogram empty() {
        return new Histogram(new TreeMap<>(), 0, 0);
    }

    /** What came in between; the whole of this where the earlier one counted more (its process was started anew). */
    Histogram since(Histogram earlier) {
        if (earlier.count > count) {
            return this;
        }
        TreeMap<Double, Long> difference = new TreeMap<>();
        for (Map.Entry<Double, Long> bucket : buckets.entrySet()) {
            Map.Entry<Double, Long> before = earlier.buckets.floorEntry(bucket.getKey());
            difference.put(
                    bucket.getKey(), bucket.getValue() - (before == null ? 0 : before.getValue()));
        }
        return new Histogram(difference, sum - earlier.sum, count - earlier.count);
    }

    /** Milliseconds; null without values. */
    @Nullable Double meanMillis() {
        return count == 0 ? null : sum / count * 1e3;
    }

    /** Milliseconds, linear within its bucket; null without values. */
    @Nullable Double quantileMillis(double q) {
        if (count == 0) {
            return null;
        }
        double rank = q * count;
        double lower = 0;
        long below = 0;
        for (Map.Entry<Double, Long> bucket : buckets.entrySet()) {
            long upTo = bucket.getValue();
            double upper = bucket.getKey();
            if (upTo >= rank && upTo > below) {
                double width = Double.isInfinite(upper) ? 0 : upper - lower;
                return (lower + width * Math.max(0, rank - below) / (upTo - below)) * 1e3;
            }
            below = upTo;
            lower = upper;
        }
        return lower * 1e3;
    }

    /** Upper bound of the highest value, milliseconds; null without values. */
    @Nullable Double maxMillis() {
        return quantileMillis(1.0);
    }

    /** Finite bounds in milliseconds. */
    double[] boundsMillis() {
        return buckets.keySet().stream()
                .filter(b -> !b.isInfinite())
                .mapToDouble(b -> b * 1e3)
                .toArray();
    }

    /** Values by bucket, not cumulative; one more than bounds. */
    long[] counts() {
        double[] bounds = boundsMillis();
        long[] counts = new long[bounds.length + 1];
        long below = 0;
        int i = 0;
        for (Map.Entry<Double, Long> bucket : buckets.entrySet()) {
            if (!bucket.getKey().isInfinite()) {
                counts[i++] = bucket.getValue() - below;
                below = bucket.getValue();
            }
        }
        counts[bounds.length] = count - below;
        return counts;
    }
}
