package dev.headroom.cluster.api.patch;

import dev.headroom.cluster.api.base.GoText;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.schema.Schemas;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The forms in which a change of an object can be written down, but for server-side apply. */
public enum PatchForm {
    JSON,
    MERGE,
    STRATEGIC;

    /**
     * A new tree: the target with the patch applied.
     *
     * @param patch an array for JSON, else an object
     * @param definition the target's type, by its name in OpenAPI
     */
    public JsonNode apply(ObjectNode target, JsonNode patch, String definition, Schemas schemas) {
        return switch (this) {
            case JSON -> JsonPatch.apply(target, patch);
            case MERGE -> MergePatch.apply(target, (ObjectNode) patch);
            case STRATEGIC ->
                    new StrategicMergePatch(schemas).apply(target, (ObjectNode) patch, definition);
        };
    }

    /** Puts what a patch has touched into the order in which upstream's library prints it: a map there, of which the rest of the object stays text. */
    public JsonNode sorted(JsonNode patched, JsonNode patch) {
        if (this == MERGE) {
            sortMerged(patched, patch);
        } else {
            sort(patched);
            for (JsonNode operation : patch) {
                sortAlong(patched, Json.text(operation, "path"));
                sortAlong(patched, Json.text(operation, "from"));
            }
        }
        return patched;
    }

    private static void sortMerged(JsonNode patched, JsonNode patch) {
        sort(patched);
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            if (entry.getValue().isObject()) {
                sortMerged(patched.path(entry.getKey()), entry.getValue());
            }
        }
    }

    private static void sortAlong(JsonNode patched, String pointer) {
        JsonNode at = patched;
        for (String step : JsonPatch.steps(pointer)) {
            sort(at);
            at = at.path(step);
        }
    }

    private static void sort(JsonNode node) {
        if (node instanceof ObjectNode object) {
            GoText.sort(object);
        }
    }
}
