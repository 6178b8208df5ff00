package dev.headroom.cluster.api.registry;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an update comes to what it wants to store: from the object as it is shown in the version of the request. Called again where somebody
 * else was quicker.
 */
@FunctionalInterface
public interface Change {
    Proposal propose(ObjectNode current);

    /**
     * What is to be stored.
     *
     * @param object a tree of the caller's own
     * @param applied the configuration of a server-side apply; null for other writes
     * @param force whether a server-side apply takes fields from others
     */
    record Proposal(ObjectNode object, @Nullable ObjectNode applied, boolean force) {
        public static Proposal of(ObjectNode object) {
            return new Proposal(object, null, false);
        }
    }
}
