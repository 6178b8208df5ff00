package dev.headroom.cluster.node;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps a pod's volumes made: tried again, later each time, while they cannot be had; brought up to date once a minute where they are made of
 * objects. Its pod's thread alone asks.
 */
final class Mounting {
    private static final Duration REFRESH = Duration.ofSeconds(60);

    private final NodeContext context;
    private final ObjectNode pod;
    private final Volumes volumes;
    private final BackOff backOff = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(2));
    private boolean done;
    private Instant next = Instant.MIN;

    Mounting(NodeContext context, ObjectNode pod, Volumes volumes) {
        this.context = context;
        this.pod = pod;
        this.volumes = volumes;
    }

    /** Whether the volumes are there; where they are not, or may have changed, it is tried first, if it is time. */
    boolean keep() {
        Instant now = context.clock().instant();
        if (now.isBefore(next) || (done && !volumes.areMadeOfObjects())) {
            return done;
        }
        try {
            volumes.make();
            if (!done) {
                volumes.differences()
                        .forEach(text -> context.events().warning(pod, "VolumeNotMounted", text));
            }
            done = true;
            next = now.plus(REFRESH);
        } catch (Volumes.Failed e) {
            context.events().warning(pod, "FailedMount", String.valueOf(e.getMessage()));
            next = now.plus(backOff.next());
        }
        return done;
    }

    boolean isDone() {
        return done;
    }

    /** When {@link #keep} will try again. */
    Instant next() {
        return next;
    }
}
