package dev.headroom.lab.compare;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * Intervals for what two series of seconds tell when held against each other, by the circular block bootstrap (Politis and Romano, 1992): seconds that follow each other are
 * alike, so whole blocks of them are drawn, of about the square root of their number. The same series give the same interval.
 */
final class Bootstrap {
    /** How sure an interval is; several are looked at in one comparison, so more than the usual 0.95. */
    static final double CONFIDENCE = 0.99;

    private static final int DRAWS = 4000;
    private static final long SEED = 20_260_101;

    private Bootstrap() {}

    /** From the lowest to the highest value that the data leave possible. */
    record Interval(double low, double high) {
        boolean holds(double value) {
            return low <= value && value <= high;
        }
    }

    /**
     * The interval of {@code against(of(b), of(a))}.
     *
     * @param of what is taken of a series: its mean, its median
     * @param against how both are held against each other: a ratio, a difference
     */
    static Interval interval(
            double[] a, double[] b, ToDoubleFunction<double[]> of, DoubleBinaryOperator against) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] drawn = new double[DRAWS];
        double[] drawnA = new double[a.length];
        double[] drawnB = new double[b.length];
        for (int i = 0; i < DRAWS; i++) {
            draw(a, drawnA, random);
            draw(b, drawnB, random);
            drawn[i] = against.applyAsDouble(of.applyAsDouble(drawnB), of.applyAsDouble(drawnA));
        }
        Arrays.sort(drawn);
        int outside = (int) Math.floor(DRAWS * (1 - CONFIDENCE) / 2);
        return new Interval(drawn[outside], drawn[DRAWS - 1 - outside]);
    }

    private static void draw(double[] from, double[] into, SplittableRandom random) {
        int block = (int) Math.ceil(Math.sqrt(from.length));
        for (int at = 0; at < into.length; ) {
            int start = random.nextInt(from.length);
            for (int i = 0; i < block && at < into.length; i++) {
                into[at++] = from[(start + i) % from.length];
            }
        }
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
