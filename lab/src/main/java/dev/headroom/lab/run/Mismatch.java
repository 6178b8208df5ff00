package dev.headroom.lab.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The first place at which a JSON tree is not what a record of this program holds, in words for those who have the file before them.
 *
 * @param key its path ({@code windows[3].at}); empty for the whole
 * @param words what was found there, and what is accepted
 */
record Mismatch(String key, String words) {
    private static final int LONGEST_SHOWN = 80;

    /** Null where the tree fits. */
    static @Nullable Mismatch in(JsonNode tree, Type type) {
        return of(tree, type, "");
    }

    private static @Nullable Mismatch of(JsonNode node, Type type, String key) {
        return switch (type) {
            case ParameterizedType p when List.class.equals(p.getRawType()) ->
                    node.isArray()
                            ? items(node, p.getActualTypeArguments()[0], key)
                            : wrong(node, type, key);
            case ParameterizedType p when Map.class.equals(p.getRawType()) ->
                    node.isObject()
                            ? values(node, p.getActualTypeArguments()[1], key)
                            : wrong(node, type, key);
            case Class<?> c when c.isArray() ->
                    node.isArray() ? items(node, c.getComponentType(), key) : wrong(node, c, key);
            case Class<?> c when c.isRecord() ->
                    node.isObject() ? components(node, c, key) : wrong(node, c, key);
            case Class<?> c when c.isAnnotationPresent(JsonSubTypes.class) ->
                    node.isObject() ? kinds(node, c, key) : wrong(node, c, key);
            case Class<?> c -> fits(node, c) ? null : wrong(node, c, key);
            default -> throw new IllegalStateException("no record holds a " + type);
        };
    }

    private static @Nullable Mismatch items(JsonNode list, Type type, String key) {
        for (int i = 0; i < list.size(); i++) {
            Mismatch mismatch = of(list.get(i), type, key + "[" + i + "]");
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }

    private static @Nullable Mismatch values(JsonNode mapping, Type type, String key) {
        for (Map.Entry<String, JsonNode> entry : mapping.properties()) {
            Mismatch mismatch = of(entry.getValue(), type, path(key, entry.getKey()));
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }

    private static @Nullable Mismatch components(JsonNode mapping, Class<?> type, String key) {
        for (RecordComponent component : type.getRecordComponents()) {
            JsonNode part = mapping.path(component.getName());
            boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (optional && (part.isMissingNode() || part.isNull())) {
                continue;
            }
            Mismatch mismatch =
                    of(part, component.getGenericType(), path(key, component.getName()));
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }

    /** One of several records, told apart by a key. */
    private static @Nullable Mismatch kinds(JsonNode mapping, Class<?> type, String key) {
        String property = type.getAnnotation(JsonTypeInfo.class).property();
        JsonNode kind = mapping.path(property);
        List<JsonSubTypes.Type> known = List.of(type.getAnnotation(JsonSubTypes.class).value());
        for (JsonSubTypes.Type each : known) {
            if (kind.isString() && kind.stringValue().equals(each.name())) {
                return of(mapping, each.value(), key);
            }
        }
        String accepted =
                known.stream().map(JsonSubTypes.Type::name).collect(Collectors.joining(", "));
        return new Mismatch(path(key, property), found(kind) + "; it takes one of " + accepted);
    }

    private static boolean fits(JsonNode node, Class<?> type) {
        if (JsonNode.class.isAssignableFrom(type)) {
            return !node.isMissingNode();
        }
        if (type.isEnum()) {
            return node.isString() && constants(type).anyMatch(node.stringValue()::equals);
        }
        return switch (type.getName()) {
            case "boolean", "java.lang.Boolean" -> node.isBoolean();
            case "int", "java.lang.Integer" -> node.isIntegralNumber() && node.canConvertToInt();
            case "long", "java.lang.Long" -> node.isIntegralNumber() && node.canConvertToLong();
            case "double", "java.lang.Double" ->
                    node.isNumber() && Double.isFinite(node.doubleValue());
            case "java.lang.String" -> node.isString();
            default -> throw new IllegalStateException("no record holds a " + type);
        };
    }

    private static Mismatch wrong(JsonNode node, Type type, String key) {
        return new Mismatch(key, found(node) + "; it takes " + accepted(type));
    }

    private static String found(JsonNode node) {
        if (node.isMissingNode()) {
            return "is missing";
        }
        return "found "
                + switch (node.getNodeType()) {
                    case NULL -> "null";
                    case OBJECT -> "a mapping";
                    case ARRAY -> "a list";
                    default -> shortened(node.toString());
                };
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN - 3) + "...";
    }

    private static String accepted(Type type) {
        if (!(type instanceof Class<?> c)) {
            return type instanceof ParameterizedType p && List.class.equals(p.getRawType())
                    ? "a list"
                    : "a mapping";
        }
        if (c.isEnum()) {
            return "one of " + constants(c).collect(Collectors.joining(", "));
        }
        return switch (c.getName()) {
            case "boolean", "java.lang.Boolean" -> "true or false";
            case "int", "java.lang.Integer", "long", "java.lang.Long" -> "a whole number";
            case "double", "java.lang.Double" -> "a number";
            case "java.lang.String" -> "a text";
            default -> {
                boolean mapping = c.isRecord() || c.isAnnotationPresent(JsonSubTypes.class);
                yield c.isArray() ? "a list" : mapping ? "a mapping" : "a value";
            }
        };
    }

    private static Stream<String> constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(c -> ((Enum<?>) c).name());
    }

    private static String path(String key, String name) {
        return key.isEmpty() ? name : key + "." + name;
    }
}
