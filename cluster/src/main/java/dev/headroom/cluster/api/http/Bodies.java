package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.schema.Decoder;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads what clients send: JSON or YAML, of the kind that the path names. */
final class Bodies {
    private static final class Yaml {
        static final YAMLMapper MAPPER = YAMLMapper.builder().build();
    }

    /** What is asked for first of every object, as Go prints the type. */
    private static final String KIND =
            "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

    private static final int SUMMARY_BYTES = 30;

    private Bodies() {}

    /**
     * A body as it was sent.
     *
     * @param duplicates fields that stood there twice, in a decoder's words; the last one counts
     */
    record Read(JsonNode tree, List<String> duplicates) {}

    /**
     * An object, by the body's content type.
     *
     * @param kind that it must be of, for what is said of one that cannot be read
     */
    static Read read(Request request, String kind) {
        Read read =
                parse(
                        request,
                        isYaml(request),
                        why -> unrecognized(request, kind, isYaml(request) ? why : unparsed(why)));
        JsonNode tree = read.tree();
        if (tree.isNull() || tree.isMissingNode()) {
            return new Read(Json.object(), List.of());
        }
        String mismatch = mismatch(tree);
        if (mismatch != null) {
            throw unrecognized(request, kind, unparsed("json: cannot unmarshal " + mismatch));
        }
        return read;
    }

    /** A patch: JSON whatever it is called, but for apply patches, which may be YAML. */
    static Read patch(Request request) {
        String prefix =
                switch (request.contentType()) {
                    case "application/apply-patch+yaml" -> "error decoding YAML: ";
                    case "application/strategic-merge-patch+json" -> "";
                    default -> "error decoding patch: ";
                };
        return parse(request, isYaml(request), why -> Statuses.badRequest(prefix + why));
    }

    private static boolean isYaml(Request request) {
        return switch (request.contentType()) {
            case "application/yaml", "application/apply-patch+yaml" -> !looksLikeJson(request);
            case "", "application/json" -> false;
            default -> {
                if (request.contentType().endsWith("-patch+json")) {
                    yield false;
                }
                throw Statuses.unknownFormat();
            }
        };
    }

    private static boolean looksLikeJson(Request request) {
        for (byte b : request.body()) {
            if (b > ' ') {
                return b == '{';
            }
        }
        return false;
    }

    private static Read parse(
            Request request, boolean yaml, Function<String, ApiException> refusal) {
        byte[] body = request.body();
        try {
            return yaml ? new Read(Yaml.MAPPER.readTree(body), List.of()) : JsonReader.read(body);
        } catch (JacksonException e) {
            String fault = yaml ? null : GoSyntax.fault(body);
            throw refusal.apply(
                    fault != null
                            ? fault
                            : (yaml ? "error converting YAML to JSON: yaml: " : "")
                                    + e.getOriginalMessage());
        }
    }

    private static String unparsed(String why) {
        return "couldn't get version/kind; json parse error: " + why;
    }

    private static ApiException unrecognized(Request request, String kind, String why) {
        return Statuses.badRequest(
                "the object provided is unrecognized (must be of type "
                        + kind
                        + "): "
                        + why
                        + " ("
                        + summary(request.body())
                        + ")");
    }

    /** The beginning of a body; in hexadecimal where it does not begin as JSON does. */
    private static String summary(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        byte[] shown = Arrays.copyOf(body, Math.min(body.length, SUMMARY_BYTES));
        return (body[0] == '{'
                        ? new String(shown, StandardCharsets.UTF_8)
                        : HexFormat.of().formatHex(shown))
                + (body.length > SUMMARY_BYTES ? " ..." : "");
    }

    /** What stands in the way of reading version and kind, and where; null for nothing. */
    private static @Nullable String mismatch(JsonNode tree) {
        if (!tree.isObject()) {
            return Decoder.word(tree) + " into Go value of type " + KIND;
        }
        for (String field : List.of("apiVersion", "kind")) {
            JsonNode value = tree.path(field);
            if (!value.isMissingNode() && !value.isNull() && !value.isString()) {
                return Decoder.word(value) + " into Go struct field ." + field + " of type string";
            }
        }
        return null;
    }

    static ObjectNode object(Read read) {
        return (ObjectNode) read.tree();
    }

    /** An object, held against the type that the path names. */
    static ObjectNode object(Read read, ResourceType type) {
        ObjectNode object = object(read);
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
