package dev.headroom.cluster.api.registry;

import tools.jackson.databind.node.ObjectNode;

/**
 * How an update comes to what it wants to store: from the object as it is shown in the version of the request, which it must not change.
 * Called again where somebody else was quicker.
 */
@FunctionalInterface
public interface Change {
    ObjectNode propose(ObjectNode current);
}
