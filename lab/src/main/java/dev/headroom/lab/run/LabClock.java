package dev.headroom.lab.run;

import java.time.Instant;
import java.time.InstantSource;

/** The lab's one clock: the wall clock read once, carried on by the monotonic one, so that no step of the wall clock tears a run apart. */
public final class LabClock implements InstantSource {
    private static final LabClock SYSTEM = new LabClock();

    private final long wallNanos;
    private final long monotonicNanos;

    private LabClock() {
        Instant now = Instant.now();
        this.monotonicNanos = System.nanoTime();
        this.wallNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** The same for the whole program. */
    public static LabClock system() {
        return SYSTEM;
    }

    @Override
    public long millis() {
        return (wallNanos + System.nanoTime() - monotonicNanos) / 1_000_000;
    }

    @Override
    public Instant instant() {
        long nanos = wallNanos + System.nanoTime() - monotonicNanos;
        return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
    }
}
