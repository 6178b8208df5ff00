package dev.headroom.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fake pod's annotation may say. */
class CpuFormulaTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "250m | 0.25",
                "2 | 2",
                "6 / replicas | 1.5",
                "min(6, t / 10) / replicas | 0.75",
                "max(100m, 2 - t) | 0.1",
                "(1 + 2) * 3 - 4 / 2 | 7",
                "-1 + 2 | 1"
            })
    void isComputedForFourReplicasAfterHalfAMinute(String formula, double cpus) {
        assertThat(CpuFormula.parse(formula).cpus(4, 30)).isEqualTo(cpus);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "much", "1 +", "min(1)", "2 3", "1Gi", "(1", "t t", "1..2"})
    void whatIsNoFormulaIsRefusedWithTheForm(String text) {
        assertThatThrownBy(() -> CpuFormula.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found \"" + text + "\"")
                .hasMessageContaining("it takes a quantity such as 250m, or a formula");
    }
}
