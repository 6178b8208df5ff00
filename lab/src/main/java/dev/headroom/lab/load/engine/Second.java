package dev.headroom.lab.load.engine;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One second of the load, as the generator's process hands it to the lab: a file of these, all of one size, so that what was written is
 * readable whenever the process ends.
 *
 * @param at its end, milliseconds since the epoch
 * @param p50 milliseconds; NaN without answers
 * @param lagP99 milliseconds; NaN where nothing was to be done in time
 */
public record Second(
        long at,
        long due,
        long answers,
        long failed,
        long late,
        int open,
        double p50,
        double p99,
        double max,
        double lagP99) {

    static final String FILE = "seconds";
    private static final int BYTES = 5 * 8 + 4 + 4 * 8;
    private static final int HEADER = 8;

    static Second of(Tally tally, long at) {
        Histogram latency = tally.latency;
        return new Second(
                at,
                tally.due,
                tally.answers,
                tally.failed(),
                tally.late,
                tally.open,
                millis(latency, 50),
                millis(latency, 99),
                millis(latency, 100),
                millis(tally.lag, 99));
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0
                ? Double.NaN
                : histogram.getValueAtPercentile(percentile) / 1e3;
    }

    /** Null for NaN. */
    public static @Nullable Double known(double value) {
        return Double.isNaN(value) ? null : Double.valueOf(value);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(at);
        out.writeLong(due);
        out.writeLong(answers);
        out.writeLong(failed);
        out.writeLong(late);
        out.writeInt(open);
        out.writeDouble(p50);
        out.writeDouble(p99);
        out.writeDouble(max);
        out.writeDouble(lagP99);
        out.flush();
    }

    /**
     * What a process has told so far.
     *
     * @param start when it began to connect; null where it has not yet
     */
    public record Told(@Nullable Long start, List<Second> seconds) {}

    /** Reads what is there, from a folder. */
    public static Told read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        List<Second> seconds = new ArrayList<>();
        if (!Files.exists(file) || Files.size(file) < HEADER) {
            return new Told(null, seconds);
        }
        long whole = (Files.size(file) - HEADER) / BYTES;
        try (InputStream bytes = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(new BufferedInputStream(bytes))) {
            Long start = in.readLong();
            for (long i = 0; i < whole; i++) {
                seconds.add(read(in));
            }
            return new Told(start, seconds);
        }
    }

    private static Second read(DataInputStream in) throws IOException {
        return new Second(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble());
    }
}
