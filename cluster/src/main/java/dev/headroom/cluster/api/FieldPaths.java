package dev.headroom.cluster.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of an object as server-side apply counts them (KEP-555): a path is a list of steps in the notation of {@code fieldsV1},
 * {@code f:name} for a field, {@code k:{…}} for an element of an associative list, {@code v:…} for a value of a set, and {@code .} for the
 * element itself.
 */
final class FieldPaths {
    private static final Set<String> NEVER_OWNED =
            Set.of(
                    "name",
                    "namespace",
                    "uid",
                    "resourceVersion",
                    "creationTimestamp",
                    "generation",
                    "managedFields",
                    "selfLink",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "generateName");

    private FieldPaths() {}

    /** Every field that an owner can own, with its value. */
    static Map<List<String>, JsonNode> leaves(ObjectNode object, JsonNode schema) {
        Map<List<String>, JsonNode> found = new LinkedHashMap<>();
        for (var entry : object.properties()) {
            String name = entry.getKey();
            if (name.equals("apiVersion") || name.equals("kind")) {
                continue;
            }
            JsonNode value = entry.getValue();
            if (name.equals("metadata") && value instanceof ObjectNode metadata) {
                ObjectNode owned = metadata.deepCopy();
                owned.remove(NEVER_OWNED);
                if (owned.isEmpty()) {
                    continue;
                }
                value = owned;
            }
            collect(found, List.of("f:" + name), value, Schemas.property(schema, name));
        }
        return found;
    }

    private static void collect(
            Map<List<String>, JsonNode> found,
            List<String> path,
            JsonNode value,
            JsonNode property) {
        JsonNode schema = Schemas.resolve(property);
        if (value instanceof ObjectNode object
                && !object.isEmpty()
                && Schemas.isObject(schema)
                && !Schemas.isAtomic(property, schema)) {
            for (var entry : object.properties()) {
                collect(
                        found,
                        with(path, "f:" + entry.getKey()),
                        entry.getValue(),
                        Schemas.property(schema, entry.getKey()));
            }
        } else if (value instanceof ArrayNode list && !Schemas.listKeys(property).isEmpty()) {
            for (JsonNode item : list) {
                if (item instanceof ObjectNode element) {
                    collectElement(found, path, element, property);
                }
            }
        } else if (value instanceof ArrayNode list && Schemas.isSet(property)) {
            list.forEach(item ->
                    found.put(with(path, "v:" + Json.MAPPER.writeValueAsString(item)), item));
        } else {
            found.put(path, value);
        }
    }

    private static void collectElement(
            Map<List<String>, JsonNode> found,
            List<String> path,
            ObjectNode element,
            JsonNode property) {
        JsonNode items = Schemas.resolve(Schemas.resolve(property).path("items"));
        ObjectNode key = keyOf(element, property);
        List<String> at = with(path, "k:" + Json.MAPPER.writeValueAsString(key));
        found.put(with(at, "."), key);
        for (var entry : element.properties()) {
            collect(
                    found,
                    with(at, "f:" + entry.getKey()),
                    entry.getValue(),
                    Schemas.property(items, entry.getKey()));
        }
    }

    /** An element's key fields, with the schema's defaults for those it leaves out. */
    static ObjectNode keyOf(ObjectNode element, JsonNode property) {
        JsonNode items = Schemas.resolve(Schemas.resolve(property).path("items"));
        ObjectNode key = Json.object();
        for (String name : Schemas.listKeys(property)) {
            JsonNode value = element.path(name);
            if (value.isMissingNode()) {
                value = items.path("properties").path(name).path("default");
            }
            if (!value.isMissingNode()) {
                key.set(name, value);
            }
        }
        return key;
    }

    private static List<String> with(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path.size() + 1);
        longer.addAll(path);
        longer.add(step);
        return List.copyOf(longer);
    }

    /** The tree of {@code fieldsV1}. */
    static ObjectNode tree(Set<List<String>> paths) {
        ObjectNode root = Json.object();
        for (List<String> path : paths) {
            ObjectNode at = root;
            for (String step : path) {
                at = Json.ensure(at, step);
            }
        }
        return root;
    }

    static Set<List<String>> paths(JsonNode tree) {
        Set<List<String>> found = new LinkedHashSet<>();
        walk(found, List.of(), tree);
        return found;
    }

    private static void walk(Set<List<String>> found, List<String> path, JsonNode tree) {
        if (tree.isEmpty()) {
            if (!path.isEmpty()) {
                found.add(path);
            }
            return;
        }
        tree.properties()
                .forEach(entry -> walk(found, with(path, entry.getKey()), entry.getValue()));
    }

    /** A path as a conflict names it: {@code .spec.template.spec.containers[name="web"].image}. */
    static String text(List<String> path) {
        StringBuilder text = new StringBuilder();
        for (String step : path) {
            String rest = step.length() > 2 ? step.substring(2) : "";
            if (step.startsWith("f:")) {
                text.append('.').append(rest);
            } else if (step.startsWith("k:")) {
                List<String> keys = new ArrayList<>();
                Json.MAPPER
                        .readTree(rest)
                        .properties()
                        .forEach(key -> keys.add(key.getKey() + "=" + key.getValue()));
                text.append('[').append(String.join(",", keys)).append(']');
            } else if (step.startsWith("v:")) {
                text.append("[=").append(rest).append(']');
            }
        }
        return text.toString();
    }

    /** Removes the field at a path, if it is there. */
    static void remove(ObjectNode object, List<String> path) {
        JsonNode parent = null;
        JsonNode at = object;
        int last = path.size() - 1;
        boolean element = path.get(last).equals(".");
        for (int i = 0; i < (element ? last : path.size()) && at != null; i++) {
            parent = at;
            at = step(at, path.get(i));
        }
        if (at == null || parent == null) {
            return;
        }
        if (parent instanceof ObjectNode fields) {
            fields.remove(path.get(last).substring(2));
        } else if (parent instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) == at) {
                    list.remove(i);
                    return;
                }
            }
        }
    }

    private static @Nullable JsonNode step(JsonNode at, String step) {
        String rest = step.substring(2);
        if (step.startsWith("f:")) {
            return at.get(rest);
        }
        JsonNode wanted = Json.MAPPER.readTree(rest);
        for (JsonNode item : at) {
            boolean same =
                    step.startsWith("v:")
                            ? item.equals(wanted)
                            : wanted.properties().stream()
                                    .allMatch(key ->
                                            item.path(key.getKey()).isMissingNode()
                                                    || item.path(key.getKey())
                                                            .equals(key.getValue()));
            if (same) {
                return item;
            }
        }
        return null;
    }
}
