package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.schema.Schemas;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Who wrote which field ({@code metadata.managedFields}). */
final class Ownership {
    Ownership(Schemas schemas) {}

    void written(
            String manager, Served served, String subresource, ObjectNode old, ObjectNode now) {}

    static boolean sameButTimes(JsonNode a, JsonNode b) {
        return Json.same(a, b);
    }
}
