package dev.headroom.iris.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.headroom.iris.training.IrisData.Flower;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the figures that UCI prints in {@code iris.names}, beside its data. */
class IrisDataTest {
    private final List<Flower> flowers = IrisData.load();

    IrisDataTest() throws IOException {}

    @Test
    void hasFiftyOfEachSpecies() {
        Map<String, Long> counts =
                flowers.stream()
                        .collect(Collectors.groupingBy(Flower::species, Collectors.counting()));
        assertThat(counts)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("setosa", 50L, "versicolor", 50L, "virginica", 50L));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4.3, 7.9, 5.84, 0.83,  0.7826",
        "1, 2.0, 4.4, 3.05, 0.43, -0.4194",
        "2, 1.0, 6.9, 3.76, 1.76,  0.9490",
        "3, 0.1, 2.5, 1.20, 0.76,  0.9565",
    })
    void hasThePublishedSummary(
            int feature,
            double min,
            double max,
            double mean,
            double deviation,
            double correlation) {
        double[] x = flowers.stream().mapToDouble(f -> f.features().get(feature)).toArray();
        double[] y =
                flowers.stream().mapToDouble(f -> IrisData.SPECIES.indexOf(f.species())).toArray();
        assertThat(Arrays.stream(x).min()).hasValue(min);
        assertThat(Arrays.stream(x).max()).hasValue(max);
        assertThat(mean(x)).isCloseTo(mean, within(0.005));
        assertThat(Math.sqrt(covariance(x, x))).isCloseTo(deviation, within(0.005));
        assertThat(covariance(x, y) / Math.sqrt(covariance(x, x) * covariance(y, y)))
                .isCloseTo(correlation, within(5.1e-5));
    }

    @Test
    void hasTheTwoRowsInWhichUciDiffersFromThePaper() {
        assertThat(flowers.get(34)).isEqualTo(new Flower(List.of(4.9, 3.1, 1.5, 0.1), "setosa"));
        assertThat(flowers.get(37)).isEqualTo(new Flower(List.of(4.9, 3.1, 1.5, 0.1), "setosa"));
    }

    private static double mean(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value;
        }
        return sum / x.length;
    }

    private static double covariance(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }
        return sum / (x.length - 1);
    }
}
