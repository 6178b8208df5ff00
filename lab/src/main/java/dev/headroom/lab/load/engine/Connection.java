package dev.headroom.lab.load.engine;

import org.jspecify.annotations.Nullable;

/** One connection and what is under way on it; it lives as long as the load, through many sockets. */
final class Connection {
    private static final long FIRST_RETRY_NANOS = 10_000_000;
    private static final long LONGEST_RETRY_NANOS = 100_000_000;

    enum State {
        CONNECTING,
        FREE,
        BUSY,
        /** The script's {@code delay} is not over. */
        DELAYED,
        /** A connect failed; the next one is tried in a while. */
        FAILED,
        /** The system gave no socket: it is left alone, as wrk does. */
        DEAD
    }

    final int slot;
    final ResponseParser parser;
    State state = State.FAILED;
    int socket = -1;
    int generation;

    /** When what is under way was due (constant rate) or sent. */
    long since;

    /** Answers that are still to come. */
    int pending;

    /** A bit for each of them that is to a {@code HEAD}. */
    long heads;

    /** What of the request is not sent yet, and what keeps its memory. */
    long rest;

    int restLength;
    @Nullable Object owner;

    long wakeAt;
    private long retry = FIRST_RETRY_NANOS;

    Connection(int slot, boolean keeps) {
        this.slot = slot;
        this.parser = new ResponseParser(keeps);
    }

    /** For whom an event is: a slot's earlier sockets may still have some. */
    long token() {
        return (long) generation << 32 | slot;
    }

    void begin() {
        parser.reset();
        generation = generation + 1 & Integer.MAX_VALUE;
        pending = 0;
        rest = 0;
        restLength = 0;
        owner = null;
    }

    void established() {
        retry = FIRST_RETRY_NANOS;
    }

    /** How long to wait after a connect that failed: ever longer, so that a service that is down is not flooded. */
    long nextRetry() {
        long now = retry;
        retry = Math.min(LONGEST_RETRY_NANOS, retry * 2);
        return now;
    }
}
