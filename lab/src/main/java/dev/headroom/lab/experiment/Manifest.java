package dev.headroom.lab.experiment;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One Kubernetes object of a manifest file, as it is written.
 *
 * @param line where it begins in the file, from 1; 0 where it is of no file
 * @param lines where each of its keys stands, by path ({@code spec.ports[0].port})
 */
public record Manifest(Path file, int line, ObjectNode object, Map<String, Integer> lines) {

    /** The line of a key, or of the nearest key around it that is there. */
    public int line(String key) {
        for (String path = key; !path.isEmpty(); path = parent(path)) {
            Integer found = lines.get(path);
            if (found != null) {
                return found;
            }
        }
        return line;
    }

    private static String parent(String path) {
        return path.substring(
                0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }

    public String apiVersion() {
        return object.path("apiVersion").asString("");
    }

    public String kind() {
        return object.path("kind").asString("");
    }

    public String name() {
        return object.path("metadata").path("name").asString("");
    }

    /** Null where the manifest leaves it to the context. */
    public @Nullable String namespace() {
        JsonNode namespace = object.path("metadata").path("namespace");
        return namespace.isString() ? namespace.stringValue() : null;
    }

    /** {@code Deployment/iris-api}. */
    public String title() {
        return kind() + "/" + name();
    }

    /** With file and line, for those who have to find it. */
    String place() {
        return title() + " in " + file() + ":" + line;
    }

    /** Whether two manifests stand in the same namespace, as far as they say. */
    boolean beside(Manifest other) {
        return java.util.Objects.equals(namespace(), other.namespace());
    }

    /** Whether every label of the selector is among these labels; an empty selector selects nothing. */
    static boolean selects(JsonNode selector, JsonNode labels) {
        if (!selector.isObject() || selector.isEmpty()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> entry : selector.properties()) {
            if (!entry.getValue().equals(labels.path(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
