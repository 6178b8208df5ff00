package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JacksonException;
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
        typed(secret, causes);
    }

    /** What a secret of its type has to have. */
    private static void typed(ObjectNode secret, Causes causes) {
        JsonNode data = secret.path("data");
        switch (Json.text(secret, "type")) {
            case "kubernetes.io/service-account-token" -> {
                String account = "kubernetes.io/service-account.name";
                if (Json.text(secret, "metadata", "annotations", account).isEmpty()) {
                    required("metadata.annotations", account, causes);
                }
            }
            case "kubernetes.io/dockercfg" -> json(data, ".dockercfg", causes);
            case "kubernetes.io/dockerconfigjson" -> json(data, ".dockerconfigjson", causes);
            case "kubernetes.io/basic-auth" -> {
                if (!data.has("username") && !data.has("password")) {
                    required("data", "username", causes);
                    required("data", "password", causes);
                }
            }
            case "kubernetes.io/ssh-auth" -> {
                if (Json.text(data, "ssh-privatekey").isEmpty()) {
                    required("data", "ssh-privatekey", causes);
                }
            }
            case "kubernetes.io/tls" -> {
                for (String key : new String[] {"tls.crt", "tls.key"}) {
                    if (!data.has(key)) {
                        required("data", key, causes);
                    }
                }
            }
            default -> {}
        }
    }

    private static void required(String field, String key, Causes causes) {
        causes.add(Cause.required(field + "[" + key + "]", ""));
    }

    /** A registry's credentials are JSON; of what is wrong with them nothing is told that would give them away. */
    private static void json(JsonNode data, String key, Causes causes) {
        if (!data.has(key)) {
            required("data", key, causes);
            return;
        }
        String wrong = "";
        try {
            byte[] bytes = Base64.getDecoder().decode(Json.text(data, key));
            if (!Json.MAPPER.readTree(bytes).isObject()) {
                wrong = "it is no JSON object";
            }
        } catch (IllegalArgumentException | JacksonException e) {
            wrong = "it is no JSON";
        }
        if (!wrong.isEmpty()) {
            causes.add(Cause.invalid("data[" + key + "]", "<secret contents redacted>", wrong));
        }
    }

    @Override
    public void validateUpdate(ObjectNode secret, ObjectNode old, Causes causes) {
        MetaValidation.immutable(secret.path("type"), old.path("type"), "type", causes);
        ConfigMapRules.frozen(secret, old, "data", causes);
    }
}
