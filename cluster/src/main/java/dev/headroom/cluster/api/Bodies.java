package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what clients send: JSON or YAML, of the kind the path names, its unknown fields told of as {@code fieldValidation} asks. */
final class Bodies {
    private static final String ACCEPTED = "application/json, application/yaml";

    private Bodies() {}

    /**
     * An object as it was sent.
     *
     * @param warnings for a {@code Warning} header
     */
    record Decoded(ObjectNode object, List<String> warnings) {}

    static JsonNode tree(Request request) {
        String type = request.head("Content-Type").split(";")[0].strip();
        try {
            JsonNode tree =
                    switch (type) {
                        case "",
                                "application/json",
                                "application/json-patch+json",
                                "application/merge-patch+json",
                                "application/strategic-merge-patch+json" ->
                                Json.MAPPER.readTree(request.body());
                        case "application/yaml", "application/apply-patch+yaml" ->
                                Json.YAML.readTree(request.body());
                        default -> throw Statuses.unsupportedMediaType(ACCEPTED);
                    };
            if (tree == null || tree.isMissingNode()) {
                throw Statuses.badRequest("the request has no body");
            }
            return tree;
        } catch (JacksonException e) {
            throw Statuses.badRequest(
                    "the object provided is unrecognized (must be of type json or yaml): "
                            + e.getOriginalMessage());
        }
    }

    static ObjectNode object(Request request) {
        if (tree(request) instanceof ObjectNode object) {
            return object;
        }
        throw Statuses.badRequest("the object provided is unrecognized: it is no object");
    }

    static Decoded decode(Request request, Kind kind) {
        return validated(object(request), kind, request);
    }

    /** Holds an object against its kind; unknown fields are dropped. */
    static Decoded validated(ObjectNode object, Kind kind, Request request) {
        String version = Json.text(object, "apiVersion");
        String expected = kind.type().apiVersion();
        if (!version.isEmpty() && !version.equals(expected)) {
            throw Statuses.badRequest(
                    "the API version in the data ("
                            + version
                            + ") does not match the expected API version ("
                            + expected
                            + ")");
        }
        String given = Json.text(object, "kind");
        if (!given.isEmpty() && !given.equals(kind.type().kind())) {
            throw Statuses.badRequest(
                    given
                            + " in version \""
                            + kind.type().version()
                            + "\" cannot be handled as a "
                            + kind.type().kind());
        }
        object.put("apiVersion", expected).put("kind", kind.type().kind());
        List<String> unknown = FieldCheck.prune(object, kind.definition());
        List<String> warnings = new ArrayList<>();
        if (!unknown.isEmpty()) {
            String validation = request.parameter("fieldValidation");
            if ("Strict".equals(validation)) {
                throw strict(object, unknown);
            }
            if (!"Ignore".equals(validation)) {
                warnings.addAll(unknown);
            }
        }
        if (!kind.notEnforced().isEmpty()) {
            warnings.add(kind.notEnforced());
        }
        return new Decoded(object, warnings);
    }

    private static ApiException strict(ObjectNode object, List<String> unknown) {
        return FieldCheck.undecodable(
                object, "strict decoding error: " + String.join(", ", unknown));
    }
}
