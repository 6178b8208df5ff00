package dev.headroom.cluster.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A container's output, a line each with its time, bounded in size: past it the older half is dropped. */
final class LogFile {
    private static final long MAX_BYTES = 10L << 20;

    private final Path path;
    private final InstantSource clock;
    private boolean ended;

    LogFile(Path path, InstantSource clock) {
        this.path = path;
        this.clock = clock;
    }

    /** Copies a process' output to its end; a write that fails (a full disk) drops the line, never the process. */
    void follow(InputStream output) {
        try (output) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    if (buffer[i] == '\n') {
                        append(line.toByteArray());
                        line.reset();
                    } else {
                        line.write(buffer[i]);
                    }
                }
            }
            if (line.size() > 0) {
                append(line.toByteArray());
            }
        } catch (IOException processEnded) {
            return;
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    private synchronized void append(byte[] line) {
        try (OutputStream out =
                Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write((clock.instant() + " ").getBytes(StandardCharsets.US_ASCII));
            out.write(line);
            out.write('\n');
        } catch (IOException full) {
            return;
        }
        notifyAll();
        try {
            if (Files.size(path) > MAX_BYTES) {
                List<String> lines = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
                Path shorter = path.resolveSibling(path.getFileName() + ".new");
                Files.write(
                        shorter,
                        lines.subList(lines.size() / 2, lines.size()),
                        StandardCharsets.ISO_8859_1);
                Files.move(shorter, path, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException kept) {
            return;
        }
    }

    /** What of the log is wanted. */
    record Selection(
            boolean timestamps,
            @Nullable Long tail,
            @Nullable Instant since,
            @Nullable Long limitBytes) {}

    private synchronized List<String> lines(int from) throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        List<String> all = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
        return new ArrayList<>(all.subList(Math.min(from, all.size()), all.size()));
    }

    private synchronized boolean awaitMore(int known) throws IOException, InterruptedException {
        while (!ended && lines(known).isEmpty()) {
            wait(1000);
        }
        return !ended || !lines(known).isEmpty();
    }

    InputStream read(Selection selection, boolean follow) throws IOException {
        return new Reader(selection, follow);
    }

    private final class Reader extends InputStream {
        private final Selection selection;
        private final boolean follow;
        private final Deque<byte[]> waiting = new ArrayDeque<>();
        private int known;
        private int at;
        private long left;

        Reader(Selection selection, boolean follow) throws IOException {
            this.selection = selection;
            this.follow = follow;
            this.left = selection.limitBytes() == null ? Long.MAX_VALUE : selection.limitBytes();
            List<String> all = lines(0);
            known = all.size();
            Instant since = selection.since();
            List<String> wanted =
                    all.stream()
                            .filter(line ->
                                    since == null
                                            || !Instant.parse(line.substring(0, line.indexOf(' ')))
                                                    .isBefore(since))
                            .toList();
            Long tail = selection.tail();
            if (tail != null && tail < wanted.size()) {
                wanted = wanted.subList(wanted.size() - tail.intValue(), wanted.size());
            }
            wanted.forEach(this::add);
        }

        private void add(String line) {
            String shown = selection.timestamps() ? line : line.substring(line.indexOf(' ') + 1);
            waiting.add((shown + "\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        private boolean fill() throws IOException {
            while (waiting.isEmpty()) {
                try {
                    if (!follow || !awaitMore(known)) {
                        return false;
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
                List<String> more = lines(known);
                known += more.size();
                more.forEach(this::add);
            }
            return left > 0;
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
    }
}
