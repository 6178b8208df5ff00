package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.objects.ResourceType;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads what clients send: JSON or YAML, of the kind that the path names. */
final class Bodies {
    private static final class Yaml {
        static final YAMLMapper MAPPER = YAMLMapper.builder().build();
    }

    private Bodies() {}

    /**
     * A body as it was sent.
     *
     * @param duplicates fields that stood there twice, in a decoder's words; the last one counts
     */
    record Read(JsonNode tree, List<String> duplicates) {}

    /** The body, by its content type; a patch's is JSON whatever it is called, but for apply patches, which may be YAML. */
    static Read read(Request request) {
        return switch (request.contentType()) {
            case "", "application/json" -> json(request);
            case "application/yaml", "application/apply-patch+yaml" -> yaml(request);
            default -> {
                if (request.contentType().endsWith("-patch+json")) {
                    yield json(request);
                }
                throw Statuses.unknownFormat();
            }
        };
    }

    private static Read json(Request request) {
        try {
            return JsonReader.read(request.body());
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    private static Read yaml(Request request) {
        for (byte b : request.body()) {
            if (b == '{') {
                return json(request);
            }
            if (b > ' ') {
                break;
            }
        }
        try {
            return new Read(Yaml.MAPPER.readTree(request.body()), List.of());
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    private static RuntimeException unreadable(JacksonException e) {
        return Statuses.badRequest("error decoding the request's body: " + e.getOriginalMessage());
    }

    static ObjectNode object(Read read) {
        if (read.tree() instanceof ObjectNode object) {
            return object;
        }
        throw Statuses.badRequest("the object provided is unrecognized: it is no object");
    }

    /** An object of the type that the path names. */
    static ObjectNode object(Read read, ResourceType type) {
        if (!(read.tree() instanceof ObjectNode object)) {
            throw Statuses.badRequest(
                    "the object provided is unrecognized (must be of type "
                            + type.kind()
                            + "): couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }");
        }
        checkType(object, type);
        return object;
    }

    static void checkType(ObjectNode object, ResourceType type) {
        String version = Json.text(object, "apiVersion");
        if (!version.isEmpty() && !version.equals(type.apiVersion())) {
            throw Statuses.badRequest(
                    "the API version in the data ("
                            + version
                            + ") does not match the expected API version ("
                            + type.apiVersion()
                            + ")");
        }
        String kind = Json.text(object, "kind");
        if (!kind.isEmpty() && !kind.equals(type.kind())) {
            throw Statuses.badRequest(
                    kind
                            + " in version \""
                            + type.version()
                            + "\" cannot be handled as a "
                            + type.kind()
                            + ": converting ("
                            + type.version()
                            + "."
                            + kind
                            + ") to ("
                            + (type.group().isEmpty() ? "core" : type.group())
                            + "."
                            + type.kind()
                            + "): unknown conversion");
        }
    }
}
