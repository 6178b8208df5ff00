package dev.headroom.cluster.balancer;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * A histogram of latencies, in buckets at most 5 % wide from 50 µs to 120 s: what a percentile read from it is off by.
 *
 * <p>Bucket {@code i} holds latencies above {@code bound(i - 1)} up to {@code bound(i)}; the last one has no upper bound.
 */
public final class LatencyBuckets {
    private static final long FIRST_NANOS = 50_000;
    private static final double LAST_NANOS = 120e9;
    private static final double WIDTH = 1.05;
    private static final int BOUNDS =
            1 + (int) Math.ceil(Math.log(LAST_NANOS / FIRST_NANOS) / Math.log(WIDTH));
    private static final long[] UPPER = bounds();

    /** For each power of two, the first bucket that could hold a latency of that magnitude. */
    private static final int[] START = starts();

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS + 1);
    private final LongAdder sumNanos = new LongAdder();

    void record(long nanos) {
        long value = Math.max(nanos, 0);
        int bucket = START[63 - Long.numberOfLeadingZeros(value | 1)];
        while (bucket < BOUNDS && UPPER[bucket] < value) {
            bucket++;
        }
        counts.getAndIncrement(bucket);
        sumNanos.add(value);
    }

    /** The number of bounds; there is one bucket more. */
    public static int size() {
        return BOUNDS;
    }

    /** The upper bound of a bucket, in seconds. */
    public static double boundSeconds(int bucket) {
        return UPPER[bucket] / 1e9;
    }

    /** How many latencies fell into this bucket, {@code 0} to {@code size()}. */
    public long count(int bucket) {
        return counts.get(bucket);
    }

    /** The sum of all latencies, in seconds. */
    public double sumSeconds() {
        return sumNanos.sum() / 1e9;
    }

    private static long[] bounds() {
        long[] upper = new long[BOUNDS];
        double bound = FIRST_NANOS;
        for (int i = 0; i < BOUNDS; i++) {
            upper[i] = Math.round(bound);
            bound *= WIDTH;
        }
        return upper;
    }

    private static int[] starts() {
        int[] start = new int[64];
        for (int power = 0; power < 64; power++) {
            int bucket = 0;
            while (bucket < BOUNDS && UPPER[bucket] < 1L << power) {
                bucket++;
            }
            start[power] = bucket;
        }
        return start;
    }
}
