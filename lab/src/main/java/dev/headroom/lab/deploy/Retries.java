package dev.headroom.lab.deploy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** When a request to a Kubernetes API is sent again, and what else its answers' headers tell. */
final class Retries {
    static final int TOO_MANY_REQUESTS = 429;
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    private Retries() {}

    /**
     * How long to wait before the request is sent again; null where nobody asked for that. API servers that shed load answer 429 and say when to come back, in seconds; as client-go, it is believed
     * of a server's errors too.
     */
    static @Nullable Duration pause(int code, @Nullable String retryAfter) {
        boolean told = retryAfter != null && retryAfter.matches("[0-9]{1,6}");
        if (told && (code == TOO_MANY_REQUESTS || code >= 500)) {
            return Duration.ofSeconds(Long.parseLong(retryAfter));
        }
        return code == TOO_MANY_REQUESTS ? ONE_SECOND : null;
    }

    /** Whether the connection failed, and not the time ran out. */
    static boolean isOfTheConnection(ClusterGoneException e) {
        Throwable cause = e.getCause();
        return cause instanceof HttpConnectTimeoutException
                || cause instanceof IOException
                        && !(cause instanceof SocketTimeoutException)
                        && !(cause instanceof HttpTimeoutException);
    }

    /**
     * Whether an answer tells of an API server in trouble, or of what stands before it, and nothing of what was asked: a load balancer without a server behind it, a server that is starting or
     * has lost its etcd. Answers that only pass through it are somebody else's.
     */
    static boolean isOfTheServer(int code, @Nullable String body, String path) {
        if (path.contains("/proxy/") || path.startsWith("/apis/metrics.k8s.io/")) {
            return false;
        }
        return code >= 502 && code <= 504
                || code == 500 && body != null && body.contains("etcdserver");
    }

    /** Whether it says who may do what: an API server that has just been started does not know yet, since it has to read it first. */
    static boolean isOfRights(int code) {
        return code == 401 || code == 403;
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
