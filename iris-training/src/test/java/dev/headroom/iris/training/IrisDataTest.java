package dev.headroom.iris.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.headroom.iris.training.IrisData.Flower;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Against the figures that R prints for {@code summary(datasets::iris)} and {@code colMeans}. */
class IrisDataTest {
    private final List<Flower> flowers = IrisData.load();

    IrisDataTest() throws java.io.IOException {}

    @Test
    void hasFiftyOfEachSpecies() {
        Map<String, Long> counts =
                flowers.stream()
                        .collect(Collectors.groupingBy(Flower::species, Collectors.counting()));
        assertThat(counts)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("setosa", 50L, "versicolor", 50L, "virginica", 50L));
    }

    @Test
    void hasTheMeansOfFishersPaper() {
        double[] means = {5.843333, 3.057333, 3.758, 1.199333};
        for (int i = 0; i < means.length; i++) {
            int feature = i;
            double mean =
                    flowers.stream()
                            .mapToDouble(f -> f.features().get(feature))
                            .average()
                            .orElseThrow();
            assertThat(mean).as(IrisData.FEATURES.get(i)).isCloseTo(means[i], within(5e-7));
        }
    }

    @Test
    void hasTheMeansOfEachSpecies() {
        assertMeans("setosa", 5.006, 3.428, 1.462, 0.246);
        assertMeans("versicolor", 5.936, 2.770, 4.260, 1.326);
        assertMeans("virginica", 6.588, 2.974, 5.552, 2.026);
    }

    private void assertMeans(String species, double... means) {
        for (int i = 0; i < means.length; i++) {
            int feature = i;
            double mean =
                    flowers.stream()
                            .filter(f -> f.species().equals(species))
                            .mapToDouble(f -> f.features().get(feature))
                            .average()
                            .orElseThrow();
            assertThat(mean)
                    .as(species + " " + IrisData.FEATURES.get(i))
                    .isCloseTo(means[i], within(5e-10));
        }
    }
}
