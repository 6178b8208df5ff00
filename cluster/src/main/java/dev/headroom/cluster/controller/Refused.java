package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.WorkQueue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pods that no node would have, which another pod's coming may help: by affinity, or by evening out what is spread. They are tried again
 * after a pause that doubles from 1 s to 10 s, as upstream's scheduler does: thousands of them must not be looked at for each pod that comes.
 */
final class Refused {
    private static final int LONGEST_SECONDS = 10;

    private final WorkQueue queue;
    private final Map<String, Integer> attempts = new HashMap<>();
    private final Set<String> held = new HashSet<>();
    private long changes;

    Refused(WorkQueue queue) {
        this.queue = queue;
    }

    /** How often something has come that may help; to be asked before a pod is looked at. */
    synchronized long changes() {
        return changes;
    }

    /**
     * No node would have it.
     *
     * @param before the changes that it was looked at with
     */
    synchronized void add(String key, long before) {
        attempts.merge(key, 1, Integer::sum);
        held.add(key);
        if (changes != before) {
            retryHeld();
        }
    }

    /** It has a node, or is there no more. */
    synchronized void forget(String key) {
        attempts.remove(key);
        held.remove(key);
    }

    /** Something has come that may help. */
    synchronized void retry() {
        changes++;
        retryHeld();
    }

    private void retryHeld() {
        for (String key : List.copyOf(held)) {
            int before = Math.min(attempts.getOrDefault(key, 1) - 1, 4);
            queue.addAfter(key, Duration.ofSeconds(Math.min(1L << before, LONGEST_SECONDS)));
        }
        held.clear();
    }
}
