package dev.headroom.cluster.node;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A pod whose use is measured. */
interface Metered {
    ObjectNode pod();

    /** Of those containers that run. */
    List<Reading> readings();

    /**
     * What a container has used.
     *
     * @param usage in all its lives
     */
    record Reading(String container, Instant startedAt, Limits.Usage usage) {}
}
