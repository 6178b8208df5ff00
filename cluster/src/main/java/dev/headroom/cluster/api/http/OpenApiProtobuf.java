package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * An OpenAPI v2 document in protobuf, the only form in which kubectl asks for it: before it sends an object of a kind that is not served, and
 * for {@code explain --output=plaintext-openapiv2}. The numbers are those of gnostic's {@code OpenAPIv2.proto}; what no client of
 * Kubernetes' reads (a parameter's type, a response's schema) is left out.
 */
final class OpenApiProtobuf {
    /** As upstream answers: the name by which it is asked for, {@code …v2@v1.0+protobuf}, is no media type. */
    static final String MEDIA_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private static final Map<String, Integer> OPERATIONS =
            Map.of("get", 2, "put", 3, "post", 4, "delete", 5, "patch", 8);

    private static final Map<String, Integer> TEXTS =
            Map.of("$ref", 1, "format", 2, "title", 3, "description", 4, "pattern", 13);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private OpenApiProtobuf() {}

    static byte[] of(JsonNode document) {
        return message(body -> {
            body.text(1, Json.text(document, "swagger"));
            JsonNode info = document.path("info");
            body.part(
                    2,
                    part -> {
                        part.text(1, Json.text(info, "title"));
                        part.text(2, Json.text(info, "version"));
                    });
            body.part(8, part -> part.named(2, document.path("paths"), OpenApiProtobuf::path));
            body.part(
                    9,
                    part -> part.named(1, document.path("definitions"), OpenApiProtobuf::schema));
        });
    }

    private static byte[] message(Consumer<OpenApiProtobuf> content) {
        OpenApiProtobuf message = new OpenApiProtobuf();
        content.accept(message);
        return message.out.toByteArray();
    }

    private interface Writer {
        void write(OpenApiProtobuf to, JsonNode value);
    }

    private static void path(OpenApiProtobuf to, JsonNode path) {
        OPERATIONS.forEach((method, number) -> {
            JsonNode operation = path.path(method);
            if (operation.isObject()) {
                to.part(number, part -> operation(part, operation));
            }
        });
    }

    private static void operation(OpenApiProtobuf to, JsonNode operation) {
        to.text(5, Json.text(operation, "operationId"));
        for (JsonNode parameter : operation.path("parameters")) {
            // A ParametersItem's Parameter, of that the NonBodyParameter, of that the query's.
            to.part(
                    8,
                    item ->
                            item.part(
                                    1,
                                    any ->
                                            any.part(
                                                    2,
                                                    other -> other.part(3, parameter(parameter)))));
        }
        extensions(to, 13, operation);
    }

    private static Consumer<OpenApiProtobuf> parameter(JsonNode parameter) {
        return to -> {
            to.text(2, Json.text(parameter, "in"));
            to.text(4, Json.text(parameter, "name"));
        };
    }

    private static void schema(OpenApiProtobuf to, JsonNode schema) {
        TEXTS.forEach((name, number) -> to.text(number, Json.text(schema, name)));
        Json.texts(schema.path("required")).forEach(name -> to.text(19, name));
        schema.path("enum").forEach(value -> to.part(20, part -> yaml(part, value)));
        JsonNode values = schema.path("additionalProperties");
        if (values.isObject()) {
            to.part(21, part -> part.part(1, inner -> schema(inner, values)));
        }
        String type = Json.text(schema, "type");
        if (!type.isEmpty()) {
            to.part(22, part -> part.text(1, type));
        }
        JsonNode items = schema.path("items");
        if (items.isObject()) {
            to.part(23, part -> part.part(1, inner -> schema(inner, items)));
        }
        JsonNode properties = schema.path("properties");
        if (properties.isObject()) {
            to.part(25, part -> part.named(1, properties, OpenApiProtobuf::schema));
        }
        extensions(to, 31, schema);
    }

    private static void extensions(OpenApiProtobuf to, int number, JsonNode of) {
        for (Map.Entry<String, JsonNode> entry : of.properties()) {
            if (entry.getKey().startsWith("x-")) {
                to.part(
                        number,
                        part -> {
                            part.text(1, entry.getKey());
                            part.part(2, any -> yaml(any, entry.getValue()));
                        });
            }
        }
    }

    /** JSON is YAML too. */
    private static void yaml(OpenApiProtobuf to, JsonNode value) {
        to.text(2, value.toString());
    }

    /** A list of names with their values. */
    private void named(int number, JsonNode values, Writer writer) {
        for (Map.Entry<String, JsonNode> entry : values.properties()) {
            part(
                    number,
                    part -> {
                        part.text(1, entry.getKey());
                        part.part(2, inner -> writer.write(inner, entry.getValue()));
                    });
        }
    }

    private void text(int number, String text) {
        if (!text.isEmpty()) {
            bytes(number, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void part(int number, Consumer<OpenApiProtobuf> content) {
        bytes(number, message(content));
    }

    private void bytes(int number, byte[] bytes) {
        varint(number << 3 | 2);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    private void varint(int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
