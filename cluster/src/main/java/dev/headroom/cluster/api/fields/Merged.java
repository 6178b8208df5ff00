package dev.headroom.cluster.api.fields;

import dev.headroom.cluster.api.base.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An object with an applied configuration merged into it, and with places taken out of it. Trees that are handed in are changed. */
final class Merged {
    private Merged() {}

    static void merge(Shape shape, ObjectNode target, ObjectNode applied) {
        for (Map.Entry<String, JsonNode> entry : applied.properties()) {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            Shape part = shape.field(name);
            if (part.hasParts()
                    && value instanceof ObjectNode object
                    && target.path(name) instanceof ObjectNode there) {
                merge(part, there, object);
            } else if (part.hasParts()
                    && value instanceof ArrayNode list
                    && target.path(name) instanceof ArrayNode there) {
                target.set(name, merge(part, there, list));
            } else {
                target.set(name, value.deepCopy());
            }
        }
    }

    /** The configuration's elements in its order; what others have put beside them keeps its place before the next. */
    private static ArrayNode merge(Shape shape, ArrayNode there, ArrayNode applied) {
        Map<String, JsonNode> old = Comparison.elements(shape, there);
        for (JsonNode element : applied) {
            String step = shape.step(element);
            JsonNode known = old.get(step);
            if (known instanceof ObjectNode object && element instanceof ObjectNode changes) {
                merge(shape.element(), object, changes);
            } else {
                old.put(step, element.deepCopy());
            }
        }
        ArrayNode merged = Json.array();
        old.values().forEach(merged::add);
        return merged;
    }

    /** Takes one place out, where it is not what an element that stays is known by. */
    static void remove(Shape shape, JsonNode object, List<String> path) {
        JsonNode at = object;
        Shape of = shape;
        List<String> keys = List.of();
        for (int i = 0; i < path.size(); i++) {
            String step = path.get(i);
            boolean last = i == path.size() - 1;
            if (step.startsWith("f:") && at instanceof ObjectNode parent) {
                String name = step.substring(2);
                if (last) {
                    if (!keys.contains(name)) {
                        parent.remove(name);
                    }
                    return;
                }
                keys = List.of();
                of = of.field(name);
                at = parent.path(name);
            } else if (at instanceof ArrayNode list && of.isList()) {
                int index = index(of, list, step);
                if (index < 0) {
                    return;
                }
                if (last) {
                    list.remove(index);
                    return;
                }
                keys = of.keys();
                of = of.element();
                at = list.get(index);
            } else {
                return;
            }
        }
    }

    private static int index(Shape shape, ArrayNode list, String step) {
        for (int i = 0; i < list.size(); i++) {
            if (shape.step(list.get(i)).equals(step)) {
                return i;
            }
        }
        return -1;
    }
}
