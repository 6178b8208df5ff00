package dev.headroom.cluster.informer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reading and writing Kubernetes objects as trees. */
public final class Trees {
    private Trees() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The text at a path of fields; empty where there is none. */
    public static String text(JsonNode node, String... path) {
        JsonNode at = at(node, path);
        return at.isString() ? at.stringValue() : "";
    }

    public static JsonNode at(JsonNode node, String... path) {
        JsonNode at = node;
        for (String step : path) {
            at = at.path(step);
        }
        return at;
    }

    public static String name(JsonNode object) {
        return text(object, "metadata", "name");
    }

    public static String namespace(JsonNode object) {
        return text(object, "metadata", "namespace");
    }

    public static String uid(JsonNode object) {
        return text(object, "metadata", "uid");
    }

    public static boolean isDeleting(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    /** {@code namespace/name}. */
    public static String key(JsonNode object) {
        return namespace(object) + "/" + name(object);
    }

    public static ObjectNode ensure(ObjectNode node, String field) {
        return node.path(field) instanceof ObjectNode found ? found : node.putObject(field);
    }

    /** RFC 3339 in whole seconds, as Kubernetes writes times. */
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    public static @Nullable Instant instant(String time) {
        return time.isEmpty() ? null : Instant.parse(time);
    }

    /** The reference by which an object's controller is known. */
    public static Optional<JsonNode> controllerOf(JsonNode object) {
        return object.path("metadata")
                .path("ownerReferences")
                .valueStream()
                .filter(reference -> reference.path("controller").asBoolean(false))
                .findFirst();
    }

    public static boolean isControlledBy(JsonNode object, JsonNode owner) {
        return controllerOf(object).map(r -> text(r, "uid").equals(uid(owner))).orElse(false);
    }

    public static void setController(ObjectNode object, JsonNode owner) {
        ArrayNode references = ensure(object, "metadata").putArray("ownerReferences");
        references
                .addObject()
                .put("apiVersion", text(owner, "apiVersion"))
                .put("kind", text(owner, "kind"))
                .put("name", name(owner))
                .put("uid", uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** Whether a selector of an object ({@code matchLabels}, {@code matchExpressions}) accepts these labels. */
    public static boolean selects(JsonNode selector, JsonNode labels) {
        for (var entry : selector.path("matchLabels").properties()) {
            if (!labels.path(entry.getKey()).equals(entry.getValue())) {
                return false;
            }
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            JsonNode value = labels.path(text(expression, "key"));
            boolean listed = expression.path("values").valueStream().anyMatch(value::equals);
            boolean holds =
                    switch (text(expression, "operator")) {
                        case "In" -> listed;
                        case "NotIn" -> !listed;
                        case "Exists" -> !value.isMissingNode();
                        default -> value.isMissingNode();
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    public static JsonNode labels(JsonNode object) {
        return object.path("metadata").path("labels");
    }

    /** A condition of {@code status.conditions}; a missing node where there is none. */
    public static JsonNode condition(JsonNode object, String type) {
        return object.path("status")
                .path("conditions")
                .valueStream()
                .filter(condition -> text(condition, "type").equals(type))
                .findFirst()
                .orElse(object.path("no such condition"));
    }

    public static boolean isTrue(JsonNode object, String condition) {
        return text(condition(object, condition), "status").equals("True");
    }

    /** Sets a condition in place, or appends it; {@code lastTransitionTime} moves only with the status. */
    public static void setCondition(
            ObjectNode status,
            String type,
            String value,
            String reason,
            String message,
            Instant now) {
        ArrayNode conditions = status.withArray("conditions");
        ObjectNode found = null;
        for (JsonNode condition : conditions) {
            if (text(condition, "type").equals(type)) {
                found = (ObjectNode) condition;
            }
        }
        ObjectNode condition = found != null ? found : conditions.addObject().put("type", type);
        if (found == null || !text(condition, "status").equals(value)) {
            condition.put("lastTransitionTime", time(now));
        }
        condition.put("status", value);
        put(condition, "reason", reason);
        put(condition, "message", message);
    }

    private static void put(ObjectNode node, String field, String text) {
        if (text.isEmpty()) {
            node.remove(field);
        } else {
            node.put(field, text);
        }
    }

    public static List<JsonNode> list(JsonNode array) {
        return array.valueStream().toList();
    }

    /** A number or a percentage of a total, as {@code maxSurge} is given. */
    public static int scaled(JsonNode value, int total, boolean roundUp) {
        String text = value.asString("0");
        if (!text.endsWith("%")) {
            return value.asInt(0);
        }
        double exact = Integer.parseInt(text.substring(0, text.length() - 1)) * total / 100.0;
        return (int) (roundUp ? Math.ceil(exact) : Math.floor(exact));
    }
}
