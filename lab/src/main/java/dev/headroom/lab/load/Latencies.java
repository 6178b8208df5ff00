package dev.headroom.lab.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Latency figures as a record has them, from a histogram in microseconds. */
public final class Latencies {
    /** The percentiles that every record has. */
    public static final List<Double> PERCENTILES = List.of(50.0, 75.0, 90.0, 95.0, 99.0, 99.9);

    /** Significant digits: a value is off by at most a thousandth. */
    public static final int DIGITS = 3;

    private Latencies() {}

    /** Null where nothing was counted. */
    public static LoadRecord.@Nullable Latency of(
            Histogram histogram, String source, boolean cutOff) {
        if (histogram.getTotalCount() == 0) {
            return null;
        }
        Map<String, Double> percentiles = new LinkedHashMap<>();
        for (double p : PERCENTILES) {
            percentiles.put(name(p), histogram.getValueAtPercentile(p) / 1e3);
        }
        return new LoadRecord.Latency(
                source,
                histogram.getTotalCount(),
                cutOff,
                histogram.getMinValue() / 1e3,
                histogram.getMean() / 1e3,
                histogram.getStdDeviation() / 1e3,
                histogram.getMaxValue() / 1e3,
                percentiles,
                encoded(histogram));
    }

    /** {@code p50}, {@code p99.9}. */
    public static String name(double percentile) {
        return percentile == Math.rint(percentile) ? "p" + (long) percentile : "p" + percentile;
    }

    /**
     * Of what {@link #encoded} gave.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static Histogram decoded(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), 1);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("is no histogram: " + e.getMessage(), e);
        }
    }

    /** HdrHistogram's V2 encoding, compressed, in Base64. */
    public static String encoded(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }
}
