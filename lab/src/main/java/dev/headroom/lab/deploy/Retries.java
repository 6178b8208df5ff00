package dev.headroom.lab.deploy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** When a request to a Kubernetes API is sent again, and what else its answers' headers tell. */
final class Retries {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    private Retries() {}

    /** How long to wait before the request is sent again; null where it is not to be. API servers that shed load answer 429 and say when to come back, in seconds. */
    static @Nullable Duration pause(int code, @Nullable String retryAfter) {
        if (code != TOO_MANY_REQUESTS) {
            return null;
        }
        return retryAfter != null && retryAfter.matches("[0-9]{1,6}")
                ? Duration.ofSeconds(Long.parseLong(retryAfter))
                : ONE_SECOND;
    }

    /** Whether the connection failed, and not the time ran out. */
    static boolean isOfTheConnection(ClusterGoneException e) {
        Throwable cause = e.getCause();
        return cause instanceof IOException
                && !(cause instanceof SocketTimeoutException)
                && !(cause instanceof HttpTimeoutException);
    }

    /**
     * How much later than here it is there; a {@code Date} has whole seconds, so half of one is added.
     *
     * @param here milliseconds since the epoch
     */
    static @Nullable Duration ahead(@Nullable String date, long here) {
        if (date == null) {
            return null;
        }
        try {
            Instant there =
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Duration.ofMillis(there.toEpochMilli() + 500 - here);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
