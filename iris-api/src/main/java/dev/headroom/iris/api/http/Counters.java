package dev.headroom.iris.api.http;

import java.util.concurrent.atomic.AtomicLongArray;

/** What one event loop counts. Written by its thread only, read by any. */
final class Counters {
    /** Upper bounds of the latency histogram, nanoseconds; one more bucket has none. */
    static final long[] BOUNDS = {
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        250_000_000,
        500_000_000,
        1_000_000_000,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L
    };

    private static final int STATUSES = Status.values().length;
    private static final int REASONS = CloseReason.values().length;
    private static final int BUCKETS = BOUNDS.length + 1;

    /** Accepted, refused, in flight. */
    private static final int SINGLES = 3;

    private final int routes;
    private final int reasonsFrom;
    private final int latenciesFrom;
    private final AtomicLongArray counts;

    /**
     * All zero.
     *
     * @param routes how many there are; what is served nowhere is counted as one more
     */
    Counters(int routes) {
        this.routes = routes;
        this.reasonsFrom = SINGLES + (routes + 1) * STATUSES;
        this.latenciesFrom = reasonsFrom + REASONS;
        this.counts = new AtomicLongArray(latenciesFrom + (routes + 1) * (BUCKETS + 1));
    }

    /** A request of a route, or of none where that is -1. */
    void answered(int route, Status status, long nanos) {
        int row = route < 0 ? routes : route;
        add(SINGLES + row * STATUSES + status.ordinal(), 1);
        int latencies = latenciesFrom + row * (BUCKETS + 1);
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
            bucket++;
        }
        add(latencies + bucket, 1);
        add(latencies + BUCKETS, nanos);
    }

    void ended(CloseReason reason) {
        add(reasonsFrom + reason.ordinal(), 1);
    }

    void acceptedOne() {
        add(0, 1);
    }

    void refusedOne() {
        add(1, 1);
    }

    /** Requests that have begun, and answers that are not taken yet. */
    void inFlight(int change) {
        add(2, change);
    }

    long requests(int route, Status status) {
        return counts.getOpaque(
                SINGLES + (route < 0 ? routes : route) * STATUSES + status.ordinal());
    }

    /** Requests in one bucket of the histogram alone. */
    long latencies(int route, int bucket) {
        return counts.getOpaque(
                latenciesFrom + (route < 0 ? routes : route) * (BUCKETS + 1) + bucket);
    }

    long latencySum(int route) {
        return latencies(route, BUCKETS);
    }

    long closed(CloseReason reason) {
        return counts.getOpaque(reasonsFrom + reason.ordinal());
    }

    long accepted() {
        return counts.getOpaque(0);
    }

    long refused() {
        return counts.getOpaque(1);
    }

    long inFlight() {
        return counts.getOpaque(2);
    }

    /** One writer: no atomic addition is needed. */
    private void add(int index, long change) {
        counts.setOpaque(index, counts.getPlain(index) + change);
    }
}
