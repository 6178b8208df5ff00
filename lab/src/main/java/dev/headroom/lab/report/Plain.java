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

    /**
     * The text with what could not be seen, or would change how the rest is seen, written out as its code point: control characters, the marks
     * that turn the direction of writing, and halves of surrogate pairs.
     */
    static String visible(String text) {
        int plain = 0;
        while (plain < text.length() && !hidden(text.charAt(plain), text, plain)) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (hidden(c, text, i)) {
                visible.append("\\u").append(String.format(Locale.ROOT, "%04X", (int) c));
            } else {
                visible.append(c);
            }
        }
        return visible.toString();
    }

    private static boolean hidden(char c, String text, int i) {
        if (Character.isHighSurrogate(c)) {
            return i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
        }
        return (c < ' ' && c != '\n' && c != '\t')
                || (c >= '\u007F' && c <= '\u009F')
                || c == '\u061C'
                || (c >= '\u200B' && c <= '\u200F')
                || (c >= '\u2028' && c <= '\u202E')
                || (c >= '\u2066' && c <= '\u2069')
                || c == '\uFEFF'
                || c == '\uFFFE'
                || c == '\uFFFF';
    }
}
