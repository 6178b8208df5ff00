package dev.headroom.lab.load.engine;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/** What one loop counted in a stretch of time. Written by one thread, then handed on. */
final class Tally {
    static final int STATUS_CODES = 1000;
    private static final long LONGEST_MICROS = 3_600_000_000L;

    final Histogram latency = new Histogram(LONGEST_MICROS, 3);
    final Histogram lag = new Histogram(LONGEST_MICROS, 2);
    final long[] codes = new long[STATUS_CODES];
    long due;
    long answers;
    long late;
    long bytes;
    long connect;
    long read;
    long write;
    long status;
    int open;
    int mostOpen;
    long nanos;
    boolean last;

    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.min(LONGEST_MICROS, Math.max(0, nanos / 1000)));
    }

    void answer(int code, long nanos, long timeoutMicros) {
        answers++;
        codes[code]++;
        if (code >= 400) {
            status++;
        }
        if (nanos / 1000 > timeoutMicros) {
            late++;
        }
        record(latency, nanos);
    }

    long failed() {
        return connect + read + write + status;
    }

    void add(Tally other) {
        latency.add(other.latency);
        lag.add(other.lag);
        for (int i = 0; i < codes.length; i++) {
            codes[i] += other.codes[i];
        }
        due += other.due;
        answers += other.answers;
        late += other.late;
        bytes += other.bytes;
        connect += other.connect;
        read += other.read;
        write += other.write;
        status += other.status;
        open += other.open;
        mostOpen += other.mostOpen;
        nanos = Math.max(nanos, other.nanos);
    }

    void clear() {
        latency.reset();
        lag.reset();
        Arrays.fill(codes, 0);
        due = answers = late = bytes = connect = read = write = status = nanos = 0;
        open = mostOpen = 0;
        last = false;
    }
}
