package dev.headroom.iris.api.http;

import java.util.concurrent.atomic.AtomicLongArray;

/** What one event loop counts. Written by its thread only, read by any. */
final class Counters {
    private static final int STATUSES = Status.values().length;
    private static final int REASONS = CloseReason.values().length;

    private final AtomicLongArray counts = new AtomicLongArray(STATUSES + REASONS + 1);

    void answered(Status status) {
        add(status.ordinal());
    }

    void ended(CloseReason reason) {
        add(STATUSES + reason.ordinal());
    }

    void acceptedOne() {
        add(STATUSES + REASONS);
    }

    long requests(Status status) {
        return counts.getOpaque(status.ordinal());
    }

    long closed(CloseReason reason) {
        return counts.getOpaque(STATUSES + reason.ordinal());
    }

    long accepted() {
        return counts.getOpaque(STATUSES + REASONS);
    }

    /** One writer: no atomic addition is needed. */
    private void add(int index) {
        counts.setOpaque(index, counts.getPlain(index) + 1);
    }
}
