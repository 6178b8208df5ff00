package dev.headroom.cluster.api.patch;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.schema.Field;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.schema.StructType;
import dev.headroom.cluster.api.schema.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kubernetes' strategic merge patch: as a merge patch, but lists whose elements have a merge key are merged by it, and directives
 * ({@code $patch}, {@code $retainKeys}, {@code $setElementOrder/…}, {@code $deleteFromPrimitiveList/…}) say what else is to be done.
 */
public final class StrategicMergePatch {
    static final String PATCH = "$patch";
    static final String RETAIN = "$retainKeys";
    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
    private static final String ORDER = "$setElementOrder/";

    private final Schemas schemas;

    public StrategicMergePatch(Schemas schemas) {
        this.schemas = schemas;
    }

    /** A new tree: the target with the patch applied. */
    public ObjectNode apply(ObjectNode target, ObjectNode patch, String definition) {
        ObjectNode result = target.deepCopy();
        merge(result, patch, schemas.struct(definition));
        return result;
    }

    private void merge(ObjectNode target, ObjectNode patch, @Nullable StructType type) {
        switch (Json.text(patch, PATCH)) {
            case "replace" -> {
                target.removeAll();
                patch.properties().stream()
                        .filter(e -> !e.getKey().equals(PATCH))
                        .forEach(e -> target.set(e.getKey(), e.getValue().deepCopy()));
                return;
            }
            case "delete" -> {
                target.removeAll();
                return;
            }
            case "", "merge" -> {}
            default -> throw StrategicFaults.unknownDirective(patch);
        }
        if (patch.has(PATCH) && !patch.path(PATCH).isString()) {
            throw StrategicFaults.unknownDirective(patch);
        }
        StrategicFaults.checkRetained(patch);
        if (patch.path(RETAIN) instanceof ArrayNode kept) {
            Set<String> names = Set.copyOf(Json.texts(kept));
            for (String name : List.copyOf(target.propertyNames())) {
                if (!names.contains(name)) {
                    target.remove(name);
                }
            }
        }
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (name.startsWith(DELETE_FROM)) {
                if (target.path(name.substring(DELETE_FROM.length())) instanceof ArrayNode list) {
                    remove(list, value);
                }
            } else if (name.startsWith(ORDER)) {
                order(target, name.substring(ORDER.length()), value, type, patch);
            } else if (!name.equals(PATCH) && !name.equals(RETAIN)) {
                field(target, name, value, type, patch);
            }
        }
    }

    private void field(
            ObjectNode target,
            String name,
            JsonNode value,
            @Nullable StructType type,
            ObjectNode patch) {
        Field field = type == null ? null : type.field(name);
        if (value.isNull()) {
            target.remove(name);
        } else if (value instanceof ObjectNode changes) {
            boolean replaces = field != null && field.patchStrategies().contains("replace");
            if (replaces || !(target.path(name) instanceof ObjectNode)) {
                target.putObject(name);
            }
            merge(Json.ensure(target, name), changes, inner(field));
        } else if (value instanceof ArrayNode changes && field != null && merges(field)) {
            if (!(target.path(name) instanceof ArrayNode)) {
                target.putArray(name);
            }
            ArrayNode list = (ArrayNode) target.path(name);
            List<JsonNode> before = list.valueStream().toList();
            if (field.patchKey() == null) {
                values(list, changes);
            } else {
                elements(list, changes, field.patchKey(), element(field));
            }
            JsonNode order = patch.path(ORDER + name);
            StrategicFaults.checkOrder(changes, order, field.patchKey());
            sort(list, order.isMissingNode() ? changes : order, field.patchKey(), before);
        } else {
            target.set(name, value.deepCopy());
        }
    }

    private static boolean merges(Field field) {
        return field.patchStrategies().contains("merge");
    }

    private @Nullable StructType inner(@Nullable Field field) {
        return field != null && field.type() instanceof Type.Struct struct
                ? schemas.struct(struct)
                : null;
    }

    private @Nullable StructType element(Field field) {
        return field.type() instanceof Type.ListOf list
                        && list.element() instanceof Type.Struct struct
                ? schemas.struct(struct)
                : null;
    }

    private static void values(ArrayNode list, ArrayNode changes) {
        for (JsonNode value : changes) {
            if (list.valueStream().noneMatch(present -> Json.same(present, value))) {
                list.add(value);
            }
        }
    }

    private void elements(
            ArrayNode list, ArrayNode changes, String key, @Nullable StructType type) {
        if (changes.valueStream().anyMatch(e -> Json.text(e, PATCH).equals("replace"))) {
            list.removeAll();
        }
        for (JsonNode change : changes) {
            if (!(change instanceof ObjectNode element)) {
                throw StrategicFaults.mixed(list, changes);
            }
            String directive = Json.text(element, PATCH);
            if (directive.equals("replace")) {
                continue;
            }
            JsonNode wanted = element.path(key);
            StrategicFaults.checkKey(element, key);
            ObjectNode found = find(list, key, wanted);
            if (directive.equals("delete")) {
                while (found != null) {
                    removeSame(list, found);
                    found = find(list, key, wanted);
                }
            } else if (found != null) {
                merge(found, element, type);
            } else {
                merge(list.addObject(), element, type);
            }
        }
    }

    private static @Nullable ObjectNode find(ArrayNode list, String key, JsonNode wanted) {
        for (ObjectNode element : Json.objects(list)) {
            if (Json.same(element.path(key), wanted)) {
                return element;
            }
        }
        return null;
    }

    private static void removeSame(ArrayNode list, JsonNode element) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == element) {
                list.remove(i);
                return;
            }
        }
    }

    private static void remove(ArrayNode list, JsonNode values) {
        for (int i = list.size() - 1; i >= 0; i--) {
            JsonNode present = list.get(i);
            if (values.valueStream().anyMatch(value -> Json.same(value, present))) {
                list.remove(i);
            }
        }
    }

    /** An order alone, without changes of the list. */
    private static void order(
            ObjectNode target,
            String name,
            JsonNode order,
            @Nullable StructType type,
            ObjectNode patch) {
        Field field = type == null ? null : type.field(name);
        if (!patch.has(name) && field != null && target.path(name) instanceof ArrayNode list) {
            sort(list, order, field.patchKey(), list.valueStream().toList());
        }
    }

    /**
     * Puts a list into the order that is asked for. What that does not name stands before the first of those behind which it stood in the
     * list that was there; what is new goes before it.
     */
    private static void sort(
            ArrayNode list, JsonNode order, @Nullable String key, List<JsonNode> before) {
        List<JsonNode> rest = new ArrayList<>(list.valueStream().toList());
        List<JsonNode> named = new ArrayList<>();
        for (JsonNode wanted : order) {
            for (JsonNode element : List.copyOf(rest)) {
                if (same(element, wanted, key)) {
                    named.add(element);
                    rest.removeIf(other -> other == element);
                }
            }
        }
        list.removeAll();
        int next = 0;
        for (JsonNode element : named) {
            int place = index(before, element, key);
            while (next < rest.size()
                    && place >= 0
                    && index(before, rest.get(next), key) >= 0
                    && index(before, rest.get(next), key) < place) {
                list.add(rest.get(next++));
            }
            list.add(element);
        }
        rest.subList(next, rest.size()).forEach(list::add);
    }

    static boolean same(JsonNode a, JsonNode b, @Nullable String key) {
        return key == null ? Json.same(a, b) : Json.same(a.path(key), b.path(key));
    }

    private static int index(List<JsonNode> list, JsonNode element, @Nullable String key) {
        for (int i = 0; i < list.size(); i++) {
            if (same(list.get(i), element, key)) {
                return i;
            }
        }
        return -1;
    }
}
