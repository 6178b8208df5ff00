package dev.headroom.cluster.api.schema;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Quantity;
import dev.headroom.cluster.api.base.Times;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON as the Go type of a kind would: unknown fields are dropped (and named), a wrong type is refused in Go's words,
 * and what comes out is what Go would print of it: fields in order, zero values left out or filled in, quantities and times canonical.
 * For one object, by one thread.
 */
public final class Decoder {
    private final Schemas schemas;
    private final StructType root;
    private final List<String> unknown = new ArrayList<>();

    public Decoder(Schemas schemas, StructType root) {
        this.schemas = schemas;
        this.root = root;
    }

    /**
     * A copy of the object in its canonical form; {@link #unknown} then says what it leaves out.
     *
     * @throws Undecodable where a value is not of its field's type
     */
    public ObjectNode decode(ObjectNode object) {
        return struct(root, object, new Place(null, "", root, false));
    }

    /** What a strict decoder refuses: {@code unknown field "spec.foo"}. */
    public List<String> unknown() {
        return unknown;
    }

    /** Where in the object: for unknown fields with indexes, for type errors without. */
    private record Place(@Nullable Place parent, String step, StructType struct, boolean ofMap) {
        Place field(String name) {
            return new Place(this, name, struct, false);
        }

        /** A map's entry, whose key type errors do not tell. */
        Place entry(String key) {
            return new Place(this, key, struct, true);
        }

        Place in(StructType inner) {
            return new Place(parent, step, inner, ofMap);
        }

        String indexed() {
            if (parent == null) {
                return step;
            }
            String before = parent.indexed();
            return before.isEmpty() || step.startsWith("[") ? before + step : before + "." + step;
        }

        String plain() {
            if (parent == null) {
                return step;
            }
            String before = parent.plain();
            if (ofMap || step.startsWith("[")) {
                return before;
            }
            return before.isEmpty() ? step : before + "." + step;
        }
    }

    private ObjectNode struct(StructType type, ObjectNode in, Place place) {
        for (Map.Entry<String, JsonNode> entry : in.properties()) {
            if (type.field(entry.getKey()) == null) {
                unknown.add("unknown field \"" + place.field(entry.getKey()).indexed() + "\"");
            }
        }
        ObjectNode out = Json.object();
        for (Field field : type.fields().values()) {
            JsonNode value = in.get(field.name());
            if (value == null || value.isNull()) {
                if (!field.omitted()) {
                    out.set(field.name(), field.pointer() ? nothing() : zero(field.type()));
                }
                continue;
            }
            JsonNode decoded = value(field.type(), value, place.field(field.name()));
            if (!field.omitted() || field.pointer() || !isZero(decoded)) {
                out.set(field.name(), decoded);
            }
        }
        return out;
    }

    private static JsonNode nothing() {
        return JsonNodeFactory.instance.nullNode();
    }

    private JsonNode zero(Type type) {
        return switch (type) {
            case Type.Struct struct ->
                    struct(schemas.struct(struct), Json.object(), new Place(null, "", root, false));
            case Type.ListOf list -> nothing();
            case Type.MapOf map -> nothing();
            case Type.Any any -> nothing();
            case Type.Scalar scalar ->
                    switch (scalar) {
                        case STRING -> JsonNodeFactory.instance.stringNode("");
                        case INT32, INT64, DOUBLE, INT_OR_STRING -> Json.number(0);
                        case BOOLEAN -> JsonNodeFactory.instance.booleanNode(false);
                        case QUANTITY -> JsonNodeFactory.instance.stringNode("0");
                        case DURATION -> JsonNodeFactory.instance.stringNode("0s");
                        case BYTES, TIME, MICRO_TIME -> nothing();
                    };
        };
    }

    private static boolean isZero(JsonNode node) {
        if (node.isContainer()) {
            return node.isEmpty();
        }
        return node.isNull()
                || node.isString() && node.stringValue().isEmpty()
                || node.isNumber() && node.doubleValue() == 0
                || node.isBoolean() && !node.booleanValue();
    }

    private JsonNode value(Type type, JsonNode value, Place place) {
        return switch (type) {
            case Type.Struct struct -> {
                StructType inner = schemas.struct(struct);
                if (!(value instanceof ObjectNode object)) {
                    throw mismatch(
                            value,
                            place,
                            inner.goName(),
                            "cannot restore struct from: " + GoWords.kind(value));
                }
                yield struct(inner, object, place.in(inner));
            }
            case Type.ListOf list -> list(list, value, place);
            case Type.MapOf map -> map(map, value, place);
            case Type.Any any -> value.deepCopy();
            case Type.Scalar scalar -> scalar(scalar, value, place);
        };
    }

    private JsonNode list(Type.ListOf type, JsonNode value, Place place) {
        if (!value.isArray()) {
            throw mismatch(
                    value, place, go(type), "cannot restore slice from " + GoWords.kind(value));
        }
        ArrayNode out = Json.array();
        for (int i = 0; i < value.size(); i++) {
            JsonNode element = value.get(i);
            Place at = place.field("[" + i + "]");
            out.add(element.isNull() ? zero(type.element()) : value(type.element(), element, at));
        }
        return out;
    }

    private JsonNode map(Type.MapOf type, JsonNode value, Place place) {
        if (!value.isObject()) {
            throw mismatch(
                    value, place, go(type), "cannot restore map from " + GoWords.kind(value));
        }
        ObjectNode out = Json.object();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            JsonNode element = entry.getValue();
            out.set(
                    entry.getKey(),
                    element.isNull()
                            ? zero(type.value())
                            : value(type.value(), element, place.entry(entry.getKey())));
        }
        return out;
    }

    private JsonNode scalar(Type.Scalar type, JsonNode value, Place place) {
        return switch (type) {
            case STRING -> {
                if (!value.isString()) {
                    String converted =
                            GoWords.kind(value).equals("int64")
                                    ? "cannot convert int64 to string"
                                    : unrecognized(type);
                    throw mismatch(value, place, type.go(), converted);
                }
                yield value;
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    throw mismatch(value, place, type.go(), unrecognized(type));
                }
                yield value;
            }
            case INT32, INT64 -> integer(type, value, place);
            case DOUBLE -> {
                if (!value.isNumber()) {
                    throw mismatch(value, place, type.go(), unrecognized(type));
                }
                yield value;
            }
            case INT_OR_STRING -> {
                if (!value.isString() && !value.isNumber()) {
                    throw mismatch(
                            value, place, Type.Scalar.INT32.go(), into(value, Type.Scalar.INT32));
                }
                yield value.isString() ? value : integer(Type.Scalar.INT32, value, place);
            }
            case QUANTITY -> quantity(value);
            case BYTES -> bytes(value, place);
            case TIME, MICRO_TIME -> time(type, value, place);
            case DURATION -> {
                if (!value.isString()) {
                    throw mismatch(value, place, "string", into(value, Type.Scalar.STRING));
                }
                yield value;
            }
        };
    }

    private JsonNode integer(Type.Scalar type, JsonNode value, Place place) {
        if (!value.isNumber()) {
            throw mismatch(value, place, type.go(), unrecognized(type));
        }
        boolean fits =
                type == Type.Scalar.INT32 ? value.canConvertToInt() : value.canConvertToLong();
        if (!fits || !value.canConvertToExactIntegral()) {
            // Upstream's converter takes a number that is too large, and keeps its lower bits.
            String converted =
                    value.canConvertToExactIntegral()
                            ? "number " + value.asString() + " does not fit into " + type.go()
                            : "cannot convert float64 to " + type.go();
            throw unmarshal("number " + value.asString(), place, type.go(), converted);
        }
        return Json.number(value.longValue());
    }

    private JsonNode quantity(JsonNode value) {
        if (!value.isString() && !value.isNumber()) {
            throw refuse(Quantity.INVALID);
        }
        try {
            String canonical = Quantity.parse(value.asString()).toString();
            return JsonNodeFactory.instance.stringNode(canonical);
        } catch (NumberFormatException e) {
            throw refuse(Quantity.INVALID);
        }
    }

    private JsonNode bytes(JsonNode value, Place place) {
        if (!value.isString()) {
            throw mismatch(
                    value, place, "[]uint8", "cannot restore slice from " + GoWords.kind(value));
        }
        String text = value.stringValue();
        try {
            byte[] decoded = Base64.getMimeDecoder().decode(text);
            String again = Base64.getEncoder().encodeToString(decoded);
            if (!again.equals(text.replace("\n", "").replace("\r", ""))) {
                throw refuse("illegal base64 data at input byte " + illegalBase64(text));
            }
            return JsonNodeFactory.instance.stringNode(again);
        } catch (IllegalArgumentException e) {
            throw refuse("illegal base64 data at input byte " + illegalBase64(text));
        }
    }

    /** Where Go's decoder stops: at the first byte out of the alphabet, else at the end. */
    private static int illegalBase64(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean legal =
                    c >= 'a' && c <= 'z'
                            || c >= 'A' && c <= 'Z'
                            || c >= '0' && c <= '9'
                            || "+/\r\n".indexOf(c) >= 0;
            if (!legal) {
                return i;
            }
        }
        return text.length() / 4 * 4;
    }

    private JsonNode time(Type.Scalar type, JsonNode value, Place place) {
        if (!value.isString()) {
            throw mismatch(value, place, "string", into(value, Type.Scalar.STRING));
        }
        String text = value.stringValue();
        try {
            String canonical =
                    type == Type.Scalar.TIME
                            ? Times.seconds(Times.parse(text))
                            : Times.micros(Times.parse(text));
            return JsonNodeFactory.instance.stringNode(canonical);
        } catch (DateTimeException e) {
            throw refuse(
                    "parsing time \""
                            + text
                            + "\" as \"2006-01-02T15:04:05"
                            + (type == Type.Scalar.TIME ? "" : ".000000")
                            + "Z07:00\": cannot parse \""
                            + text
                            + "\" as \"2006\"");
        }
    }

    private static String unrecognized(Type.Scalar type) {
        return "unrecognized type: " + type.go();
    }

    /** Of types that read themselves: from JSON, but without knowing where they are. */
    private static String into(JsonNode value, Type.Scalar type) {
        return GoWords.into(value, type.go());
    }

    private static Undecodable mismatch(JsonNode value, Place place, String go, String converted) {
        return unmarshal(GoWords.word(value), place, go, converted);
    }

    private static Undecodable unmarshal(String found, Place place, String go, String converted) {
        return new Undecodable(
                GoWords.intoField(found, place.struct().shortName() + "." + place.plain(), go),
                converted);
    }

    private static Undecodable refuse(String why) {
        return new Undecodable(why);
    }

    private String go(Type type) {
        return switch (type) {
            case Type.Struct struct -> schemas.struct(struct).goName();
            case Type.ListOf list -> "[]" + go(list.element());
            case Type.MapOf map -> "map[string]" + go(map.value());
            case Type.Any any -> "interface {}";
            case Type.Scalar scalar -> scalar.go();
        };
    }
}
