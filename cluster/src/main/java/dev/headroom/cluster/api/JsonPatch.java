package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One operation of a JSON patch (RFC 6902) on a tree of one's own. */
final class JsonPatch {
    private JsonPatch() {}

    static JsonNode apply(JsonNode document, JsonNode operation) {
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
                if (!at(document, path).equals(value)) {
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
        return Statuses.badRequest(
                "the server rejected our request due to an error in our request: " + why);
    }
}
