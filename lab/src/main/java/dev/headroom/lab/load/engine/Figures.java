package dev.headroom.lab.load.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * All that the generator's process measured, as it hands it to the lab at its end.
 *
 * @param start when it began to connect, milliseconds since the epoch
 * @param mostOpen the most connections that were established at once
 * @param codes answers by status code
 * @param latency microseconds
 */
public record Figures(
        long start,
        long end,
        int mostOpen,
        long answers,
        long late,
        long bytes,
        long connect,
        long read,
        long write,
        long status,
        Map<String, Long> codes,
        Histogram latency) {

    static final String FILE = "figures";

    static Figures of(Tally total, int mostOpen, long start, long end) {
        Map<String, Long> codes = new TreeMap<>();
        for (int code = 0; code < total.codes.length; code++) {
            if (total.codes[code] > 0) {
                codes.put(String.valueOf(code), total.codes[code]);
            }
        }
        return new Figures(
                start,
                end,
                mostOpen,
                total.answers,
                total.late,
                total.bytes,
                total.connect,
                total.read,
                total.write,
                total.status,
                codes,
                total.latency);
    }

    /** Writes it so that it is there whole, or not at all. */
    void write(Path folder) throws IOException {
        Path unfinished = folder.resolve(FILE + ".new");
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(unfinished)))) {
            out.writeInt(mostOpen);
            for (long each :
                    new long[] {start, end, answers, late, bytes, connect, read, write, status}) {
                out.writeLong(each);
            }
            out.writeInt(codes.size());
            for (Map.Entry<String, Long> code : codes.entrySet()) {
                out.writeUTF(code.getKey());
                out.writeLong(code.getValue());
            }
            ByteBuffer encoded = ByteBuffer.allocate(latency.getNeededByteBufferCapacity());
            int length = latency.encodeIntoCompressedByteBuffer(encoded);
            out.writeInt(length);
            out.write(encoded.array(), 0, length);
        }
        Files.move(
                unfinished,
                folder.resolve(FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** From a folder; null where the process did not come to its end. */
    public static @Nullable Figures in(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int mostOpen = in.readInt();
            long[] each = new long[9];
            for (int i = 0; i < each.length; i++) {
                each[i] = in.readLong();
            }
            Map<String, Long> codes = new TreeMap<>();
            for (int i = in.readInt(); i > 0; i--) {
                codes.put(in.readUTF(), in.readLong());
            }
            Histogram latency =
                    Histogram.decodeFromCompressedByteBuffer(
                            ByteBuffer.wrap(in.readNBytes(in.readInt())), 1);
            return new Figures(
                    each[0], each[1], mostOpen, each[2], each[3], each[4], each[5], each[6],
                    each[7], each[8], codes, latency);
        } catch (DataFormatException e) {
            throw new IOException("the generator's latencies can't be read", e);
        }
    }
}
