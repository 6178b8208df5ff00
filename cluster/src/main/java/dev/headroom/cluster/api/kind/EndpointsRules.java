package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Endpoints, the older form of endpoint slices. */
final class EndpointsRules implements Rules {
    @Override
    public void defaults(ObjectNode endpoints) {
        for (JsonNode subset : endpoints.path("subsets")) {
            Json.objects(subset.path("ports")).forEach(p -> Json.defaultTo(p, "protocol", "TCP"));
        }
    }
}
