package dev.headroom.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.compare.Bootstrap.Interval;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intervals against what is known of the series that they are made from: seconds that follow each other are alike. */
class BootstrapTest {
    private static final int PAIRS = 150;

    private static double ratio(double b, double a) {
        return b / a - 1;
    }

    /** An autoregressive series around a mean, its deviation a tenth of that. */
    private static double[] series(SplittableRandom random, int n, double mean, double alike) {
        double[] series = new double[n];
        double before = random.nextGaussian();
        for (int i = 0; i < n; i++) {
            before = alike * before + Math.sqrt(1 - alike * alike) * random.nextGaussian();
            series[i] = mean * (1 + 0.1 * before);
        }
        return series;
    }

    /** How many of the intervals of such pairs hold a change. */
    private static int holding(int n, double alike, double factor, double change) {
        SplittableRandom random = new SplittableRandom(7);
        int holding = 0;
        for (int i = 0; i < PAIRS; i++) {
            double[] a = series(random, n, 1000, alike);
            double[] b = series(random, n, 1000 * factor, alike);
            holding +=
                    Bootstrap.interval(a, b, Bootstrap::mean, BootstrapTest::ratio).holds(change)
                            ? 1
                            : 0;
        }
        return holding;
    }

    /** Short and sticky series cover less than what is asked for; how much less is bounded here. */
    @ParameterizedTest
    @CsvSource({"60,0,0.96", "60,0.5,0.9", "20,0,0.9", "20,0.5,0.8"})
    void theTrueChangeIsInMostIntervals(int n, double alike, double least) {
        assertThat(holding(n, alike, 1, 0)).isGreaterThanOrEqualTo((int) (least * PAIRS));
        assertThat(holding(n, alike, 0.8, -0.2)).isGreaterThanOrEqualTo((int) (least * PAIRS));
    }

    @Test
    void aRealChangeIsTold() {
        assertThat(holding(30, 0.3, 0.8, 0)).isLessThan(PAIRS / 10);
    }

    @Test
    void theSameSeriesGiveTheSameInterval() {
        double[] a = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        Interval first = Bootstrap.interval(a, a, Bootstrap::median, BootstrapTest::ratio);
        assertThat(Bootstrap.interval(a, a, Bootstrap::median, BootstrapTest::ratio))
                .isEqualTo(first);
        assertThat(first.holds(0)).isTrue();
    }

    @Test
    void aSeriesWithoutNoiseHasNoWidth() {
        double[] a = {5, 5, 5, 5};
        double[] b = {4, 4, 4, 4};
        Interval interval = Bootstrap.interval(a, b, Bootstrap::mean, (y, x) -> y - x);
        assertThat(interval).isEqualTo(new Interval(-1, -1));
    }
}
