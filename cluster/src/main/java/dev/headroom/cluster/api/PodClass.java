package dev.headroom.cluster.api;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A pod's quality of service class, from its requests and limits. */
final class PodClass {
    private PodClass() {}

    static String of(JsonNode spec) {
        boolean any = false;
        boolean all = true;
        for (JsonNode container : spec.path("containers")) {
            JsonNode resources = container.path("resources");
            for (String name : List.of("cpu", "memory")) {
                JsonNode request = resources.path("requests").path(name);
                JsonNode limit = resources.path("limits").path(name);
                any |= !request.isMissingNode() || !limit.isMissingNode();
                all &= !limit.isMissingNode() && (request.isMissingNode() || request.equals(limit));
            }
        }
        return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
    }
}
