package dev.headroom.cluster.api.table;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** A span of time as kubectl prints it, such as {@code 4m32s}. */
final class Ages {
    private Ages() {}

    static String since(String timestamp, Instant now) {
        if (timestamp.isEmpty()) {
            return "<unknown>";
        }
        try {
            return human(Duration.between(Instant.parse(timestamp), now).toSeconds());
        } catch (DateTimeParseException e) {
            return "<unknown>";
        }
    }

    private static String human(long seconds) {
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return with(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return with(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        long days = hours / 24;
        if (days < 8) {
            return with(days, "d", hours % 24, "h");
        }
        if (days < 730) {
            return days + "d";
        }
        return days < 2920 ? with(days / 365, "y", days % 365, "d") : days / 365 + "y";
    }

    private static String with(long large, String unit, long small, String smallUnit) {
        return small == 0 ? large + unit : large + unit + small + smallUnit;
    }
}
