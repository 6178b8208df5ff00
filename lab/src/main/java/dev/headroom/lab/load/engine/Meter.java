package dev.headroom.lab.load.engine;

import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** One loop's counts: a tally each second, handed to the reporter when the second is over. Used by the loop's thread. */
final class Meter {
    private static final long SECOND = 1_000_000_000;
    private static final int NOTES = 5;

    /** For the reporter, which gives them back to {@link #spare}. */
    final BlockingQueue<Tally> done = new LinkedBlockingQueue<>();

    final Queue<Tally> spare = new ConcurrentLinkedQueue<>();
    private final long timeoutMicros;
    private Tally tally = new Tally();
    private long nextSecond;
    private long end;
    private long answers;
    private int open;
    private int mostOpen;
    private int notes;

    Meter(long timeoutMicros) {
        this.timeoutMicros = timeoutMicros;
        spare.add(new Tally());
    }

    void begin(long start, long end) {
        this.end = end;
        nextSecond = start + SECOND;
    }

    long nextSecond() {
        return isLast() ? Long.MAX_VALUE : nextSecond;
    }

    /** The last window takes what is left of less than half a second. */
    private boolean isLast() {
        return nextSecond > end - SECOND / 2;
    }

    /** Hands over each second that is over. */
    void atSecond(long now) {
        while (!isLast() && now >= nextSecond) {
            handOver(nextSecond, false);
            nextSecond += SECOND;
        }
    }

    void end(long now) {
        handOver(now, true);
    }

    private void handOver(long at, boolean last) {
        tally.open = open;
        tally.mostOpen = mostOpen;
        tally.nanos = at;
        tally.last = last;
        done.add(tally);
        Tally next = spare.poll();
        tally = next == null ? new Tally() : next;
    }

    long answers() {
        return answers;
    }

    void answer(int status, long nanos) {
        answers++;
        tally.answer(status, nanos, timeoutMicros);
    }

    void due(int count) {
        tally.due += count;
    }

    void lag(long nanos) {
        Tally.record(tally.lag, nanos);
    }

    void bytes(int count) {
        tally.bytes += count;
    }

    void opened() {
        open++;
        mostOpen = Math.max(mostOpen, open);
    }

    void closed() {
        open--;
    }

    void connectFailed(String why) {
        tally.connect++;
        note("can't connect: " + why);
    }

    void readFailed(int count) {
        tally.read += count;
    }

    void writeFailed(int count) {
        tally.write += count;
    }

    /** Says what went wrong, the first few times. */
    void note(String what) {
        if (notes++ < NOTES) {
            System.err.println("headroom: " + what);
        }
    }
}
