package dev.headroom.cluster.api.base;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount as Kubernetes writes it ({@code 250m}, {@code 1.5Gi}, {@code 1e3}), with its canonical form: no fraction, the largest suffix
 * that needs none (apimachinery, {@code resource.Quantity}).
 */
public record Quantity(BigDecimal value, Format format) implements Comparable<Quantity> {

    /** Which family of suffixes an amount was written in. */
    public enum Format {
        DECIMAL_SI,
        BINARY_SI,
        DECIMAL_EXPONENT
    }

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

    /** What Kubernetes says of a text that is none. */
    public static final String INVALID =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static final Pattern SYNTAX =
            Pattern.compile(
                    "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]{1,4})?");
    private static final List<String> DECIMAL =
            List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final BigDecimal STEP = BigDecimal.valueOf(1024);
    private static final BigDecimal LARGEST =
            new BigDecimal(BigInteger.TWO.pow(63).subtract(BigInteger.ONE));

    /**
     * @throws NumberFormatException where the text is no quantity
     */
    public static Quantity parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches()) {
            throw new NumberFormatException(INVALID);
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String suffix = matcher.group(2) == null ? "" : matcher.group(2);
        Format format = Format.DECIMAL_SI;
        if (suffix.endsWith("i")) {
            number = number.multiply(STEP.pow(BINARY.indexOf(suffix)));
            format = Format.BINARY_SI;
        } else if (DECIMAL.contains(suffix)) {
            number = number.scaleByPowerOfTen(3 * (DECIMAL.indexOf(suffix) - 3));
        } else {
            number = number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
            format = Format.DECIMAL_EXPONENT;
        }
        // Finer than a billionth is rounded up; more than an int64 holds is capped.
        number = number.setScale(Math.min(9, Math.max(number.scale(), 0)), RoundingMode.UP);
        return new Quantity(number.abs().compareTo(LARGEST) > 0 ? capped(number) : number, format);
    }

    private static BigDecimal capped(BigDecimal number) {
        return number.signum() < 0 ? LARGEST.negate() : LARGEST;
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantity q && compareTo(q) == 0;
    }

    @Override
    public int hashCode() {
        return value.stripTrailingZeros().hashCode();
    }

    /** The canonical form. */
    @Override
    public String toString() {
        if (value.signum() == 0) {
            return "0";
        }
        boolean whole = value.stripTrailingZeros().scale() <= 0;
        if (format == Format.BINARY_SI && whole && value.abs().compareTo(STEP) >= 0) {
            return binary();
        }
        return decimal(format == Format.DECIMAL_EXPONENT);
    }

    private String binary() {
        BigInteger number = value.toBigIntegerExact();
        int power = 0;
        while (power < BINARY.size() - 1 && number.mod(STEP.toBigInteger()).signum() == 0) {
            number = number.divide(STEP.toBigInteger());
            power++;
        }
        return number + BINARY.get(power);
    }

    private String decimal(boolean exponent) {
        BigDecimal stripped = value.stripTrailingZeros();
        int power = Math.floorDiv(-stripped.scale(), 3);
        power = Math.max(-3, Math.min(6, power));
        String number =
                stripped.scaleByPowerOfTen(-3 * power).setScale(0, RoundingMode.UP).toPlainString();
        if (exponent) {
            return power == 0 ? number : number + "e" + 3 * power;
        }
        return number + DECIMAL.get(power + 3);
    }
}
