package dev.headroom.cluster.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a real kube-apiserver says of the fields of the kinds served here, read when first asked for. */
final class Schemas {
    private static final String PREFIX = "#/components/schemas/";

    private Schemas() {}

    private static final class Loaded {
        static final ObjectNode ALL = load();

        private static ObjectNode load() {
            try (InputStream in = Schemas.class.getResourceAsStream("schemas.json")) {
                return (ObjectNode) Json.MAPPER.readTree(java.util.Objects.requireNonNull(in));
            } catch (IOException e) {
                throw new UncheckedIOException("the schemas of the API could not be read", e);
            }
        }
    }

    static ObjectNode all() {
        return Loaded.ALL;
    }

    static JsonNode definition(String name) {
        return Loaded.ALL.path(name);
    }

    /** A property's schema with its reference followed; what stands beside the reference (merge keys) is on the property itself. */
    static JsonNode resolve(JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        if (reference.isEmpty()) {
            reference = schema.path("allOf").path(0).path("$ref").asString("");
        }
        return reference.isEmpty() ? schema : definition(reference.substring(PREFIX.length()));
    }

    static JsonNode property(JsonNode schema, String name) {
        JsonNode own = schema.path("properties").path(name);
        return own.isMissingNode() ? schema.path("additionalProperties") : own;
    }

    /** The key by which a strategic merge patch finds an element of this list; null where the list is replaced whole. */
    static @Nullable String mergeKey(JsonNode property) {
        String strategy = property.path("x-kubernetes-patch-strategy").asString("");
        String key = property.path("x-kubernetes-patch-merge-key").asString("");
        return strategy.contains("merge") && !key.isEmpty() ? key : null;
    }

    /** A list of plain values that a strategic merge patch adds to, such as finalizers. */
    static boolean mergesValues(JsonNode property) {
        return property.path("x-kubernetes-patch-strategy").asString("").contains("merge")
                && property.path("x-kubernetes-patch-merge-key").isMissingNode();
    }

    static boolean retainsKeys(JsonNode property) {
        return property.path("x-kubernetes-patch-strategy").asString("").contains("retainKeys");
    }

    /** The keys that identify an element of an associative list; empty where the list is no such. */
    static List<String> listKeys(JsonNode property) {
        List<String> keys = new ArrayList<>();
        if (property.path("x-kubernetes-list-type").asString("").equals("map")) {
            property.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asString()));
        }
        return keys;
    }

    static boolean isSet(JsonNode property) {
        return property.path("x-kubernetes-list-type").asString("").equals("set");
    }

    static boolean isAtomic(JsonNode property, JsonNode resolved) {
        return property.path("x-kubernetes-map-type").asString("").equals("atomic")
                || resolved.path("x-kubernetes-map-type").asString("").equals("atomic");
    }

    /** Whether values of this schema are objects with named fields or free keys. */
    static boolean isObject(JsonNode resolved) {
        return resolved.path("type").asString("").equals("object")
                && (resolved.has("properties") || resolved.has("additionalProperties"));
    }
}
