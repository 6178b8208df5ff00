package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.table.Tables;
import dev.headroom.cluster.objects.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The form in which a client wants to see objects: as themselves, as a table or by their metadata alone.
 *
 * @param includeObject what comes with a table's row: None, Metadata or Object
 */
record Views(Form form, String metaVersion, String includeObject) {
    private static final String AVAILABLE =
            "application/json, application/yaml, application/json;stream=watch";

    /** What is shown of an object. */
    enum Form {
        OBJECT,
        TABLE,
        METADATA
    }

    /** By the Accept header: the first form that is known. */
    static Views of(Request request) {
        String include = request.parameter("includeObject");
        String included = include == null || include.isEmpty() ? "Metadata" : include;
        String accept = request.head("Accept");
        if (accept.isBlank()) {
            return new Views(Form.OBJECT, "v1", included);
        }
        for (String range : accept.split(",")) {
            List<String> parts = new ArrayList<>();
            for (String part : range.split(";")) {
                parts.add(part.strip().toLowerCase(Locale.ROOT));
            }
            String media = parts.getFirst();
            boolean json =
                    media.equals("application/json")
                            || media.equals("*/*")
                            || media.equals("application/*");
            if (!json) {
                continue;
            }
            String version = parts.contains("v=v1beta1") ? "v1beta1" : "v1";
            if (parts.contains("as=table")) {
                return new Views(Form.TABLE, version, included);
            }
            if (parts.stream().anyMatch(p -> p.startsWith("as=partialobjectmetadata"))) {
                return new Views(Form.METADATA, version, included);
            }
            if (parts.stream().noneMatch(p -> p.startsWith("as="))) {
                return new Views(Form.OBJECT, version, included);
            }
        }
        throw Statuses.notAcceptable(AVAILABLE);
    }

    ObjectNode one(ResourceType type, ObjectNode object) {
        return switch (form) {
            case OBJECT -> object;
            case TABLE -> table(type, List.of(object), Json.version(object), true);
            case METADATA -> metadata(object);
        };
    }

    /** An event of a watch: only the first one names a table's columns. */
    ObjectNode event(ResourceType type, ObjectNode object, boolean first) {
        return form == Form.TABLE
                ? table(type, List.of(object), Json.version(object), first)
                : one(type, object);
    }

    ObjectNode many(ResourceType type, List<ObjectNode> objects, ObjectNode metadata) {
        if (form == Form.TABLE) {
            ObjectNode table = table(type, objects, Json.text(metadata, "resourceVersion"), true);
            table.set("metadata", metadata);
            return table;
        }
        boolean partial = form == Form.METADATA;
        ObjectNode list = Json.object();
        list.put("kind", partial ? "PartialObjectMetadataList" : type.kind() + "List");
        list.put("apiVersion", partial ? "meta.k8s.io/" + metaVersion : type.apiVersion());
        list.set("metadata", metadata);
        ArrayNode items = list.putArray("items");
        for (ObjectNode object : objects) {
            items.add(partial ? metadata(object) : bare(object));
        }
        return list;
    }

    /** An element of a list does without what the list says of all: as upstream prints typed lists. */
    private static ObjectNode bare(ObjectNode object) {
        ObjectNode bare = Json.object();
        for (var entry : object.properties()) {
            if (!entry.getKey().equals("kind") && !entry.getKey().equals("apiVersion")) {
                bare.set(entry.getKey(), entry.getValue());
            }
        }
        return bare;
    }

    private ObjectNode table(
            ResourceType type, List<ObjectNode> objects, String version, boolean columns) {
        ObjectNode table =
                Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/" + metaVersion);
        table.putObject("metadata").put("resourceVersion", version);
        if (columns) {
            table.set("columnDefinitions", Tables.columns(type));
        } else {
            table.putNull("columnDefinitions");
        }
        ArrayNode rows = table.putArray("rows");
        Instant now = Instant.now();
        for (ObjectNode object : objects) {
            ObjectNode row = rows.addObject();
            row.set("cells", Tables.cells(type, object, now));
            JsonNode included =
                    switch (includeObject) {
                        case "None" -> Json.object().nullNode();
                        case "Object" -> object;
                        default -> metadata(object);
                    };
            row.set("object", included);
        }
        return table;
    }

    private ObjectNode metadata(ObjectNode object) {
        ObjectNode partial = Json.object().put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", "meta.k8s.io/" + metaVersion);
        partial.set("metadata", object.path("metadata"));
        return partial;
    }
}
