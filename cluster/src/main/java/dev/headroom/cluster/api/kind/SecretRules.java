package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Secrets. */
final class SecretRules implements Rules {
    static final int LIMIT = 1024 * 1024;

    @Override
    public void defaults(ObjectNode secret) {
        Json.defaultTo(secret, "type", "Opaque");
        if (secret.remove("stringData") instanceof ObjectNode texts) {
            ObjectNode data = Json.ensure(secret, "data");
            for (Map.Entry<String, JsonNode> entry : texts.properties()) {
                byte[] bytes = entry.getValue().asString("").getBytes(StandardCharsets.UTF_8);
                data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    @Override
    public void validate(ObjectNode secret, Causes causes) {
        long size = 0;
        for (Map.Entry<String, JsonNode> entry : secret.path("data").properties()) {
            String key = entry.getKey();
            causes.invalid("data[" + key + "]", key, Names.configKey(key));
            size += entry.getValue().asString("").length() * 3L / 4;
        }
        if (size > LIMIT) {
            causes.add(Cause.tooLong("data", LIMIT));
        }
    }

    @Override
    public void validateUpdate(ObjectNode secret, ObjectNode old, Causes causes) {
        MetaValidation.immutable(secret.path("type"), old.path("type"), "type", causes);
        ConfigMapRules.frozen(secret, old, "data", causes);
    }
}
