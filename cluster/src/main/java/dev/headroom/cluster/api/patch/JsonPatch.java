package dev.headroom.cluster.api.patch;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.schema.Decoder;
import dev.headroom.cluster.objects.ApiException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON patch (RFC 6902). */
public final class JsonPatch {
    /** As kube-apiserver bounds a patch. */
    private static final int MOST_OPERATIONS = 10_000;

    private JsonPatch() {}

    /** A new tree: the target with the operations applied, all or none. */
    public static ObjectNode apply(ObjectNode target, JsonNode operations) {
        if (!operations.isArray()) {
            throw Statuses.badRequest(
                    "error decoding patch: json: cannot unmarshal "
                            + Decoder.word(operations)
                            + " into Go value of type []handlers.jsonPatchOp");
        }
        if (operations.size() > MOST_OPERATIONS) {
            throw Statuses.tooLarge(MOST_OPERATIONS);
        }
        JsonNode result = target.deepCopy();
        for (JsonNode operation : operations) {
            result = step(result, operation);
        }
        if (result instanceof ObjectNode object) {
            return object;
        }
        throw failed("the document is no object any more");
    }

    private static JsonNode step(JsonNode document, JsonNode operation) {
        String path = operation.path("path").asString("");
        JsonNode value = operation.path("value");
        switch (operation.path("op").asString("")) {
            case "add" -> {
                return add(document, path, value);
            }
            case "remove" -> {
                remove(document, path);
                return document;
            }
            case "replace" -> {
                at(document, path);
                if (path.isEmpty()) {
                    return value;
                }
                remove(document, path);
                return add(document, path, value);
            }
            case "move" -> {
                JsonNode moved = at(document, operation.path("from").asString(""));
                remove(document, operation.path("from").asString(""));
                return add(document, path, moved);
            }
            case "copy" -> {
                return add(
                        document,
                        path,
                        at(document, operation.path("from").asString("")).deepCopy());
            }
            case "test" -> {
                if (!Json.same(at(document, path), value)) {
                    throw failed("testing value " + path + " failed");
                }
                return document;
            }
            default -> throw failed("unexpected kind: " + operation.path("op"));
        }
    }

    private static JsonNode at(JsonNode document, String path) {
        JsonNode found = path.isEmpty() ? document : document.at(path);
        if (found.isMissingNode()) {
            throw failed("the path \"" + path + "\" does not exist");
        }
        return found;
    }

    private static JsonNode add(JsonNode document, String path, JsonNode value) {
        if (path.isEmpty()) {
            return value;
        }
        String last = last(path);
        switch (at(document, path.substring(0, path.lastIndexOf('/')))) {
            case ObjectNode object -> object.set(last, value.deepCopy());
            case ArrayNode array -> {
                if (last.equals("-")) {
                    array.add(value.deepCopy());
                } else {
                    array.insert(index(last, array.size()), value.deepCopy());
                }
            }
            default -> throw failed("the path \"" + path + "\" leads into a plain value");
        }
        return document;
    }

    private static void remove(JsonNode document, String path) {
        at(document, path);
        switch (at(document, path.substring(0, path.lastIndexOf('/')))) {
            case ObjectNode object -> object.remove(last(path));
            case ArrayNode array -> array.remove(index(last(path), array.size() - 1));
            default -> throw failed("the path \"" + path + "\" leads into a plain value");
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    }

    private static int index(String text, int most) {
        try {
            int index = Integer.parseInt(text);
            if (index >= 0 && index <= most) {
                return index;
            }
        } catch (NumberFormatException notANumber) {
            throw failed("\"" + text + "\" is no index of a list");
        }
        throw failed("the index " + text + " is out of bounds");
    }

    private static ApiException failed(String why) {
        return Statuses.unprocessable(
                "the server rejected our request due to an error in our request: " + why);
    }
}
