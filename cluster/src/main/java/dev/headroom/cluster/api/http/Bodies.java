package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.schema.GoWords;
import dev.headroom.cluster.api.schema.Schemas;
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

    static final String NO_TYPE = "couldn't get version/kind; json parse error: ";

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
            throw unrecognized(request, kind, unparsed(mismatch));
        }
        return read;
    }

    /** A configuration for server-side apply: YAML, which JSON is too. */
    static Read configuration(Request request) {
        Read read =
                parse(
                        request,
                        isYaml(request),
                        why -> Statuses.badRequest("error decoding YAML: " + why));
        JsonNode tree = read.tree();
        if (tree.isNull() || tree.isMissingNode()) {
            return new Read(Json.object(), List.of());
        }
        if (!tree.isObject()) {
            throw Statuses.badRequest(
                    "error decoding YAML: error unmarshaling JSON: while decoding JSON: "
                            + GoWords.into(tree, "map[string]interface {}"));
        }
        return read;
    }

    private static boolean isYaml(Request request) {
        return switch (request.contentType()) {
            case "application/yaml", "application/apply-patch+yaml" -> !looksLikeJson(request);
            case "", "application/json" -> false;
            default -> throw Statuses.unknownFormat();
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

    static Read parse(Request request, boolean yaml, Function<String, ApiException> refusal) {
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
        return NO_TYPE + why;
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
    static @Nullable String mismatch(JsonNode tree) {
        if (!tree.isObject()) {
            return GoWords.into(tree, KIND);
        }
        for (String field : List.of("apiVersion", "kind")) {
            JsonNode value = tree.path(field);
            if (!value.isMissingNode() && !value.isNull() && !value.isString()) {
                return GoWords.intoField(GoWords.word(value), "." + field, "string");
            }
        }
        return null;
    }

    static ObjectNode object(Read read) {
        return (ObjectNode) read.tree();
    }

    /** An object, held against the type that the path names. */
    static ObjectNode object(Read read, ResourceType type, Schemas schemas) {
        ObjectNode object = object(read);
        ApiException refusal = TypeMeta.of(object, type).refusal(type, schemas);
        if (refusal != null) {
            throw refusal;
        }
        return object;
    }
}
