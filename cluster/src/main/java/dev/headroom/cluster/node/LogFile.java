package dev.headroom.cluster.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container's output, a line each with its time, in two segments of bounded size: when the second is full, the first is dropped. Lines
 * are written whole, so that whoever reads up to what is written reads whole lines.
 */
final class LogFile {
    private static final long SEGMENT_BYTES = 10L << 20;

    /** A line longer than this is cut into several. */
    private static final int LINE_BYTES = 16 << 10;

    private final Path path;
    private final InstantSource clock;
    private final long segmentBytes;
    private @Nullable OutputStream out;
    private int segment;
    private long written;
    private boolean ended;

    LogFile(Path path, InstantSource clock) {
        this(path, clock, SEGMENT_BYTES);
    }

    LogFile(Path path, InstantSource clock, long segmentBytes) {
        this.path = path;
        this.clock = clock;
        this.segmentBytes = segmentBytes;
    }

    /** Copies a process' output to its end; what cannot be written (a full disk) is lost, the process never stopped. */
    void follow(InputStream output) {
        try (output) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
                append(lines(buffer, n, line));
            }
            if (line.size() > 0) {
                append(stamped(line));
            }
        } catch (IOException processEnded) {
            return;
        } finally {
            end();
        }
    }

    /** The lines that were completed, each with its time; what is left of the last stays in {@code line}. */
    private byte[] lines(byte[] buffer, int length, ByteArrayOutputStream line) {
        ByteArrayOutputStream complete = new ByteArrayOutputStream(length + 64);
        int from = 0;
        for (int i = 0; i < length; i++) {
            boolean newline = buffer[i] == '\n';
            if (newline || line.size() + i - from >= LINE_BYTES) {
                line.write(buffer, from, i - from);
                complete.writeBytes(stamped(line));
                from = newline ? i + 1 : i;
            }
        }
        line.write(buffer, from, length - from);
        return complete.toByteArray();
    }

    private byte[] stamped(ByteArrayOutputStream line) {
        byte[] time = (clock.instant() + " ").getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream all = new ByteArrayOutputStream(time.length + line.size() + 1);
        all.writeBytes(time);
        all.writeBytes(line.toByteArray());
        all.write('\n');
        line.reset();
        return all.toByteArray();
    }

    private synchronized void append(byte[] lines) {
        if (lines.length == 0) {
            return;
        }
        try {
            if (written > 0 && written + lines.length > segmentBytes) {
                nextSegment();
            }
            if (out == null) {
                out =
                        Files.newOutputStream(
                                file(segment),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.APPEND);
            }
            out.write(lines);
            written += lines.length;
            notifyAll();
        } catch (IOException full) {
            // Part of a line may stand at the end: readers go no further than what was counted.
            nextSegmentQuietly();
        }
    }

    private void nextSegment() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
        segment++;
        written = 0;
        Files.deleteIfExists(file(segment - 2));
    }

    private void nextSegmentQuietly() {
        try {
            nextSegment();
        } catch (IOException stillFull) {
            out = null;
        }
    }

    private synchronized void end() {
        ended = true;
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException lost) {
            // Nothing was written since the last line.
        } finally {
            out = null;
            notifyAll();
        }
    }

    private Path file(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    /** What of the log is wanted. */
    record Selection(
            boolean timestamps,
            @Nullable Long tail,
            @Nullable Instant since,
            @Nullable Long limitBytes) {}

    InputStream read(Selection selection, boolean follow) throws IOException {
        return new LogReader(this, selection, follow);
    }

    /** A place between two lines. */
    record Place(int segment, long offset) {}

    synchronized Place beginning() {
        return new Place(Math.max(0, segment - 1), 0);
    }

    /** What a reader gets next. */
    record Portion(List<String> lines, Place next) {}

    /**
     * Lines from a place on, of one segment, one character a byte; none at the end.
     *
     * @param wait for more, until the container has ended or for a second
     */
    synchronized Portion from(Place place, boolean wait) throws IOException, InterruptedException {
        if (wait && !ended && place.equals(new Place(segment, written))) {
            wait(1000);
        }
        int number = Math.max(place.segment(), segment - 1);
        long offset = number == place.segment() ? place.offset() : 0;
        long end = number == segment ? written : sizeOf(number);
        List<String> lines = read(number, offset, end);
        Place next = number < segment ? new Place(number + 1, 0) : new Place(number, end);
        return new Portion(lines, next);
    }

    synchronized boolean isAtEnd(Place place) {
        return place.equals(new Place(segment, written));
    }

    /** Until all of it is written, or for so long: a process that was left behind may hold its end open. */
    synchronized void awaitEnd(long millis) throws InterruptedException {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; !ended && left > 0; ) {
            wait(left);
            left = (until - System.nanoTime()) / 1_000_000;
        }
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    private long sizeOf(int number) throws IOException {
        return Files.exists(file(number)) ? Files.size(file(number)) : 0;
    }

    private List<String> read(int number, long offset, long end) throws IOException {
        if (offset >= end) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(file(number))) {
            in.skipNBytes(offset);
            byte[] bytes = in.readNBytes(Math.toIntExact(end - offset));
            // At line feeds only: a carriage return is part of a line.
            String text = new String(bytes, 0, bytes.length - 1, StandardCharsets.ISO_8859_1);
            return List.of(text.split("\n", -1));
        }
    }
}
