package dev.headroom.cluster.node;

import java.util.HashSet;
import java.util.Set;
import java.util.function.IntFunction;

/** Addresses for pods; one that was given back is given out again only when all others are taken, so that no client meets a stranger. */
final class PodAddresses {
    private final IntFunction<String> address;
    private final int count;
    private final Set<String> taken = new HashSet<>();
    private int last;

    PodAddresses(IntFunction<String> address, int count) {
        this.address = address;
        this.count = count;
    }

    synchronized String take() {
        for (int i = 0; i < count; i++) {
            last = last % count + 1;
            String candidate = address.apply(last);
            if (taken.add(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException(
                "all " + count + " pod addresses of this cluster are taken");
    }

    synchronized void release(String given) {
        taken.remove(given);
    }
}
