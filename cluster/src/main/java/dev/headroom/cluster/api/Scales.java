package dev.headroom.cluster.api;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code scale} subresource of deployments and replica sets, as autoscaling/v1 Scale. */
final class Scales {
    private Scales() {}

    static ObjectNode of(ObjectNode object) {
        ObjectNode scale = Json.object();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field :
                List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            metadata.set(field, object.path("metadata").path(field));
        }
        scale.putObject("spec").put("replicas", object.path("spec").path("replicas").asInt(1));
        ObjectNode status = scale.putObject("status");
        status.put("replicas", object.path("status").path("replicas").asInt(0));
        status.put("selector", selector(object.path("spec").path("selector")));
        return scale;
    }

    static ObjectNode update(
            Resources resources,
            Kind kind,
            String namespace,
            String name,
            ObjectNode scale,
            Resources.Write write) {
        JsonNode replicas = scale.path("spec").path("replicas");
        if (replicas.asInt(0) < 0) {
            throw Statuses.invalid(
                    "Scale",
                    "autoscaling",
                    name,
                    List.of(
                            Statuses.Cause.invalid(
                                    "spec.replicas",
                                    replicas.toString(),
                                    "must be greater than or equal to 0")));
        }
        ObjectNode changed =
                resources.update(
                        kind,
                        namespace,
                        name,
                        write,
                        live -> {
                            JsonNode version = scale.path("metadata").path("resourceVersion");
                            if (version.isString() && !version.stringValue().isEmpty()) {
                                Json.ensure(live, "metadata").set("resourceVersion", version);
                            }
                            Json.ensure(live, "spec").put("replicas", replicas.asInt(0));
                            return live;
                        });
        return of(changed);
    }

    /** In the notation of a list's {@code labelSelector}. */
    static String selector(JsonNode selector) {
        List<String> parts = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(entry -> parts.add(entry.getKey() + "=" + entry.getValue().asString()));
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = Json.text(expression, "key");
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asString()));
            String set = "(" + String.join(",", values) + ")";
            parts.add(
                    switch (Json.text(expression, "operator")) {
                        case "In" -> key + " in " + set;
                        case "NotIn" -> key + " notin " + set;
                        case "Exists" -> key;
                        default -> "!" + key;
                    });
        }
        return String.join(",", parts);
    }
}
