package dev.headroom.cluster.api.schema;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Protobuf's encoding, read from the front: tags, numbers of variable length, and bytes with their length before them. What does not fit is
 * an {@link IllegalArgumentException} or a {@link java.nio.BufferUnderflowException}.
 */
final class ProtobufReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer in;

    ProtobufReader(ByteBuffer in) {
        this.in = in;
    }

    boolean hasRemaining() {
        return in.hasRemaining();
    }

    long varint() {
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

    /** A field's number, shifted, and how its value is encoded, in the last three bits. */
    int tag() {
        return (int) varint();
    }

    double float64() {
        return in.order(ByteOrder.LITTLE_ENDIAN).getDouble();
    }

    /** Bytes with their length before them: a message, or a text. */
    ProtobufReader bytes() {
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a field is longer than what holds it");
        }
        ByteBuffer bytes = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return new ProtobufReader(bytes);
    }

    /** Bytes with their length before them, as UTF-8. */
    String text() {
        return bytes().restAsText();
    }

    /** All that is left, as UTF-8. */
    String restAsText() {
        return StandardCharsets.UTF_8.decode(in).toString();
    }

    /** All that is left. */
    byte[] rest() {
        byte[] copy = new byte[in.remaining()];
        in.get(copy);
        return copy;
    }

    void skip(int wire) {
        switch (wire) {
            case VARINT -> varint();
            case FIXED64 -> in.getLong();
            case BYTES -> bytes();
            case FIXED32 -> in.getInt();
            default -> throw new IllegalArgumentException("wire type " + wire);
        }
    }

    /** The first two fields of a message, where they are numbers. */
    long[] numbers() {
        long[] numbers = new long[2];
        while (hasRemaining()) {
            int field = tag() >>> 3;
            long number = varint();
            if (field == 1 || field == 2) {
                numbers[field - 1] = number;
            }
        }
        return numbers;
    }

    /** The content of a message's first field, where that is bytes; else nothing. */
    ProtobufReader first() {
        ProtobufReader found = new ProtobufReader(ByteBuffer.allocate(0));
        while (hasRemaining()) {
            int tag = tag();
            if (tag == (1 << 3 | BYTES)) {
                found = bytes();
            } else {
                skip(tag & 7);
            }
        }
        return found;
    }
}
