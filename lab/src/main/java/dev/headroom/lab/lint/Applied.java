package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.run.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What somebody wrote, out of an object in which a cluster has filled in the rest. */
final class Applied {
    private Applied() {}

    /** A manifest is what was written; of a cluster's object, what {@code kubectl apply} has kept of it in one of its two ways. */
    static JsonNode of(Manifest object) {
        JsonNode metadata = object.object().path("metadata");
        if (!metadata.has("uid")) {
            return object.object();
        }
        String last =
                metadata.path("annotations")
                        .path("kubectl.kubernetes.io/last-applied-configuration")
                        .asString("");
        if (!last.isEmpty()) {
            try {
                return Json.mapper().readTree(last);
            } catch (JacksonException notJson) {
                return JsonNodeFactory.instance.missingNode();
            }
        }
        for (JsonNode manager : metadata.path("managedFields")) {
            if (manager.path("operation").asString("").equals("Apply")
                    && manager.path("fieldsV1").path("f:spec").has("f:replicas")) {
                return object.object();
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }
}
