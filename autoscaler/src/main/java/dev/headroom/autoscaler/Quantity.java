package dev.headroom.autoscaler;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/** Kubernetes quantities: their numbers, and their canonical texts (section 10.1). */
public final class Quantity {
    private static final BigInteger THOUSAND = BigInteger.valueOf(1000);
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final List<String> DECIMAL = List.of("m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final Map<String, Integer> POWERS_OF_TEN =
            Map.of(
                    "n", -9, "u", -6, "m", -3, "", 0, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E",
                    18);
    private static final Map<String, Integer> POWERS_OF_TWO =
            Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);

    private Quantity() {}

    /**
     * In milli-units, rounded up as the controller converts.
     *
     * @throws IllegalArgumentException where it is no quantity
     */
    public static long milli(String text) {
        int end = text.length();
        while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        String suffix = text.substring(end);
        try {
            BigDecimal value;
            if (POWERS_OF_TEN.containsKey(suffix)) {
                value =
                        new BigDecimal(text.substring(0, end))
                                .scaleByPowerOfTen(POWERS_OF_TEN.get(suffix));
            } else if (POWERS_OF_TWO.containsKey(suffix)) {
                value =
                        new BigDecimal(text.substring(0, end))
                                .multiply(
                                        new BigDecimal(
                                                BigInteger.ONE.shiftLeft(
                                                        POWERS_OF_TWO.get(suffix))));
            } else {
                value = new BigDecimal(text); // an exponent
            }
            BigDecimal milli = value.movePointRight(3).setScale(0, RoundingMode.UP);
            return milli.min(BigDecimal.valueOf(Long.MAX_VALUE))
                    .max(BigDecimal.valueOf(Long.MIN_VALUE))
                    .longValue();
        } catch (NumberFormatException | NullPointerException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no quantity, such as 250m or 64Mi", e);
        }
    }

    /** Whether it is below zero, by however little. */
    static boolean isNegative(String text) {
        return text.startsWith("-") && text.chars().anyMatch(c -> c >= '1' && c <= '9');
    }

    /** Canonical, by powers of 1000: {@code 1500m}, {@code 1k}. */
    public static String decimal(long milli) {
        if (milli == 0) {
            return "0";
        }
        BigInteger value = BigInteger.valueOf(milli);
        int step = 0;
        while (step < DECIMAL.size() - 1 && value.mod(THOUSAND).signum() == 0) {
            value = value.divide(THOUSAND);
            step++;
        }
        return value + DECIMAL.get(step);
    }

    /** Canonical, by powers of 1024; below 1024 decimal, above rounded up to whole units. */
    public static String binary(long milli) {
        if (Math.abs((double) milli) < 1024_000.0) {
            return decimal(milli);
        }
        BigDecimal units = BigDecimal.valueOf(milli).movePointLeft(3).setScale(0, RoundingMode.UP);
        BigInteger value = units.toBigInteger();
        int step = 0;
        while (step < BINARY.size() - 1 && value.mod(KIBI).signum() == 0) {
            value = value.divide(KIBI);
            step++;
        }
        return value + BINARY.get(step);
    }

    /** As a value of this resource is written to a status: memory by powers of 1024. */
    public static String ofResource(String resource, long milli) {
        return isBinary(resource) ? binary(milli) : decimal(milli);
    }

    static boolean isBinary(String resource) {
        return resource.equals("memory");
    }
}
