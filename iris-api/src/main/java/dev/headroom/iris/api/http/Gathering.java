package dev.headroom.iris.api.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets requests gather for a moment before the next turn of a busy event loop, as network cards do with interrupts.
 *
 * <p>A loop that waits in the selector is woken for the first request and finds two or three; the waking costs it and its
 * clients, on the same machine, as much as a request does. One that sleeps by the clock is woken once for all that came.
 * It does so only where nobody can tell: requests come densely, and each connection's come so far apart that the pause is
 * small beside it.
 */
final class Gathering {
    /** What the kernel's timer slack of 50 µs makes of it is half as much again. */
    static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(100);

    /** So many requests are to come in a pause. */
    private static final int DENSE = 2;

    /** A pause is at most this part of the time from one request of a connection to its next. */
    private static final int PART = 20;

    /** A turn that served so many had no need to wait for them. */
    private static final int FULL_TURN = 32;

    private long served;
    private boolean gathers;

    /**
     * Decides for the time to come by what was seen.
     *
     * @param nanos how long ago it was asked last
     * @param active connections that sent something since
     */
    void decide(long nanos, int active) {
        gathers = served * PAUSE >= DENSE * nanos && active * nanos >= PART * PAUSE * served;
        served = 0;
    }

    /**
     * Whether to pause before the next turn.
     *
     * @param count how many sockets the last turn served
     */
    boolean afterTurn(int count) {
        served += count;
        return gathers && count > 0 && count < FULL_TURN;
    }

    void pause() {
        LockSupport.parkNanos(PAUSE);
    }
}
