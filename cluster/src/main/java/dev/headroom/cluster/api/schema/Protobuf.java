package dev.headroom.cluster.api.schema;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.base.Times;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads objects from Kubernetes' protobuf, in which kubectl sends what it makes by words ({@code kubectl create namespace}), as the JSON that
 * would have said the same. The numbers of the fields are Kubernetes' own; what has a number that is not known is left out.
 */
public final class Protobuf {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    /** Kinds that are sent to other kinds' paths. */
    private static final Map<String, String> GUESTS =
            Map.of(
                    "DeleteOptions", "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
                    "Scale", "io.k8s.api.autoscaling.v1.Scale",
                    "Eviction", "io.k8s.api.policy.v1.Eviction",
                    "Binding", "io.k8s.api.core.v1.Binding");

    private final Schemas schemas;

    public Protobuf(Schemas schemas) {
        this.schemas = schemas;
    }

    /**
     * The object in a request's body.
     *
     * @param definition of what the request's path names
     * @throws dev.headroom.cluster.objects.ApiException BadRequest where it cannot be read
     */
    public ObjectNode read(byte[] body, String definition) {
        if (body.length < MAGIC.length
                || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw Statuses.badRequest(
                    "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        try {
            return enveloped(
                    new ProtobufReader(
                            ByteBuffer.wrap(body, MAGIC.length, body.length - MAGIC.length)),
                    definition);
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | DateTimeException
                | JacksonException e) {
            throw Statuses.badRequest("the protobuf message is damaged: " + e.getMessage());
        }
    }

    /** A {@code runtime.Unknown}: type, and the object itself. */
    private ObjectNode enveloped(ProtobufReader in, String definition) {
        String version = "";
        String kind = "";
        ProtobufReader raw = new ProtobufReader(ByteBuffer.allocate(0));
        while (in.hasRemaining()) {
            int tag = in.tag();
            switch (tag >>> 3) {
                case 1 -> {
                    ProtobufReader type = in.bytes();
                    while (type.hasRemaining()) {
                        int field = type.tag() >>> 3;
                        String text = type.text();
                        version = field == 1 ? text : version;
                        kind = field == 2 ? text : kind;
                    }
                }
                case 2 -> raw = in.bytes();
                default -> in.skip(tag & 7);
            }
        }
        ObjectNode object = message(raw, GUESTS.getOrDefault(kind, definition));
        object.put("apiVersion", version).put("kind", kind);
        return object;
    }

    private ObjectNode message(ProtobufReader in, String definition) {
        ObjectNode out = Json.object();
        message(in, "", schemas.struct(definition), numbers(definition), out);
        return out;
    }

    /** The names of fields by their numbers. */
    private Map<String, String> numbers(String definition) {
        Map<String, String> names = new HashMap<>();
        for (String pair : schemas.numbers(definition)) {
            int equals = pair.indexOf('=');
            names.put(pair.substring(equals + 1), pair.substring(0, equals));
        }
        return names;
    }

    private void message(
            ProtobufReader in,
            String before,
            StructType type,
            Map<String, String> numbers,
            ObjectNode out) {
        while (in.hasRemaining()) {
            int tag = in.tag();
            int wire = tag & 7;
            String number = before + (tag >>> 3);
            String name = numbers.get(number);
            Field field = name == null ? null : type.field(name);
            if (field != null) {
                put(out, field, in, wire);
            } else if (wire == ProtobufReader.BYTES
                    && numbers.keySet().stream().anyMatch(n -> n.startsWith(number + "."))) {
                message(in.bytes(), number + ".", type, numbers, out);
            } else {
                in.skip(wire);
            }
        }
    }

    private void put(ObjectNode out, Field field, ProtobufReader in, int wire) {
        switch (field.type()) {
            case Type.ListOf list -> {
                ArrayNode array = out.withArray(field.name());
                if (wire == ProtobufReader.BYTES && isNumber(list.element())) {
                    ProtobufReader packed = in.bytes();
                    while (packed.hasRemaining()) {
                        add(array, value(list.element(), packed, ProtobufReader.VARINT));
                    }
                } else {
                    add(array, value(list.element(), in, wire));
                }
            }
            case Type.MapOf map -> {
                ObjectNode entries = out.withObject(field.name());
                ProtobufReader entry = in.bytes();
                String key = "";
                JsonNode value = null;
                while (entry.hasRemaining()) {
                    int tag = entry.tag();
                    if (tag >>> 3 == 1) {
                        key = entry.text();
                    } else {
                        value = value(map.value(), entry, tag & 7);
                    }
                }
                entries.set(key, value == null ? empty(map.value()) : value);
            }
            default -> {
                JsonNode value = value(field.type(), in, wire);
                if (value != null) {
                    out.set(field.name(), value);
                }
            }
        }
    }

    private static void add(ArrayNode array, @Nullable JsonNode value) {
        if (value == null) {
            array.addNull();
        } else {
            array.add(value);
        }
    }

    private static JsonNode empty(Type type) {
        return type instanceof Type.Struct
                ? Json.object()
                : JsonNodeFactory.instance.stringNode("");
    }

    private static boolean isNumber(Type type) {
        return type == Type.Scalar.INT32
                || type == Type.Scalar.INT64
                || type == Type.Scalar.BOOLEAN;
    }

    /** Null for a time that is not set. */
    private @Nullable JsonNode value(Type type, ProtobufReader in, int wire) {
        return switch (type) {
            case Type.Struct struct -> message(in.bytes(), struct.definition());
            case Type.ListOf _, Type.MapOf _ ->
                    throw new IllegalArgumentException("a list within a list");
            case Type.Any _ -> {
                // FieldsV1 and RawExtension: JSON's bytes in their only field.
                ProtobufReader raw = in.bytes().first();
                yield raw.hasRemaining() ? Json.MAPPER.readTree(raw.restAsText()) : null;
            }
            case Type.Scalar scalar -> scalar(scalar, in, wire);
        };
    }

    private static @Nullable JsonNode scalar(Type.Scalar type, ProtobufReader in, int wire) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (type) {
            case STRING -> nodes.stringNode(in.text());
            case BYTES -> nodes.stringNode(Base64.getEncoder().encodeToString(in.bytes().rest()));
            case INT32, INT64 -> Json.number(in.varint());
            case BOOLEAN -> nodes.booleanNode(in.varint() != 0);
            case DOUBLE -> {
                if (wire != ProtobufReader.FIXED64) {
                    throw new IllegalArgumentException("a number of another width");
                }
                yield nodes.numberNode(in.float64());
            }
            case QUANTITY -> nodes.stringNode(in.bytes().first().restAsText());
            case INT_OR_STRING -> intOrString(in.bytes());
            case TIME, MICRO_TIME -> time(type, in.bytes());
            case DURATION -> nodes.stringNode(in.bytes().numbers()[0] + "ns");
        };
    }

    private static JsonNode intOrString(ProtobufReader in) {
        long type = 0;
        long number = 0;
        String text = "";
        while (in.hasRemaining()) {
            switch (in.tag() >>> 3) {
                case 1 -> type = in.varint();
                case 2 -> number = in.varint();
                default -> text = in.text();
            }
        }
        return type == 0 ? Json.number(number) : JsonNodeFactory.instance.stringNode(text);
    }

    private static @Nullable JsonNode time(Type.Scalar type, ProtobufReader in) {
        if (!in.hasRemaining()) {
            return null;
        }
        long[] parts = in.numbers();
        Instant time = Instant.ofEpochSecond(parts[0], parts[1]);
        return JsonNodeFactory.instance.stringNode(
                type == Type.Scalar.TIME ? Times.seconds(time) : Times.micros(time));
    }
}
