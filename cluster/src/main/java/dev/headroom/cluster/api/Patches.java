package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The three patches that change a tree: JSON (RFC 6902), merge (RFC 7386) and Kubernetes' strategic merge. */
final class Patches {
    private static final String DIRECTIVE = "$patch";
    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
    private static final String ORDER = "$setElementOrder/";
    private static final String RETAIN = "$retainKeys";

    private Patches() {}

    /** RFC 7386; {@code target} is not changed. */
    static JsonNode merge(@Nullable JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode result = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
        for (var entry : changes.properties()) {
            if (entry.getValue().isNull()) {
                result.remove(entry.getKey());
            } else {
                result.set(entry.getKey(), merge(result.get(entry.getKey()), entry.getValue()));
            }
        }
        return result;
    }

    /** RFC 6902; {@code target} is not changed. */
    static JsonNode json(ObjectNode target, JsonNode operations) {
        JsonNode result = target.deepCopy();
        for (JsonNode operation : operations) {
            result = JsonPatch.apply(result, operation);
        }
        return result;
    }

    /** Kubernetes' strategic merge, by the schema's merge keys; {@code target} is not changed. */
    static ObjectNode strategic(ObjectNode target, ObjectNode patch, JsonNode schema) {
        ObjectNode result = target.deepCopy();
        mergeObject(result, patch, schema);
        return result;
    }

    private static void mergeObject(ObjectNode target, ObjectNode patch, JsonNode schema) {
        String directive = patch.path(DIRECTIVE).asString("");
        if (directive.equals("replace")) {
            target.removeAll();
            patch.properties().stream()
                    .filter(entry -> !entry.getKey().startsWith("$"))
                    .forEach(entry -> target.set(entry.getKey(), entry.getValue().deepCopy()));
            return;
        }
        if (directive.equals("delete")) {
            target.removeAll();
            return;
        }
        if (patch.path(RETAIN) instanceof ArrayNode kept) {
            List<String> names = new ArrayList<>();
            kept.forEach(name -> names.add(name.asString()));
            new ArrayList<>(target.propertyNames())
                    .stream().filter(name -> !names.contains(name)).forEach(target::remove);
        }
        for (var entry : patch.properties()) {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (name.startsWith(DELETE_FROM)) {
                removeValues(target.path(name.substring(DELETE_FROM.length())), value);
            } else if (name.startsWith("$")) {
                continue;
            } else if (value.isNull()) {
                target.remove(name);
            } else {
                mergeField(target, name, value, Schemas.property(schema, name), patch);
            }
        }
    }

    private static void mergeField(
            ObjectNode target, String name, JsonNode value, JsonNode property, ObjectNode patch) {
        JsonNode schema = Schemas.resolve(property);
        if (value instanceof ObjectNode changes) {
            if (target.path(name) instanceof ObjectNode existing) {
                mergeObject(existing, changes, schema);
            } else {
                ObjectNode fresh = target.putObject(name);
                mergeObject(fresh, changes, schema);
            }
        } else if (value instanceof ArrayNode changes
                && target.path(name) instanceof ArrayNode list) {
            String key = Schemas.mergeKey(property);
            if (key != null) {
                mergeList(list, changes, key, Schemas.resolve(schema.path("items")));
                order(list, patch.path(ORDER + name), key);
            } else if (Schemas.mergesValues(property)) {
                changes.forEach(item -> {
                    if (!contains(list, item)) {
                        list.add(item);
                    }
                });
            } else {
                target.set(name, value.deepCopy());
            }
        } else if (value instanceof ArrayNode changes && Schemas.mergeKey(property) != null) {
            ArrayNode fresh = target.putArray(name);
            mergeList(
                    fresh,
                    changes,
                    java.util.Objects.requireNonNull(Schemas.mergeKey(property)),
                    Schemas.resolve(schema.path("items")));
        } else {
            target.set(name, value.deepCopy());
        }
    }

    private static void mergeList(ArrayNode list, ArrayNode changes, String key, JsonNode schema) {
        for (JsonNode change : changes) {
            if (change.path(DIRECTIVE).asString("").equals("replace")) {
                list.removeAll();
            }
        }
        for (JsonNode change : changes) {
            if (!(change instanceof ObjectNode element)
                    || element.path(DIRECTIVE).asString("").equals("replace")) {
                continue;
            }
            JsonNode wanted = element.path(key);
            if (wanted.isMissingNode()) {
                throw Statuses.badRequest(
                        "map: "
                                + Json.MAPPER.writeValueAsString(element)
                                + " does not contain declared merge key: "
                                + key);
            }
            ObjectNode found = find(list, key, wanted);
            if (element.path(DIRECTIVE).asString("").equals("delete")) {
                if (found != null) {
                    removeIdentity(list, found);
                }
            } else if (found != null) {
                mergeObject(found, element, schema);
            } else {
                mergeObject(list.addObject(), element, schema);
            }
        }
    }

    private static @Nullable ObjectNode find(ArrayNode list, String key, JsonNode wanted) {
        for (JsonNode item : list) {
            if (item instanceof ObjectNode object && object.path(key).equals(wanted)) {
                return object;
            }
        }
        return null;
    }

    private static void removeIdentity(ArrayNode list, JsonNode item) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == item) {
                list.remove(i);
                return;
            }
        }
    }

    /** Puts a list into the order the patch asks for; what it does not name keeps its place at the end. */
    private static void order(ArrayNode list, JsonNode wanted, String key) {
        if (!(wanted instanceof ArrayNode order)) {
            return;
        }
        List<JsonNode> rest = new ArrayList<>();
        list.forEach(rest::add);
        List<JsonNode> sorted = new ArrayList<>();
        for (JsonNode item : order) {
            ObjectNode found = find(list, key, item.path(key));
            if (found != null) {
                sorted.add(found);
                rest.removeIf(other -> other == found);
            }
        }
        sorted.addAll(rest);
        list.removeAll();
        sorted.forEach(list::add);
    }

    private static void removeValues(JsonNode list, JsonNode values) {
        if (list instanceof ArrayNode array && values instanceof ArrayNode removed) {
            for (Iterator<JsonNode> items = array.iterator(); items.hasNext(); ) {
                if (contains(removed, items.next())) {
                    items.remove();
                }
            }
        }
    }

    private static boolean contains(ArrayNode list, JsonNode item) {
        for (JsonNode other : list) {
            if (other.equals(item)) {
                return true;
            }
        }
        return false;
    }

    /** A patch that could be read but not applied. */
    static ApiException unprocessable(String message) {
        return Statuses.badRequest(message);
    }
}
