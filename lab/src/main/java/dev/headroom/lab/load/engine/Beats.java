package dev.headroom.lab.load.engine;

import org.HdrHistogram.Histogram;

/** What a loop does by the clock, whatever its load: every 10 ms it sees how late it is, every 100 ms how many answers came, as wrk does. */
final class Beats {
    private static final long LOOK_NANOS = 100_000_000;
    private static final long BEAT_NANOS = 10_000_000;

    private final Histogram rates = new Histogram(3);
    private final Meter meter;
    private long nextBeat;
    private long nextLook;
    private long lastLook;
    private long answers;

    Beats(Meter meter) {
        this.meter = meter;
    }

    /** Requests a second that were answered, one entry a look. */
    Histogram rates() {
        return rates;
    }

    void begin(long now) {
        nextBeat = now + BEAT_NANOS;
        lastLook = now;
        nextLook = now + LOOK_NANOS;
    }

    long next() {
        return Math.min(nextBeat, nextLook);
    }

    void at(long now) {
        if (now >= nextBeat) {
            meter.lag(now - nextBeat);
            nextBeat = now + BEAT_NANOS;
        }
        if (now >= nextLook) {
            look(now);
            nextLook = now + LOOK_NANOS;
        }
    }

    private void look(long now) {
        long more = meter.answers() - answers;
        if (more > 0) {
            rates.recordValue(Math.round(more * 1e9 / (now - lastLook)));
            answers += more;
            lastLook = now;
        }
    }
}
