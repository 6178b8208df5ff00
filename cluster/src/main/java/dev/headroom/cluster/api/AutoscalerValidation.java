package dev.headroom.cluster.api;

import dev.headroom.cluster.api.Statuses.Cause;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The refusals of autoscaling/v2 that concern the whole object: bounds and target. */
final class AutoscalerValidation {
    private AutoscalerValidation() {}

    static void check(JsonNode object, List<Cause> causes) {
        JsonNode spec = object.path("spec");
        int min = spec.path("minReplicas").asInt(1);
        int max = spec.path("maxReplicas").asInt(0);
        if (min < 1) {
            causes.add(
                    Cause.invalid(
                            "spec.minReplicas",
                            Integer.toString(min),
                            "must be greater than or equal to 1"));
        }
        if (max < 1) {
            causes.add(
                    Cause.invalid(
                            "spec.maxReplicas", Integer.toString(max), "must be greater than 0"));
        }
        if (max < min) {
            causes.add(
                    Cause.invalid(
                            "spec.maxReplicas",
                            Integer.toString(max),
                            "must be greater than or equal to `minReplicas`"));
        }
        for (String field : List.of("kind", "name")) {
            if (Json.text(spec, "scaleTargetRef", field).isEmpty()) {
                causes.add(Cause.required("spec.scaleTargetRef." + field, ""));
            }
        }
    }
}
