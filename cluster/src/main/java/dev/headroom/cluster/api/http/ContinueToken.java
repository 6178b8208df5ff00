package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a list goes on that was cut at its limit: at which revision, after which key. To clients it is opaque; in the form of upstream's.
 */
record ContinueToken(long revision, String key) {
    private static final String VERSION = "meta.k8s.io/v1";

    static ContinueToken parse(String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw invalid("continue key is not valid: " + e.getMessage());
        }
        JsonNode read;
        try {
            read = Json.MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            String fault = GoSyntax.fault(bytes);
            throw invalid("continue key is not valid: " + (fault == null ? e.getMessage() : fault));
        }
        String version = Json.text(read, "v");
        if (!version.equals(VERSION)) {
            throw invalid(
                    "continue key is not valid: server does not recognize this encoded version "
                            + version);
        }
        ContinueToken parsed =
                new ContinueToken(Json.integer(read, 0, "rv"), Json.text(read, "start"));
        if (parsed.revision() == 0) {
            throw invalid(
                    "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        }
        if (parsed.key().isEmpty()) {
            throw invalid(
                    "continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
        }
        return parsed;
    }

    private static RuntimeException invalid(String why) {
        return Statuses.badRequest("invalid continue token: " + why);
    }

    @Override
    public String toString() {
        ObjectNode json = Json.object().put("v", VERSION);
        Json.put(json, "rv", revision);
        json.put("start", key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(json));
    }
}
