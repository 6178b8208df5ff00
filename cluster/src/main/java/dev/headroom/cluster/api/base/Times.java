package dev.headroom.cluster.api.base;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** Points in time as Kubernetes writes them: RFC 3339 in UTC, {@code Time} to the second, {@code MicroTime} to the microsecond. */
public final class Times {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    public static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    public static String micros(Instant instant) {
        return MICROS.format(instant);
    }

    /**
     * @throws DateTimeParseException where the text is no time
     */
    public static Instant parse(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}
