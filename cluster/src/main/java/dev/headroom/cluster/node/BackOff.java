package dev.headroom.cluster.node;

import java.time.Duration;

/** How long to wait before a thing is tried again: each time twice as long as the time before, up to a longest. */
final class BackOff {
    private final Duration first;
    private final Duration longest;
    private Duration next;

    BackOff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** For this time; the next will be longer. */
    Duration next() {
        Duration now = next;
        Duration doubled = now.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return now;
    }

    /** It went well: the next failure waits as the first one did. */
    void reset() {
        next = first;
    }
}
