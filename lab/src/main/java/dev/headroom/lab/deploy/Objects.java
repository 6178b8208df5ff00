package dev.headroom.lab.deploy;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Questions to Kubernetes objects. */
final class Objects {
    private Objects() {}

    /** Whether a service's selector takes the pods of a workload. */
    static boolean selects(JsonNode selector, JsonNode workload) {
        return Selectors.labels(
                selector, workload.path("spec").path("template").path("metadata").path("labels"));
    }

    static boolean scales(JsonNode autoscaler, String kind, String name) {
        JsonNode target = autoscaler.path("spec").path("scaleTargetRef");
        return target.path("kind").asString("").equals(kind)
                && target.path("name").asString("").equals(name);
    }

    static Map<String, String> labels(JsonNode labels) {
        Map<String, String> map = new LinkedHashMap<>();
        labels.properties().forEach(e -> map.put(e.getKey(), e.getValue().asString("")));
        return map;
    }

    static JsonNode withoutManagedFields(JsonNode object) {
        JsonNode copy = object.deepCopy();
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return copy;
    }
}
