package dev.headroom.cluster.node;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * Why a container does not run, in Kubernetes' words, and when it may be started again: the wait grows while its image cannot be had, and
 * while it crashes. Guarded by its container's lock.
 */
final class Waiting {
    private static final String CRASH_LOOP = "CrashLoopBackOff";
    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(10);
    private static final Duration LAST_BACK_OFF = Duration.ofMinutes(5);
    private static final Duration NEXT_LOOK = Duration.ofSeconds(1);
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

    private final BackOff crashes = new BackOff(FIRST_BACK_OFF, LAST_BACK_OFF);
    private final BackOff pulls = new BackOff(FIRST_BACK_OFF, LAST_BACK_OFF);
    private String reason;
    private String message = "";
    private String afterFailedStart = "";
    private Instant notBefore = Instant.MIN;

    /** Since it was never started. */
    Waiting(String reason) {
        this.reason = reason;
    }

    /** When it may be started (again). */
    Instant notBefore() {
        return notBefore;
    }

    /** It runs. */
    void over() {
        because("", "");
        pulls.reset();
    }

    boolean isOver() {
        return reason.isEmpty();
    }

    void because(String newReason, String newMessage) {
        reason = newReason;
        message = newMessage;
    }

    /** It cannot be started as it is: tried again after the first wait, which does not grow. */
    void refused(String newReason, String newMessage, Instant now) {
        because(newReason, newMessage);
        notBefore = now.plus(FIRST_BACK_OFF);
    }

    void pullFailed(String newMessage, Instant now) {
        because("ErrImagePull", newMessage);
        notBefore = now.plus(pulls.next());
    }

    boolean hasJustFailedToPull() {
        return reason.equals("ErrImagePull");
    }

    /** The node has said that it waits with the next pull. */
    void backsOffPulling(String image) {
        because(
                "ImagePullBackOff",
                "Back-off pulling image \"" + image + "\": ErrImagePull: " + message);
    }

    /** A life has ended that lasted this long: past some minutes earlier crashes are forgiven. */
    void lived(Duration life) {
        if (life.compareTo(FORGIVEN_AFTER) > 0) {
            crashes.reset();
        }
    }

    /**
     * It ended and is to be started again: at once for the first time, then after waits that grow.
     *
     * @param what the container and its pod
     */
    void crashed(int starts, String what, Instant now) {
        if (starts <= 1) {
            notBefore = now;
        } else {
            Duration wait = crashes.next();
            notBefore = now.plus(wait);
            because(CRASH_LOOP, "back-off " + human(wait) + " restarting failed " + what);
        }
    }

    /**
     * It could not be started, which is told until the node looks again; that counts as a crash.
     *
     * @param what the container and its pod
     */
    void startFailed(int starts, String what, String why, Instant now) {
        crashed(starts, what, now);
        afterFailedStart = isAfterCrashes() ? message : "";
        if (afterFailedStart.isEmpty()) {
            notBefore = now.plus(NEXT_LOOK);
        }
        because("RunContainerError", why);
    }

    boolean hasJustFailedToStart() {
        return reason.equals("RunContainerError");
    }

    /** The node has said that it waits with the next start. */
    void backsOffStarting() {
        if (!afterFailedStart.isEmpty()) {
            because(CRASH_LOOP, afterFailedStart);
        }
    }

    boolean isAfterCrashes() {
        return reason.equals(CRASH_LOOP);
    }

    private static String human(Duration duration) {
        long minutes = duration.toMinutes();
        long seconds = duration.toSecondsPart();
        return minutes == 0 ? seconds + "s" : minutes + "m" + seconds + "s";
    }

    /** As {@code state.waiting} of a container's status. */
    void write(ObjectNode waiting) {
        waiting.put("reason", reason.isEmpty() ? "ContainerCreating" : reason);
        if (!message.isEmpty()) {
            waiting.put("message", message);
        }
    }
}
