package dev.headroom.cluster.api;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How objects of a kind are shown to the client that asked: in which version, and as themselves, as a table or by their metadata alone.
 *
 * @param v1 whether autoscalers are shown as autoscaling/v1
 */
record Views(Kind kind, boolean v1) {

    ObjectNode shown(ObjectNode object) {
        return v1 ? AutoscalersV1.toV1(object) : object;
    }

    ObjectNode taken(ObjectNode object) {
        return v1 ? AutoscalersV1.toV2(object) : object;
    }

    private static boolean asTable(String accept) {
        int table = accept.indexOf("as=Table");
        return table >= 0;
    }

    private static boolean asMetadata(String accept) {
        return accept.contains("as=PartialObjectMetadata");
    }

    private static String include(Request request) {
        String include = request.parameter("includeObject");
        return include == null ? "Metadata" : include;
    }

    ObjectNode one(Request request, ObjectNode object, Instant now) {
        String accept = request.head("Accept");
        if (asTable(accept)) {
            return Tables.of(
                    List.of(object),
                    kind,
                    Json.text(object, "metadata", "resourceVersion"),
                    include(request),
                    now);
        }
        return asMetadata(accept) ? metadata(object) : shown(object);
    }

    ObjectNode many(Request request, List<ObjectNode> objects, String version, Instant now) {
        String accept = request.head("Accept");
        if (asTable(accept)) {
            return Tables.of(objects, kind, version, include(request), now);
        }
        if (asMetadata(accept)) {
            ObjectNode list = Json.object();
            list.put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
            list.putObject("metadata").put("resourceVersion", version);
            ArrayNode items = list.putArray("items");
            objects.forEach(object -> items.add(metadata(object)));
            return list;
        }
        return Collections.list(
                v1 ? Kinds.AUTOSCALER_V1 : kind.type(),
                objects.stream().map(this::shown).toList(),
                version);
    }

    private static ObjectNode metadata(ObjectNode object) {
        ObjectNode partial = Json.object();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }
}
