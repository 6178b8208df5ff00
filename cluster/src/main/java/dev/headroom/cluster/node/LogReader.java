package dev.headroom.cluster.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A container's log as a client asked for it: the last so many lines, since a time, with times or without, to its end or for as long as it grows. */
final class LogReader extends InputStream {
    private final LogFile log;
    private final LogFile.Selection selection;
    private final boolean follow;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private LogFile.Place place;
    private long left;
    private int at;
    private volatile boolean closed;

    LogReader(LogFile log, LogFile.Selection selection, boolean follow) throws IOException {
        this.log = log;
        this.selection = selection;
        this.follow = follow;
        this.left = selection.limitBytes() == null ? Long.MAX_VALUE : selection.limitBytes();
        this.place = log.beginning();
        readWhatIsThere();
    }

    private void readWhatIsThere() throws IOException {
        try {
            while (!log.isAtEnd(place)) {
                take(false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void take(boolean wait) throws IOException, InterruptedException {
        LogFile.Portion portion = log.from(place, wait);
        place = portion.next();
        Long tail = wait ? null : selection.tail();
        for (String line : portion.lines()) {
            if (isWanted(line)) {
                waiting.add(shown(line));
                if (tail != null && waiting.size() > tail) {
                    waiting.removeFirst();
                }
            }
        }
    }

    private boolean isWanted(String line) {
        Instant since = selection.since();
        if (since == null) {
            return true;
        }
        Instant time = time(line);
        return time == null || !time.isBefore(since);
    }

    private static @Nullable Instant time(String line) {
        try {
            return Instant.parse(line.substring(0, line.indexOf(' ')));
        } catch (DateTimeParseException | IndexOutOfBoundsException none) {
            return null;
        }
    }

    private byte[] shown(String line) {
        String text = selection.timestamps() ? line : line.substring(line.indexOf(' ') + 1);
        return (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** False at the end. */
    private boolean fill() throws IOException {
        try {
            while (waiting.isEmpty() && follow && !closed) {
                if (log.hasEnded() && log.isAtEnd(place)) {
                    return false;
                }
                take(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !waiting.isEmpty() && left > 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (!fill()) {
            return -1;
        }
        byte[] line = waiting.getFirst();
        int n = (int) Math.min(Math.min(length, line.length - at), left);
        System.arraycopy(line, at, into, offset, n);
        at += n;
        left -= n;
        if (at == line.length) {
            waiting.removeFirst();
            at = 0;
        }
        return n;
    }

    @Override
    public void close() {
        closed = true;
    }
}
