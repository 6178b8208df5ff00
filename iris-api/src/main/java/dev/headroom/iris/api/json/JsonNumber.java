package dev.headroom.iris.api.json;

import java.nio.charset.StandardCharsets;

/** A number of JSON (RFC 8259, section 6) as the nearest double. */
final class JsonNumber {
    /** Integers up to this, and powers of ten up to the last below, are doubles without rounding: so is one division. */
    private static final long EXACT = 1L << 53;

    private static final double[] POWERS = new double[23];

    static {
        double power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private JsonNumber() {}

    /** Index behind the number that begins at {@code from}, or -1 where none is well formed. */
    static int end(byte[] in, int from, int to) {
        int at = from < to && in[from] == '-' ? from + 1 : from;
        if (at < to && in[at] == '0') {
            at++;
            if (at < to && isDigit(in[at])) {
                return -1;
            }
        } else {
            at = digits(in, at, to);
        }
        if (at > 0 && at < to && in[at] == '.') {
            at = digits(in, at + 1, to);
        }
        if (at > 0 && at < to && (in[at] == 'e' || in[at] == 'E')) {
            at++;
            if (at < to && (in[at] == '+' || in[at] == '-')) {
                at++;
            }
            at = digits(in, at, to);
        }
        return at;
    }

    /** The value of a well-formed number; infinite where it is too large. */
    static double value(byte[] in, int from, int to) {
        boolean negative = in[from] == '-';
        long digits = 0;
        int decimals = 0;
        boolean point = false;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            byte c = in[i];
            if (c == '.') {
                point = true;
            } else if (isDigit(c) && digits < EXACT / 10) {
                digits = 10 * digits + c - '0';
                decimals += point ? 1 : 0;
            } else {
                return slowly(in, from, to);
            }
        }
        if (decimals >= POWERS.length) {
            return slowly(in, from, to);
        }
        double value = digits / POWERS[decimals];
        return negative ? -value : value;
    }

    private static double slowly(byte[] in, int from, int to) {
        return Double.parseDouble(new String(in, from, to - from, StandardCharsets.US_ASCII));
    }

    /** Index behind at least one digit, or -1. */
    private static int digits(byte[] in, int from, int to) {
        int at = from;
        while (at < to && isDigit(in[at])) {
            at++;
        }
        return at == from ? -1 : at;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
