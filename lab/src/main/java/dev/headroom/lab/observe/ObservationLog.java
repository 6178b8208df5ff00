package dev.headroom.lab.observe;

import dev.headroom.lab.run.Errors;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.StageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file of observations while it grows: whole lines are appended at least once a second, so that whatever ends the program leaves only whole lines. Thread-safe.
 */
final class ObservationLog implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private long written;
    private int lines;
    private boolean ended;
    private @Nullable StageException failure;

    private ObservationLog(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static ObservationLog create(Path path) throws StageException {
        try {
            return new ObservationLog(
                    path,
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING));
        } catch (IOException e) {
            throw new StageException("observe", "can't write " + path + ": " + Errors.words(e), e);
        }
    }

    void add(Observation observation) {
        byte[] line = line(observation);
        synchronized (this) {
            add(line);
        }
    }

    private static byte[] line(Observation observation) {
        return Json.mapper()
                .writerFor(Observation.class)
                .writeValueAsString(observation)
                .getBytes(StandardCharsets.UTF_8);
    }

    private void add(byte[] line) {
        if (failure == null && !ended) {
            pending.writeBytes(line);
            pending.write('\n');
            lines++;
        }
    }

    /** Adds the last line, which tells how many there are before it; whoever is late is not heard. */
    synchronized void end(long at) {
        add(line(new Observation.Mark(at, Sequence.END, Sequence.before(lines))));
        ended = true;
    }

    /** Writes what is pending. After a failure nothing more is written, and the file ends with its last whole line. */
    synchronized void flush() {
        if (failure != null || pending.size() == 0) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
        pending.reset();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            written += bytes.limit();
        } catch (IOException e) {
            failure =
                    new StageException(
                            "observe", "can't write " + path + ": " + Errors.words(e), e);
            try {
                channel.truncate(written);
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
        }
    }

    /** What went wrong, if anything did. */
    synchronized @Nullable StageException failure() {
        return failure;
    }

    @Override
    public synchronized void close() throws StageException {
        flush();
        try {
            channel.close();
        } catch (IOException e) {
            throw new StageException("observe", "can't close " + path + ": " + Errors.words(e), e);
        }
    }
}
