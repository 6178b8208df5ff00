package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.schema.StructType;
import dev.headroom.cluster.api.schema.Undecodable;
import dev.headroom.cluster.objects.ApiException;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * The change that a server-side apply makes.
 *
 * @param applied the configuration, as it was sent
 * @param merged with the object that is there
 */
record AppliedChange(ObjectNode applied, UnaryOperator<ObjectNode> merged) implements Change {
    @Override
    public ObjectNode propose(ObjectNode current) {
        return merged.apply(current);
    }

    @Override
    public boolean isWhole() {
        return false;
    }

    @Override
    public ApiException refusal(StructType type, ObjectNode proposed, Undecodable why) {
        return refusal(applied, why);
    }

    /** As upstream says it where the configuration fits the schema, and yet is not what the kind takes. */
    static ApiException refusal(ObjectNode applied, Undecodable why) {
        String kind = Json.text(applied, "apiVersion") + ", Kind=" + Json.text(applied, "kind");
        return Statuses.unexplained(
                "failed to convert new object ("
                        + Json.namespace(applied)
                        + "/"
                        + Json.name(applied)
                        + "; "
                        + kind
                        + ") to proper version: unable to convert unstructured object to "
                        + kind
                        + ": "
                        + why.converted());
    }
}
