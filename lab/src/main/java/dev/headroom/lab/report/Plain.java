package dev.headroom.lab.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values as they are written in reports: the same on every machine, whatever its language and time zone. */
final class Plain {
    /** What stands where a number is not known. */
    static final String UNKNOWN = "unknown";

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Plain() {}

    /** Null where it is no finite number. */
    static @Nullable BigDecimal rounded(double value, int decimals) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return null;
        }
        BigDecimal rounded =
                BigDecimal.valueOf(value)
                        .setScale(decimals, RoundingMode.HALF_UP)
                        .stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0, RoundingMode.UNNECESSARY) : rounded;
    }

    static String number(@Nullable Double value, int decimals) {
        BigDecimal rounded = value == null ? null : rounded(value, decimals);
        return rounded == null ? UNKNOWN : rounded.toPlainString();
    }

    static String number(@Nullable Double value, int decimals, String unit) {
        String number = number(value, decimals);
        return number.equals(UNKNOWN) ? number : number + " " + unit;
    }

    static String percent(@Nullable Double part) {
        return part == null ? UNKNOWN : number(part * 100, 1, "%");
    }

    static String or(@Nullable Object value, String otherwise) {
        return value == null ? otherwise : value.toString();
    }

    static String utc(long at) {
        return UTC.format(Instant.ofEpochMilli(at));
    }

    /** With milliseconds, as machines read it. */
    static String instant(long at) {
        return Instant.ofEpochMilli(at).toString();
    }

    /** A pod's name without that of its workload, which all of its pods have in common. */
    static String shortPod(String workload, String pod) {
        String common = workload + "-";
        return pod.startsWith(common) && pod.length() > common.length()
                ? pod.substring(common.length())
                : pod;
    }

    static String count(long n, String one, String many) {
        return n + " " + (n == 1 ? one : many);
    }
}
