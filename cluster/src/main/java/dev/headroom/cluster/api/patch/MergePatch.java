package dev.headroom.cluster.api.patch;

import dev.headroom.cluster.api.base.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch (RFC 7386). */
public final class MergePatch {
    private MergePatch() {}

    /** A new tree: the target with the patch applied. */
    public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
        ObjectNode result = target.deepCopy();
        merge(result, patch);
        return result;
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String field = entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(field);
            } else if (value instanceof ObjectNode inner) {
                if (!(target.path(field) instanceof ObjectNode)) {
                    target.putObject(field);
                }
                merge(Json.ensure(target, field), inner);
            } else {
                target.set(field, value.deepCopy());
            }
        }
    }
}
