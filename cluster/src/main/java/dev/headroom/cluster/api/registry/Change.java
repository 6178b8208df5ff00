package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.schema.StructType;
import dev.headroom.cluster.api.schema.Undecodable;
import dev.headroom.cluster.objects.ApiException;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an update comes to what it wants to store: from the object as it is shown in the version of the request, which it must not change.
 * Called again where somebody else was quicker.
 */
@FunctionalInterface
public interface Change {
    ObjectNode propose(ObjectNode current);

    /** Whether it comes whole, and its uid says which object it is for; else it is a change of the one that is there. */
    default boolean isWhole() {
        return true;
    }

    /** What is said where the proposal cannot be read as a type. */
    default ApiException refusal(StructType type, ObjectNode proposed, Undecodable why) {
        return cannotBeHandled(type, why);
    }

    /** {@code Deployment in version "v1" cannot be handled as a Deployment: …}. */
    static ApiException cannotBeHandled(StructType type, Undecodable why) {
        return Statuses.cannotBeHandled(
                type.shortName(), type.version(), type.shortName(), why.why());
    }
}
