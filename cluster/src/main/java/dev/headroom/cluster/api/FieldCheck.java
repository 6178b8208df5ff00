package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds an object against its schema as upstream's decoder does: a value of the wrong type is refused, an unknown field is dropped and
 * told of ({@code fieldValidation} then decides whether that is an error, a warning or nothing).
 */
final class FieldCheck {
    private final List<String> unknown = new ArrayList<>();
    private final String kind;
    private final String version;

    private FieldCheck(String kind, String version) {
        this.kind = kind;
        this.version = version;
    }

    /**
     * Drops unknown fields from the object in place.
     *
     * @return what was dropped, in the decoder's words: {@code unknown field "spec.foo"}
     * @throws ApiException BadRequest where a value has the wrong type
     */
    static List<String> prune(ObjectNode object, String definition) {
        FieldCheck check =
                new FieldCheck(
                        Json.text(object, "kind"), versionOf(Json.text(object, "apiVersion")));
        check.object(object, Schemas.definition(definition), "", check.kind);
        return check.unknown;
    }

    private static String versionOf(String apiVersion) {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    /** What upstream says when the decoding of an object fails. */
    static ApiException undecodable(ObjectNode object, String why) {
        String kind = Json.text(object, "kind");
        return Statuses.badRequest(
                kind
                        + " in version \""
                        + versionOf(Json.text(object, "apiVersion"))
                        + "\" cannot be handled as a "
                        + kind
                        + ": "
                        + why);
    }

    private void object(ObjectNode object, JsonNode schema, String path, String type) {
        if (!schema.has("properties") && !schema.has("additionalProperties")) {
            return; // free content
        }
        List<String> names = new ArrayList<>(object.propertyNames());
        for (String name : names) {
            JsonNode property = Schemas.property(schema, name);
            String at = path.isEmpty() ? name : path + "." + name;
            if (property.isMissingNode()) {
                unknown.add("unknown field \"" + at + "\"");
                object.remove(name);
            } else {
                value(object.path(name), property, at, type + "." + at);
            }
        }
    }

    private void value(JsonNode value, JsonNode property, String path, String goField) {
        if (value.isNull()) {
            return;
        }
        JsonNode schema = Schemas.resolve(property);
        if (schema.has("oneOf") || schema.path("format").asString("").equals("int-or-string")) {
            expect(value.isString() || value.isNumber(), value, goField, "string");
            return;
        }
        switch (schema.path("type").asString("")) {
            case "object" -> {
                expect(value.isObject(), value, goField, goType(property));
                object((ObjectNode) value, schema, path, typeName(property));
            }
            case "array" -> {
                expect(value.isArray(), value, goField, "[]" + goType(schema.path("items")));
                ArrayNode array = (ArrayNode) value;
                for (int i = 0; i < array.size(); i++) {
                    value(array.get(i), schema.path("items"), path + "[" + i + "]", goField);
                }
            }
            case "string" ->
                    expect(
                            value.isString() || (isQuantity(property) && value.isNumber()),
                            value,
                            goField,
                            "string");
            case "integer" ->
                    expect(
                            value.isIntegralNumber(),
                            value,
                            goField,
                            schema.path("format").asString("int32"));
            case "number" -> expect(value.isNumber(), value, goField, "float64");
            case "boolean" -> expect(value.isBoolean(), value, goField, "bool");
            default -> {}
        }
    }

    private static boolean isQuantity(JsonNode property) {
        return typeName(property).equals("Quantity");
    }

    private static String goType(JsonNode property) {
        String name = typeName(property);
        return name.isEmpty() ? Schemas.resolve(property).path("type").asString("") : "v1." + name;
    }

    private static String typeName(JsonNode property) {
        String reference =
                property.path("$ref")
                        .asString(property.path("allOf").path(0).path("$ref").asString(""));
        return reference.substring(reference.lastIndexOf('.') + 1);
    }

    private void expect(boolean fits, JsonNode value, String field, String type) {
        if (!fits) {
            String found =
                    value.isString()
                            ? "string"
                            : value.isNumber()
                                    ? "number"
                                    : value.isBoolean()
                                            ? "bool"
                                            : value.isArray() ? "array" : "object";
            throw Statuses.badRequest(
                    kind
                            + " in version \""
                            + version
                            + "\" cannot be handled as a "
                            + kind
                            + ": json: cannot unmarshal "
                            + found
                            + " into Go struct field "
                            + field
                            + " of type "
                            + type);
        }
    }
}
