package dev.headroom.cluster.api.fields;

import dev.headroom.cluster.api.base.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What differs between two states of an object (structured-merge-diff, {@code typed.Compare}). */
final class Comparison {
    final FieldSet added = new FieldSet();
    final FieldSet modified = new FieldSet();
    final FieldSet removed = new FieldSet();

    Comparison(Shape shape, JsonNode before, JsonNode after) {
        compare(shape, before, after, new ArrayList<>());
    }

    private void compare(
            Shape shape, @Nullable JsonNode before, @Nullable JsonNode after, List<String> path) {
        // Two empty ones are compared as values, so that absence and emptiness stay apart.
        boolean leaf = !shape.hasParts() || isEmpty(before) && isEmpty(after);
        if (before == null) {
            added.add(path);
        } else if (after == null) {
            removed.add(path);
        } else if (leaf && !Json.same(before, after)) {
            modified.add(path);
        }
        if (leaf) {
            return;
        }
        if (shape.isList()) {
            parts(elements(shape, before), elements(shape, after), shape, path);
        } else {
            parts(fields(before), fields(after), shape, path);
        }
    }

    private static boolean isEmpty(@Nullable JsonNode node) {
        return node == null || node.isNull() || node.isContainer() && node.isEmpty();
    }

    private void parts(
            Map<String, JsonNode> before,
            Map<String, JsonNode> after,
            Shape shape,
            List<String> path) {
        Set<String> steps = new LinkedHashSet<>(before.keySet());
        steps.addAll(after.keySet());
        for (String step : steps) {
            Shape part = shape.isList() ? shape.element() : shape.field(step.substring(2));
            path.add(step);
            compare(part, before.get(step), after.get(step), path);
            path.removeLast();
        }
    }

    private static Map<String, JsonNode> fields(@Nullable JsonNode node) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        if (node != null) {
            node.properties().forEach(e -> fields.put("f:" + e.getKey(), e.getValue()));
        }
        return fields;
    }

    static Map<String, JsonNode> elements(Shape shape, @Nullable JsonNode list) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        if (list != null) {
            list.forEach(element -> elements.put(shape.step(element), element));
        }
        return elements;
    }

    /** Every place that an applied configuration states (structured-merge-diff, {@code ToFieldSet}). */
    static FieldSet stated(Shape shape, JsonNode value) {
        FieldSet set = new FieldSet();
        state(shape, value, set);
        return set;
    }

    private static void state(Shape shape, JsonNode value, FieldSet set) {
        if (!shape.hasParts()) {
            set.add();
        } else if (shape.isList()) {
            for (JsonNode element : value) {
                FieldSet child = set.child(shape.step(element));
                state(shape.element(), element, child);
                child.add();
            }
        } else {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                JsonNode inner = entry.getValue();
                FieldSet child = set.child("f:" + entry.getKey());
                state(shape.field(entry.getKey()), inner, child);
                boolean whole = inner.isNull() || inner.isObject() && inner.isEmpty();
                if (whole || !shape.isKnown(entry.getKey())) {
                    child.add();
                }
            }
        }
    }
}
