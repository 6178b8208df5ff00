package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Between autoscaling/v1, which knows a CPU target alone, and v2; what v1 has no field for is in annotations, as upstream has it
 * (pkg/apis/autoscaling/v1/conversion.go).
 */
final class AutoscalerConversion {
    private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";

    private static final List<String> SOURCES =
            List.of("object", "pods", "resource", "containerResource", "external");
    private static final List<String> ANNOTATIONS =
            List.of("metrics", "behavior", "current-metrics", "conditions");

    private AutoscalerConversion() {}

    static ObjectNode toV1(ObjectNode autoscaler) {
        ObjectNode v1 = autoscaler.deepCopy();
        v1.put("apiVersion", "autoscaling/v1");
        ObjectNode annotations = Json.object();
        ObjectNode spec = Json.ensure(v1, "spec");
        ArrayNode others = Json.array();
        JsonNode metrics = Json.at(autoscaler, "spec", "metrics");
        boolean found = false;
        for (JsonNode metric : metrics) {
            JsonNode target = Json.at(metric, "resource", "target", "averageUtilization");
            if (!found && isCpu(metric, "name") && target.isNumber()) {
                spec.set("targetCPUUtilizationPercentage", target);
                found = true;
            } else {
                others.add(flat(metric, "target", "target"));
            }
        }
        spec.remove("metrics");
        if (!others.isEmpty()) {
            annotations.put(PREFIX + "metrics", others.toString());
        }
        JsonNode behavior = spec.remove("behavior");
        if (behavior instanceof ObjectNode object) {
            annotations.put(PREFIX + "behavior", upper(object).toString());
        }
        status(v1, annotations);
        if (!annotations.isEmpty()) {
            Json.ensure(Json.metadata(v1), "annotations").setAll(annotations);
        }
        return v1;
    }

    private static boolean isCpu(JsonNode metric, String field) {
        return Json.text(metric, "type").equals("Resource")
                && Json.text(metric, "resource", field).equals("cpu");
    }

    private static void status(ObjectNode v1, ObjectNode annotations) {
        ObjectNode status = Json.ensure(v1, "status");
        ArrayNode others = Json.array();
        JsonNode current = status.remove("currentMetrics");
        boolean found = false;
        for (JsonNode metric : current == null ? Json.array() : current) {
            JsonNode utilization = Json.at(metric, "resource", "current", "averageUtilization");
            if (!found && isCpu(metric, "name") && utilization.isNumber()) {
                status.set("currentCPUUtilizationPercentage", utilization);
                found = true;
            }
            others.add(flat(metric, "current", "current"));
        }
        if (!others.isEmpty()) {
            annotations.put(PREFIX + "current-metrics", others.toString());
        }
        JsonNode conditions = status.remove("conditions");
        if (conditions != null && !conditions.isEmpty()) {
            annotations.put(PREFIX + "conditions", conditions.toString());
        }
        Json.defaultTo(status, "currentReplicas", 0);
        Json.defaultTo(status, "desiredReplicas", 0);
    }

    /** A metric as v1's annotations have it: the v2beta1 form, its target beside its name. */
    private static ObjectNode flat(JsonNode metric, String from, String prefix) {
        ObjectNode flat = Json.object().put("type", Json.text(metric, "type"));
        for (String source : SOURCES) {
            if (!(metric.path(source) instanceof ObjectNode found)) {
                continue;
            }
            ObjectNode out = flat.putObject(source);
            JsonNode amount = found.path(from);
            boolean resource = source.equals("resource") || source.equals("containerResource");
            if (resource) {
                Json.copy(out, "name", found.path("name"));
                Json.copy(out, "container", found.path("container"));
                Json.copy(out, prefix + "AverageUtilization", amount.path("averageUtilization"));
                Json.copy(out, prefix + "AverageValue", amount.path("averageValue"));
            } else {
                Json.copy(out, "metricName", Json.at(found, "metric", "name"));
                Json.copy(
                        out,
                        source.equals("external") ? "metricSelector" : "selector",
                        Json.at(found, "metric", "selector"));
                Json.copy(out, "target", found.path("describedObject"));
                Json.copy(out, prefix + "Value", amount.path("value"));
                Json.copy(
                        out,
                        source.equals("object") ? "averageValue" : prefix + "AverageValue",
                        amount.path("averageValue"));
            }
        }
        return flat;
    }

    static ObjectNode toV2(ObjectNode autoscaler) {
        ObjectNode v2 = autoscaler.deepCopy();
        v2.put("apiVersion", "autoscaling/v2");
        ObjectNode spec = Json.ensure(v2, "spec");
        ArrayNode metrics = Json.array();
        JsonNode annotations = Json.at(v2, "metadata", "annotations");
        for (JsonNode flat : parsed(annotations, "metrics")) {
            metrics.add(nested(flat, "target", "target"));
        }
        JsonNode target = spec.remove("targetCPUUtilizationPercentage");
        if (target != null) {
            ObjectNode metric = metrics.addObject().put("type", "Resource");
            ObjectNode inner = metric.putObject("resource").put("name", "cpu");
            inner.putObject("target").put("type", "Utilization").set("averageUtilization", target);
        }
        if (!metrics.isEmpty()) {
            spec.set("metrics", metrics);
        }
        if (parsed(annotations, "behavior") instanceof ObjectNode behavior) {
            spec.set("behavior", lower(behavior));
        }
        ObjectNode status = Json.ensure(v2, "status");
        status.remove("currentCPUUtilizationPercentage");
        ArrayNode current = Json.array();
        for (JsonNode flat : parsed(annotations, "current-metrics")) {
            current.add(nested(flat, "current", "current"));
        }
        status.set("currentMetrics", current.isEmpty() ? Json.object().nullNode() : current);
        if (parsed(annotations, "conditions") instanceof ArrayNode conditions) {
            status.set("conditions", conditions);
        }
        if (annotations instanceof ObjectNode object) {
            for (String name : ANNOTATIONS) {
                object.remove(PREFIX + name);
            }
            if (object.isEmpty()) {
                Json.metadata(v2).remove("annotations");
            }
        }
        return v2;
    }

    private static JsonNode parsed(JsonNode annotations, String name) {
        String text = Json.text(annotations, PREFIX + name);
        if (text.isEmpty()) {
            return Json.object().path("absent");
        }
        try {
            return Json.MAPPER.readTree(text);
        } catch (JacksonException e) {
            return Json.object().path("absent"); // as upstream: what cannot be read is no setting
        }
    }

    private static ObjectNode nested(JsonNode flat, String to, String prefix) {
        ObjectNode metric = Json.object().put("type", Json.text(flat, "type"));
        for (String source : SOURCES) {
            if (!(flat.path(source) instanceof ObjectNode found)) {
                continue;
            }
            ObjectNode out = metric.putObject(source);
            ObjectNode amount = Json.object();
            Json.copy(amount, "averageUtilization", found.path(prefix + "AverageUtilization"));
            Json.copy(amount, "averageValue", found.path(prefix + "AverageValue"));
            Json.copy(amount, "value", found.path(prefix + "Value"));
            if (source.equals("object") && found.has("averageValue")) {
                amount.set("averageValue", found.path("averageValue"));
            }
            if (to.equals("target")) {
                amount.put(
                        "type",
                        amount.has("averageUtilization")
                                ? "Utilization"
                                : amount.has("averageValue") ? "AverageValue" : "Value");
            }
            Json.copy(out, "name", found.path("name"));
            Json.copy(out, "container", found.path("container"));
            if (found.has("metricName")) {
                ObjectNode identifier = out.putObject("metric");
                Json.copy(identifier, "name", found.path("metricName"));
                Json.copy(identifier, "selector", found.path("selector"));
                if (found.has("metricSelector")) {
                    identifier.set("selector", found.path("metricSelector"));
                }
            }
            Json.copy(out, "describedObject", found.path("target"));
            out.set(to, amount);
        }
        return metric;
    }

    /** Upstream writes the internal type, whose fields have no JSON names: in capitals. */
    private static ObjectNode upper(ObjectNode node) {
        return renamed(node, true);
    }

    private static ObjectNode lower(ObjectNode node) {
        return renamed(node, false);
    }

    private static ObjectNode renamed(ObjectNode node, boolean up) {
        ObjectNode out = Json.object();
        node.properties()
                .forEach(e -> {
                    String name = e.getKey();
                    char first =
                            up
                                    ? Character.toUpperCase(name.charAt(0))
                                    : Character.toLowerCase(name.charAt(0));
                    out.set(first + name.substring(1), renamedValue(e.getValue(), up));
                });
        return out;
    }

    private static JsonNode renamedValue(JsonNode value, boolean up) {
        if (value instanceof ObjectNode object) {
            return renamed(object, up);
        }
        if (value instanceof ArrayNode array) {
            ArrayNode out = Json.array();
            array.forEach(e -> out.add(renamedValue(e, up)));
            return out;
        }
        return value;
    }
}
