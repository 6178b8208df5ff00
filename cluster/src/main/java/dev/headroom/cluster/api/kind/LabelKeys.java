package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code matchLabelKeys} and {@code mismatchLabelKeys}: a pod's own values of these labels are added to the selectors of its rules when it
 * is created, so that whoever schedules it needs to know of selectors only.
 */
final class LabelKeys {
    private LabelKeys() {}

    static void merge(ObjectNode pod) {
        JsonNode labels = Json.at(pod, "metadata", "labels");
        JsonNode spec = pod.path("spec");
        for (ObjectNode constraint : Json.objects(spec.path("topologySpreadConstraints"))) {
            add(constraint, "matchLabelKeys", "In", labels);
        }
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            JsonNode affinity = Json.at(spec, "affinity", kind);
            Json.objects(affinity.path("requiredDuringSchedulingIgnoredDuringExecution"))
                    .forEach(term -> term(term, labels));
            for (ObjectNode weighted :
                    Json.objects(
                            affinity.path("preferredDuringSchedulingIgnoredDuringExecution"))) {
                if (weighted.path("podAffinityTerm") instanceof ObjectNode term) {
                    term(term, labels);
                }
            }
        }
    }

    private static void term(ObjectNode term, JsonNode labels) {
        add(term, "matchLabelKeys", "In", labels);
        add(term, "mismatchLabelKeys", "NotIn", labels);
    }

    /** A selector that is missing accepts nothing, and nothing can be added to it. */
    private static void add(ObjectNode rule, String keys, String operator, JsonNode labels) {
        if (rule.path("labelSelector") instanceof ObjectNode selector) {
            for (String key : Json.texts(rule.path(keys))) {
                if (labels.has(key)) {
                    selector.withArray("matchExpressions")
                            .addObject()
                            .put("key", key)
                            .put("operator", operator)
                            .putArray("values")
                            .add(Json.text(labels, key));
                }
            }
        }
    }
}
