package dev.headroom.cluster.api.patch;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.objects.ApiException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON patch (RFC 6902), as the library reads it that kube-apiserver uses (evanphx/json-patch v4): what an object has not is null, so that it may be replaced or
 * tested for, and an index may be counted from a list's end.
 */
public final class JsonPatch {
    /** As kube-apiserver bounds a patch. */
    private static final int MOST_OPERATIONS = 10_000;

    private JsonPatch() {}

    /**
     * A new tree: the target with the operations applied, all or none.
     *
     * @param operations an array of objects
     */
    public static JsonNode apply(ObjectNode target, JsonNode operations) {
        if (operations.size() > MOST_OPERATIONS) {
            throw Statuses.tooLarge(
                    "The allowed maximum operations in a JSON patch is "
                            + MOST_OPERATIONS
                            + ", got "
                            + operations.size());
        }
        JsonNode result = target.deepCopy();
        for (JsonNode operation : operations) {
            result = step(result, operation);
        }
        return result;
    }

    private static JsonNode step(JsonNode document, JsonNode operation) {
        JsonNode value = operation.path("value");
        String path = pointer(operation, "path");
        switch (Json.text(operation, "op")) {
            case "add" -> Spot.of(document, path).add(value);
            case "remove" -> Spot.of(document, path).remove();
            case "replace" -> {
                if (path.isEmpty()) {
                    return value.isContainer() ? value.deepCopy() : document;
                }
                Spot.of(document, path).replace(value);
            }
            case "move" -> {
                Spot from = Spot.of(document, pointer(operation, "from"));
                JsonNode moved = from.get();
                from.remove();
                Spot.of(document, path).add(moved);
            }
            case "copy" -> {
                JsonNode copied = Spot.of(document, pointer(operation, "from")).get();
                Spot.of(document, path).add(copied);
            }
            case "test" -> {
                JsonNode found = path.isEmpty() ? document : Spot.of(document, path).get();
                boolean nothing = found.isNull() && (value.isNull() || value.isMissingNode());
                if (!nothing && !Json.same(found, value)) {
                    throw failed();
                }
            }
            default -> throw failed();
        }
        return document;
    }

    private static String pointer(JsonNode operation, String member) {
        JsonNode pointer = operation.path(member);
        if (!pointer.isString()) {
            throw failed();
        }
        return pointer.stringValue();
    }

    /** The steps of a pointer (RFC 6901); empty for what points nowhere but at the whole. */
    static List<String> steps(String pointer) {
        List<String> parts = List.of(pointer.split("/", -1));
        return parts.subList(1, parts.size()).stream()
                .map(part -> part.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    /** A place in an object or a list, which may be empty. */
    private record Spot(JsonNode container, String key) {

        static Spot of(JsonNode document, String pointer) {
            List<String> steps = steps(pointer);
            if (steps.isEmpty()) {
                throw failed();
            }
            JsonNode container = document;
            for (String step : steps.subList(0, steps.size() - 1)) {
                container = new Spot(container, step).get();
                if (!container.isContainer()) {
                    throw failed();
                }
            }
            return new Spot(container, steps.getLast());
        }

        JsonNode get() {
            return container instanceof ArrayNode array
                    ? array.get(index(array.size() - 1))
                    : orNull(container.get(key));
        }

        void add(JsonNode value) {
            if (container instanceof ObjectNode object) {
                object.set(key, orNull(value).deepCopy());
            } else if (container instanceof ArrayNode array) {
                int at = key.equals("-") ? array.size() : index(array.size());
                array.insert(at, orNull(value).deepCopy());
            }
        }

        void replace(JsonNode value) {
            if (container instanceof ArrayNode array) {
                array.set(index(array.size() - 1), orNull(value).deepCopy());
            } else {
                add(value);
            }
        }

        void remove() {
            if (container instanceof ArrayNode array) {
                array.remove(index(array.size() - 1));
            } else if (!(container instanceof ObjectNode object && object.has(key))) {
                throw failed();
            } else {
                object.remove(key);
            }
        }

        /** A negative one counts from behind the largest. */
        private int index(int largest) {
            try {
                int index = Integer.parseInt(key);
                int counted = index < 0 ? index + largest + 1 : index;
                if (counted >= 0 && counted <= largest) {
                    return counted;
                }
            } catch (NumberFormatException notANumber) {
                throw failed();
            }
            throw failed();
        }

        private static JsonNode orNull(@Nullable JsonNode value) {
            return value == null || value.isMissingNode()
                    ? Objects.requireNonNull(Json.object().nullNode())
                    : value;
        }
    }

    private static ApiException failed() {
        return Statuses.unprocessable();
    }
}
