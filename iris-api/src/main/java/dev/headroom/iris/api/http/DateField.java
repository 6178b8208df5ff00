package dev.headroom.iris.api.http;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** The value of the {@code Date} field (IMF-fixdate, RFC 9110, section 5.6.7), rendered once a second. */
final class DateField {
    static final int LENGTH = 29;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private byte[] value;
    private long validUntil;

    DateField(long now) {
        value = render(now);
    }

    /**
     * The value's bytes; the array is not changed later.
     *
     * @param now {@link System#nanoTime}
     */
    byte[] at(long now) {
        if (now - validUntil >= 0) {
            value = render(now);
        }
        return value;
    }

    private byte[] render(long now) {
        Instant instant = Instant.now();
        validUntil = now + SECOND - instant.getNano();
        return Ascii.bytes(text(instant));
    }

    static String text(Instant instant) {
        OffsetDateTime t = instant.atOffset(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(LENGTH);
        text.append(DAYS[t.getDayOfWeek().getValue() - 1]).append(", ");
        two(text, t.getDayOfMonth()).append(' ').append(MONTHS[t.getMonthValue() - 1]);
        text.append(' ').append(t.getYear()).append(' ');
        two(text, t.getHour()).append(':');
        two(text, t.getMinute()).append(':');
        return two(text, t.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
