package dev.headroom.cluster.api.schema;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.base.Times;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

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
                    ByteBuffer.wrap(body, MAGIC.length, body.length - MAGIC.length), definition);
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | DateTimeException
                | JacksonException e) {
            throw Statuses.badRequest("the protobuf message is damaged: " + e.getMessage());
        }
    }

    /** A {@code runtime.Unknown}: type, and the object itself. */
    private ObjectNode enveloped(ByteBuffer in, String definition) {
        String version = "";
        String kind = "";
        ByteBuffer raw = ByteBuffer.allocate(0);
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            switch (tag >>> 3) {
                case 1 -> {
                    ByteBuffer type = bytes(in);
                    while (type.hasRemaining()) {
                        int field = (int) varint(type) >>> 3;
                        String text = text(bytes(type));
                        version = field == 1 ? text : version;
                        kind = field == 2 ? text : kind;
                    }
                }
                case 2 -> raw = bytes(in);
                default -> skip(in, tag & 7);
            }
        }
        ObjectNode object = message(raw, GUESTS.getOrDefault(kind, definition));
        object.put("apiVersion", version).put("kind", kind);
        return object;
    }

    private ObjectNode message(ByteBuffer in, String definition) {
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
            ByteBuffer in,
            String before,
            StructType type,
            Map<String, String> numbers,
            ObjectNode out) {
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            int wire = tag & 7;
            String number = before + (tag >>> 3);
            String name = numbers.get(number);
            Field field = name == null ? null : type.field(name);
            if (field != null) {
                put(out, field, in, wire);
            } else if (wire == BYTES
                    && numbers.keySet().stream().anyMatch(n -> n.startsWith(number + "."))) {
                message(bytes(in), number + ".", type, numbers, out);
            } else {
                skip(in, wire);
            }
        }
    }

    private void put(ObjectNode out, Field field, ByteBuffer in, int wire) {
        switch (field.type()) {
            case Type.ListOf list -> {
                ArrayNode array = out.withArray(field.name());
                if (wire == BYTES && isNumber(list.element())) {
                    ByteBuffer packed = bytes(in);
                    while (packed.hasRemaining()) {
                        add(array, value(list.element(), packed, VARINT));
                    }
                } else {
                    add(array, value(list.element(), in, wire));
                }
            }
            case Type.MapOf map -> {
                ObjectNode entries = out.withObject(field.name());
                ByteBuffer entry = bytes(in);
                String key = "";
                JsonNode value = null;
                while (entry.hasRemaining()) {
                    int tag = (int) varint(entry);
                    if (tag >>> 3 == 1) {
                        key = text(bytes(entry));
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
    private @Nullable JsonNode value(Type type, ByteBuffer in, int wire) {
        return switch (type) {
            case Type.Struct struct -> message(bytes(in), struct.definition());
            case Type.ListOf _, Type.MapOf _ ->
                    throw new IllegalArgumentException("a list within a list");
            case Type.Any _ -> {
                // FieldsV1 and RawExtension: JSON's bytes in their only field.
                ByteBuffer raw = first(bytes(in));
                yield raw.hasRemaining() ? Json.MAPPER.readTree(text(raw)) : null;
            }
            case Type.Scalar scalar -> scalar(scalar, in, wire);
        };
    }

    private static @Nullable JsonNode scalar(Type.Scalar type, ByteBuffer in, int wire) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (type) {
            case STRING -> nodes.stringNode(text(bytes(in)));
            case BYTES -> {
                ByteBuffer bytes = bytes(in);
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                yield nodes.stringNode(Base64.getEncoder().encodeToString(copy));
            }
            case INT32, INT64 -> Json.number(varint(in));
            case BOOLEAN -> nodes.booleanNode(varint(in) != 0);
            case DOUBLE -> {
                if (wire != FIXED64) {
                    throw new IllegalArgumentException("a number of another width");
                }
                yield nodes.numberNode(in.order(ByteOrder.LITTLE_ENDIAN).getDouble());
            }
            case QUANTITY -> nodes.stringNode(text(first(bytes(in))));
            case INT_OR_STRING -> intOrString(bytes(in));
            case TIME, MICRO_TIME -> time(type, bytes(in));
            case DURATION -> nodes.stringNode(numbersOf(bytes(in))[0] + "ns");
        };
    }

    private static JsonNode intOrString(ByteBuffer in) {
        long type = 0;
        long number = 0;
        String text = "";
        while (in.hasRemaining()) {
            switch ((int) varint(in) >>> 3) {
                case 1 -> type = varint(in);
                case 2 -> number = varint(in);
                default -> text = text(bytes(in));
            }
        }
        return type == 0 ? Json.number(number) : JsonNodeFactory.instance.stringNode(text);
    }

    private static @Nullable JsonNode time(Type.Scalar type, ByteBuffer in) {
        if (!in.hasRemaining()) {
            return null;
        }
        long[] parts = numbersOf(in);
        Instant time = Instant.ofEpochSecond(parts[0], parts[1]);
        return JsonNodeFactory.instance.stringNode(
                type == Type.Scalar.TIME ? Times.seconds(time) : Times.micros(time));
    }

    /** The first two fields, where they are numbers. */
    private static long[] numbersOf(ByteBuffer in) {
        long[] numbers = new long[2];
        while (in.hasRemaining()) {
            int field = (int) varint(in) >>> 3;
            long number = varint(in);
            if (field == 1 || field == 2) {
                numbers[field - 1] = number;
            }
        }
        return numbers;
    }

    /** The content of the first field, where that is bytes. */
    private static ByteBuffer first(ByteBuffer in) {
        ByteBuffer found = ByteBuffer.allocate(0);
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            if (tag == (1 << 3 | BYTES)) {
                found = bytes(in);
            } else {
                skip(in, tag & 7);
            }
        }
        return found;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }

    private static ByteBuffer bytes(ByteBuffer in) {
        long length = varint(in);
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a field is longer than what holds it");
        }
        ByteBuffer bytes = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return bytes;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static void skip(ByteBuffer in, int wire) {
        switch (wire) {
            case VARINT -> varint(in);
            case FIXED64 -> in.getLong();
            case BYTES -> bytes(in);
            case FIXED32 -> in.getInt();
            default -> throw new IllegalArgumentException("wire type " + wire);
        }
    }
}
