package dev.headroom.lab.experiment;

import java.math.BigDecimal;

/** Numbers as people write them. */
final class Numbers {
    private Numbers() {}

    /** Without exponent and without trailing zeros: {@code 99}, {@code 0.001}. */
    static String plain(double value) {
        BigDecimal decimal = BigDecimal.valueOf(value).stripTrailingZeros();
        return decimal.toPlainString();
    }
}
