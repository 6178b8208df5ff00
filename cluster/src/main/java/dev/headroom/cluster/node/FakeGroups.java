package dev.headroom.cluster.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Fake pods that share one load: those of one controller, wherever they run. */
final class FakeGroups {
    private final Map<String, Group> groups = new ConcurrentHashMap<>();

    /** The pods of one controller. */
    static final class Group {
        private final Instant since;
        private final AtomicInteger replicas = new AtomicInteger();

        Group(Instant since) {
            this.since = since;
        }

        int replicas() {
            return Math.max(1, replicas.get());
        }

        /** Seconds since its first pod ran. */
        double seconds(Instant now) {
            return Duration.between(since, now).toMillis() / 1e3;
        }
    }

    Group join(String key, Instant now) {
        Group group = groups.computeIfAbsent(key, k -> new Group(now));
        group.replicas.incrementAndGet();
        return group;
    }

    /** The last one out takes the group with it. */
    void leave(String key) {
        groups.computeIfPresent(
                key, (k, group) -> group.replicas.decrementAndGet() == 0 ? null : group);
    }
}
