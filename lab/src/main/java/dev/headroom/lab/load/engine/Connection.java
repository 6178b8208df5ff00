package dev.headroom.lab.load.engine;

import java.lang.foreign.MemorySegment;
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

    /** What of the request is not sent yet. */
    @Nullable MemorySegment rest;

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
        rest = null;
    }

    /** Some of what was to be sent was taken; the rest is kept for when there is room. */
    void wrote(int taken, long at, int length, Requests requests) {
        if (taken == length) {
            rest = null;
        } else {
            rest = rest == null ? requests.keep(at + taken, length - taken) : rest.asSlice(taken);
        }
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
