package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Objects as Go prints its internal types in error texts: all fields, in their order there, under their Go names. */
final class GoJson {
    private GoJson() {}

    /**
     * Prints an object.
     *
     * @param fields all that the type has, by their names in JSON
     */
    static String of(JsonNode object, List<String> fields) {
        ObjectNode out = Json.object();
        for (String field : fields) {
            JsonNode value = object.path(field);
            if (value.isMissingNode()) {
                out.putNull(go(field));
            } else {
                out.set(go(field), nested(value));
            }
        }
        return out.toString();
    }

    private static JsonNode nested(JsonNode value) {
        if (!value.isObject()) {
            return value;
        }
        ObjectNode out = Json.object();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            out.set(go(entry.getKey()), nested(entry.getValue()));
        }
        return out;
    }

    private static String go(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT)
                + name.substring(1).replaceFirst("^eLinux", "ELinux");
    }
}
