package dev.headroom.cluster.api.base;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees as the API server handles them. Numbers that fit are ints, so that equal values are equal nodes. */
public final class Json {
    /** Deeper than any object of a served kind; shallow enough for the stack. */
    private static final int MAX_DEPTH = 200;

    public static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxNumberLength(100)
                                                    .build())
                                    .build())
                    .build();

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /** Orders nothing: says whether two value nodes stand for the same value, whatever the width of their numbers. */
    private static final Comparator<JsonNode> SAME =
            (a, b) -> {
                if (a.isNumber() && b.isNumber()) {
                    return a.isIntegralNumber() && b.isIntegralNumber()
                            ? Long.compare(a.longValue(), b.longValue())
                            : Double.compare(a.doubleValue(), b.doubleValue());
                }
                return a.equals(b) ? 0 : 1;
            };

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    public static JsonNode number(long value) {
        return value == (int) value
                ? JsonNodeFactory.instance.numberNode((int) value)
                : JsonNodeFactory.instance.numberNode(value);
    }

    public static void put(ObjectNode node, String field, long value) {
        node.set(field, number(value));
    }

    public static boolean same(@Nullable JsonNode a, @Nullable JsonNode b) {
        if (a == null || b == null) {
            return a == b;
        }
        return a == b || a.equals(SAME, b);
    }

    /** The node at the end of a path of fields; a missing node where there is none. */
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode at = node;
        for (String step : path) {
            at = at.path(step);
        }
        return at;
    }

    public static String text(JsonNode node, String... path) {
        JsonNode at = at(node, path);
        return at.isString() ? at.stringValue() : "";
    }

    public static long integer(JsonNode node, long absent, String... path) {
        JsonNode at = at(node, path);
        return at.isIntegralNumber() ? at.longValue() : absent;
    }

    public static boolean flag(JsonNode node, String... path) {
        JsonNode at = at(node, path);
        return at.isBoolean() && at.booleanValue();
    }

    /** Whether there is something at the path other than null. */
    public static boolean has(JsonNode node, String... path) {
        JsonNode at = at(node, path);
        return !at.isMissingNode() && !at.isNull();
    }

    /** The object under a field, made where there is none. */
    public static ObjectNode ensure(ObjectNode node, String field) {
        return node.path(field) instanceof ObjectNode found ? found : node.putObject(field);
    }

    public static List<ObjectNode> objects(JsonNode array) {
        return array.valueStream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }

    public static List<String> texts(JsonNode array) {
        return array.valueStream().filter(JsonNode::isString).map(JsonNode::stringValue).toList();
    }

    /** Sets a field where it is absent or null. */
    public static void defaultTo(ObjectNode node, String field, String value) {
        if (!has(node, field)) {
            node.put(field, value);
        }
    }

    public static void defaultTo(ObjectNode node, String field, long value) {
        if (!has(node, field)) {
            put(node, field, value);
        }
    }

    public static void defaultTo(ObjectNode node, String field, boolean value) {
        if (!has(node, field)) {
            node.put(field, value);
        }
    }

    /** Sets a field, or removes it where the value is null or missing. */
    public static void copy(ObjectNode to, String field, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
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

    public static String version(JsonNode object) {
        return text(object, "metadata", "resourceVersion");
    }

    public static ObjectNode metadata(ObjectNode object) {
        return ensure(object, "metadata");
    }

    /** An object as maps, lists, strings and numbers. */
    public static Map<String, Object> plain(ObjectNode object) {
        return MAPPER.convertValue(object, MAP);
    }

    /** An array likewise; empty where it is none. */
    public static List<?> plain(JsonNode array) {
        return array.isArray() ? MAPPER.convertValue(array, List.class) : List.of();
    }

    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }
}
