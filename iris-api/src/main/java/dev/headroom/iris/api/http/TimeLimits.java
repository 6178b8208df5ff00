package dev.headroom.iris.api.http;

import java.time.Duration;

/**
 * How long a client may take.
 *
 * @param head from a request's first byte to the end of its head
 * @param bodyProgress from one part of a body to the next
 * @param body for a whole body
 * @param answerProgress from one part of an answer's taking to the next
 * @param answer for the taking of a whole answer
 * @param idle for a connection without a request
 * @param linger how long the end of a client that was told of ours is awaited, so that no reset eats the last answer
 */
public record TimeLimits(
        Duration head,
        Duration bodyProgress,
        Duration body,
        Duration answerProgress,
        Duration answer,
        Duration idle,
        Duration linger) {
    public static final TimeLimits DEFAULT =
            new TimeLimits(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(2));

    /** The same in nanoseconds. */
    record Nanos(
            long head,
            long bodyProgress,
            long body,
            long answerProgress,
            long answer,
            long idle,
            long linger) {}

    Nanos nanos() {
        return new Nanos(
                head.toNanos(),
                bodyProgress.toNanos(),
                body.toNanos(),
                answerProgress.toNanos(),
                answer.toNanos(),
                idle.toNanos(),
                linger.toNanos());
    }
}
