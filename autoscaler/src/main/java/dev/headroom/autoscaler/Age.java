package dev.headroom.autoscaler;

/** A span of time as kubectl prints it (section 10.2). */
public final class Age {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long YEAR = 365 * DAY;

    private Age() {}

    /**
     * Its text.
     *
     * @param seconds may be negative, for a time that is yet to come
     */
    public static String text(double seconds) {
        long s = (long) seconds; // what clocks differ by is forgiven, up to two seconds
        if (s < -1) {
            return "<invalid>";
        }
        if (s < 0) {
            return "0s";
        }
        if (s < 2 * MINUTE) {
            return s + "s";
        }
        if (s < 10 * MINUTE) {
            return with(s / MINUTE, "m", s % MINUTE, "s");
        }
        if (s < 3 * HOUR) {
            return s / MINUTE + "m";
        }
        if (s < 8 * HOUR) {
            return with(s / HOUR, "h", s / MINUTE % 60, "m");
        }
        if (s < 2 * DAY) {
            return s / HOUR + "h";
        }
        if (s < 8 * DAY) {
            return with(s / DAY, "d", s / HOUR % 24, "h");
        }
        if (s < 2 * YEAR) {
            return s / DAY + "d";
        }
        if (s < 8 * YEAR) {
            return with(s / YEAR, "y", s / DAY % 365, "d");
        }
        return s / YEAR + "y";
    }

    private static String with(long large, String unit, long small, String smallUnit) {
        return small == 0 ? large + unit : large + unit + small + smallUnit;
    }
}
