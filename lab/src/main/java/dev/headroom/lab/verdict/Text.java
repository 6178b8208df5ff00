package dev.headroom.lab.verdict;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** Numbers as they stand in a verdict: the same on every machine. */
final class Text {
    private Text() {}

    /** Three or more digits that matter, thousands grouped: {@code 17,292}, {@code 2.05}, {@code 0.001}. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return String.valueOf(value);
        }
        double size = Math.abs(value);
        int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 4;
        BigDecimal rounded =
                BigDecimal.valueOf(value)
                        .setScale(digits, RoundingMode.HALF_UP)
                        .stripTrailingZeros();
        int scale = Math.max(0, rounded.scale());
        return String.format(Locale.ROOT, "%,." + scale + "f", rounded);
    }

    static String percent(double part) {
        return number(part * 100) + " %";
    }

    static String seconds(double seconds) {
        return number(seconds) + " s";
    }

    /** From a second on in seconds: {@code 58.4 ms}, {@code 3.97 s}. */
    static String millis(double millis) {
        return Math.abs(millis) >= 1000 ? seconds(millis / 1e3) : number(millis) + " ms";
    }

    static String rate(double perSecond) {
        return number(perSecond) + "/s";
    }

    /** As Kubernetes writes it: {@code 500m}, {@code 2}. */
    static String cores(double cores) {
        long milli = Math.round(cores * 1000);
        return milli % 1000 == 0 ? String.valueOf(milli / 1000) : milli + "m";
    }

    static String counted(long n, String one, String many) {
        return number(n) + " " + (n == 1 ? one : many);
    }

    static String replicas(int n) {
        return counted(n, "replica", "replicas");
    }

    /** {@code a}, {@code a and b}, {@code a, b and c}. */
    static String list(List<String> items) {
        if (items.size() < 2) {
            return String.join("", items);
        }
        return String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
    }
}
