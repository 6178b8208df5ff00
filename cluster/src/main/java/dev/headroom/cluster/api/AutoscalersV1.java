package dev.headroom.cluster.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** autoscaling/v1, the older view of autoscalers, of which only the CPU utilization is a field; the rest is not shown there. */
final class AutoscalersV1 {
    private AutoscalersV1() {}

    static ObjectNode toV1(ObjectNode v2) {
        ObjectNode v1 = v2.deepCopy();
        v1.put("apiVersion", "autoscaling/v1");
        ObjectNode spec = Json.ensure(v1, "spec");
        spec.remove("behavior");
        JsonNode metrics = spec.remove("metrics");
        if (metrics != null) {
            for (JsonNode metric : metrics) {
                JsonNode target = metric.path("resource").path("target").path("averageUtilization");
                if (Json.text(metric, "resource", "name").equals("cpu") && target.isNumber()) {
                    spec.set("targetCPUUtilizationPercentage", target);
                }
            }
        }
        ObjectNode status = Json.ensure(v1, "status");
        status.remove("conditions");
        JsonNode current = status.remove("currentMetrics");
        if (current != null) {
            for (JsonNode metric : current) {
                JsonNode used = metric.path("resource").path("current").path("averageUtilization");
                if (Json.text(metric, "resource", "name").equals("cpu") && used.isNumber()) {
                    status.set("currentCPUUtilizationPercentage", used);
                }
            }
        }
        return v1;
    }

    static ObjectNode toV2(ObjectNode v1) {
        ObjectNode v2 = v1.deepCopy();
        v2.put("apiVersion", "autoscaling/v2");
        ObjectNode spec = Json.ensure(v2, "spec");
        JsonNode target = spec.remove("targetCPUUtilizationPercentage");
        if (target != null && target.isNumber()) {
            ArrayNode metrics = spec.putArray("metrics");
            ObjectNode resource = metrics.addObject().put("type", "Resource").putObject("resource");
            resource.put("name", "cpu")
                    .putObject("target")
                    .put("type", "Utilization")
                    .set("averageUtilization", target);
        }
        v2.remove("status");
        return v2;
    }
}
