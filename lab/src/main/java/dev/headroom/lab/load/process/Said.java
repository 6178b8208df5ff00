package dev.headroom.lab.load.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a child printed: its first and its last bytes, so that neither an early error nor the final figures get lost in what lies between. */
final class Said {
    private static final int HALF = 16 * 1024;

    private final byte[] head = new byte[HALF];
    private final byte[] tail = new byte[HALF];
    private final Thread reader;
    private long total;

    Said(InputStream from) {
        reader = Thread.ofVirtual().name("said").start(() -> read(from));
    }

    private void read(InputStream from) {
        byte[] buffer = new byte[8192];
        try (from) {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                keep(buffer, n);
            }
        } catch (IOException e) {
            // The child's end of the pipe is closed by its death; anything else has no cause here.
            throw new UncheckedIOException(e);
        }
    }

    private void keep(byte[] bytes, int count) {
        for (int i = 0; i < count; i++, total++) {
            if (total < HALF) {
                head[(int) total] = bytes[i];
            } else {
                tail[(int) ((total - HALF) % HALF)] = bytes[i];
            }
        }
    }

    /** Waits for the stream's end. */
    String text() throws InterruptedException {
        reader.join();
        StringBuilder text = new StringBuilder(string(head, 0, (int) Math.min(total, HALF)));
        long rest = total - HALF;
        if (rest > HALF) {
            int start = (int) (rest % HALF);
            text.append("\n… ").append(rest - HALF).append(" bytes left out …\n");
            text.append(string(tail, start, HALF - start)).append(string(tail, 0, start));
        } else if (rest > 0) {
            text.append(string(tail, 0, (int) rest));
        }
        return text.toString();
    }

    private static String string(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }
}
