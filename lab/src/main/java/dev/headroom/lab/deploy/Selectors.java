package dev.headroom.lab.deploy;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Label selectors, as services, budgets and nodes use them. */
public final class Selectors {
    private Selectors() {}

    /** Whether every label is there; none selects nothing, as with a Service. */
    public static boolean labels(JsonNode selector, JsonNode labels) {
        return !selector.isEmpty() && all(selector, labels);
    }

    /** A {@code metav1.LabelSelector}; an empty one selects all, a missing one nothing. */
    public static boolean selector(JsonNode selector, JsonNode labels) {
        if (!selector.isObject() || !all(selector.path("matchLabels"), labels)) {
            return false;
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            if (!expression(expression, labels)) {
                return false;
            }
        }
        return true;
    }

    private static boolean all(JsonNode wanted, JsonNode labels) {
        for (Map.Entry<String, JsonNode> entry : wanted.properties()) {
            if (!entry.getValue().equals(labels.path(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean expression(JsonNode expression, JsonNode labels) {
        JsonNode label = labels.path(expression.path("key").asString(""));
        boolean there = !label.isMissingNode();
        boolean among = expression.path("values").valueStream().anyMatch(label::equals);
        return switch (expression.path("operator").asString("")) {
            case "In" -> among;
            case "NotIn" -> !among;
            case "Exists" -> there;
            case "DoesNotExist" -> !there;
            default -> false;
        };
    }
}
