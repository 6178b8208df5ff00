package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Config maps. */
final class ConfigMapRules implements Rules {

    @Override
    public void validate(ObjectNode map, Causes causes) {
        long size = 0;
        for (String field : List.of("data", "binaryData")) {
            for (Map.Entry<String, JsonNode> entry : map.path(field).properties()) {
                String key = entry.getKey();
                causes.invalid(field + "[" + key + "]", key, Names.configKey(key));
                size += entry.getValue().asString("").length();
                if (field.equals("binaryData") && map.path("data").has(key)) {
                    causes.invalid(
                            "data[" + key + "]", key, "duplicate of key present in binaryData");
                }
            }
        }
        if (size > SecretRules.LIMIT) {
            causes.add(Cause.tooLong("", SecretRules.LIMIT));
        }
    }

    @Override
    public void validateUpdate(ObjectNode map, ObjectNode old, Causes causes) {
        frozen(map, old, "data", causes);
        frozen(map, old, "binaryData", causes);
    }

    /** What was marked immutable stays so. */
    static void frozen(ObjectNode object, ObjectNode old, String field, Causes causes) {
        if (!Json.flag(old, "immutable")) {
            return;
        }
        String why = "field is immutable when `immutable` is set";
        if (!Json.flag(object, "immutable")) {
            causes.add(Cause.forbidden("immutable", why));
        }
        if (!Json.same(object.path(field), old.path(field))) {
            causes.add(Cause.forbidden(field, why));
        }
    }
}
