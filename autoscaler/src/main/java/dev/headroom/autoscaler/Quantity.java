package dev.headroom.autoscaler;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern NOTATION =
            Pattern.compile("([+-]?)([0-9]*)(?:\\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)");
    private static final Pattern EXPONENT = Pattern.compile("[eE][-+]?[0-9]{1,4}");
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int FINEST = 9;

    private Quantity() {}

    /**
     * In milli-units, rounded away from zero as the controller converts, and held at the bounds of 64 bits.
     *
     * @throws IllegalArgumentException where it is no quantity
     */
    public static long milli(String text) {
        BigDecimal milli = value(text).movePointRight(3).setScale(0, RoundingMode.UP);
        return milli.min(BigDecimal.valueOf(Long.MAX_VALUE))
                .max(BigDecimal.valueOf(Long.MIN_VALUE))
                .longValue();
    }

    /**
     * As upstream approximates it: its digits times a power of ten, so that {@code 0.57} is 0.5700000000000001.
     *
     * @throws IllegalArgumentException where it is no quantity
     */
    public static double approximate(String text) {
        BigDecimal value = value(text);
        double power = Double.parseDouble("1e" + -value.scale());
        return value.scale() == 0
                ? value.doubleValue()
                : value.unscaledValue().doubleValue() * power;
    }

    /** -1, 0 or 1. */
    static int sign(String text) {
        return value(text).signum();
    }

    /** No finer than a billionth, away from zero: who asks for a little gets a little. */
    private static BigDecimal value(String text) {
        Matcher parts = NOTATION.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            throw refused(text);
        }
        String whole = parts.group(2);
        String fraction = parts.group(3) == null ? "" : parts.group(3);
        if (parts.group(4).matches("[PE]i") && (whole + fraction).isEmpty()) {
            throw refused(text); // though "m" or "Gi" alone is zero
        }
        BigDecimal digits =
                new BigDecimal(new BigInteger(parts.group(1) + "0" + whole + fraction))
                        .movePointLeft(fraction.length());
        BigDecimal value = scaled(digits, parts.group(4), text);
        return value.scale() > FINEST ? value.setScale(FINEST, RoundingMode.UP) : value;
    }

    private static BigDecimal scaled(BigDecimal digits, String suffix, String text) {
        Integer ten = POWERS_OF_TEN.get(suffix);
        if (ten != null) {
            return digits.scaleByPowerOfTen(ten);
        }
        Integer two = POWERS_OF_TWO.get(suffix);
        if (two != null) {
            BigDecimal whole = digits.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(two)));
            return whole.abs().compareTo(LARGEST) > 0
                    ? LARGEST.multiply(BigDecimal.valueOf(whole.signum()))
                    : whole;
        }
        if (EXPONENT.matcher(suffix).matches()) {
            return digits.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
        }
        throw refused(text);
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no quantity, such as 250m or 64Mi");
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

    /** As a value of this resource is written to a status: memory by powers of 1024, unless that would lose a fraction. */
    public static String ofResource(String resource, long milli) {
        return isBinary(resource) && milli % 1000 == 0 ? binary(milli) : decimal(milli);
    }

    static boolean isBinary(String resource) {
        return resource.equals("memory");
    }
}
