package dev.headroom.iris.api.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one protobuf message from a range of bytes (wire format: varint, 64-bit, length-delimited, 32-bit). Never reads past
 * its range; every error names the byte of the file where it was met.
 */
final class WireReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED32 = 5;

    private static final int MAX_VARINT_BYTES = 10;

    private final byte[] bytes;
    private final int end;
    private int position;
    private int tag;

    WireReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private WireReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
    }

    /** Moves to the next field and returns its number, or 0 at the message's end. */
    int nextField() throws ModelException {
        if (position == end) {
            return 0;
        }
        int at = position;
        long next = varint();
        if (next >>> 3 == 0 || next >>> 3 > 0x1fff_ffff) {
            throw error(at, "no field has the number " + (next >>> 3));
        }
        tag = (int) next;
        return tag >>> 3;
    }

    /** The present field's wire type. */
    int wireType() {
        return tag & 7;
    }

    /** The present field as a varint. */
    long longValue() throws ModelException {
        expect(VARINT);
        return varint();
    }

    /** The present field as a float, stored as 32 bits. */
    float floatValue() throws ModelException {
        expect(FIXED32);
        return Float.intBitsToFloat(fixed32());
    }

    /** The present field as text in UTF-8. */
    String text() throws ModelException {
        WireReader range = message();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, range.position, range.end - range.position))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error(range.position, "text that is not UTF-8");
        }
    }

    /** The present field as a message of its own; also the packed form of repeated numbers. */
    WireReader message() throws ModelException {
        expect(LENGTH_DELIMITED);
        int at = position;
        long length = varint();
        if (length < 0 || length > end - position) {
            throw error(
                    at,
                    "a field of "
                            + Long.toUnsignedString(length)
                            + " bytes, where only "
                            + (end - position)
                            + " are left: the file is damaged or cut short");
        }
        WireReader range = new WireReader(bytes, position, position + (int) length);
        position = range.end;
        return range;
    }

    boolean atEnd() {
        return position == end;
    }

    /** A number of a packed field. */
    long packedLong() throws ModelException {
        return varint();
    }

    /** A number of a packed field. */
    float packedFloat() throws ModelException {
        return Float.intBitsToFloat(fixed32());
    }

    void skip() throws ModelException {
        switch (wireType()) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case LENGTH_DELIMITED -> message();
            case FIXED32 -> advance(4);
            default -> throw error(position, "wire type " + wireType() + " is not used by ONNX");
        }
    }

    ModelException error(String what) {
        return error(position, what);
    }

    private static ModelException error(int at, String what) {
        return new ModelException("byte " + at + ": " + what);
    }

    private void expect(int wireType) throws ModelException {
        if (wireType() != wireType) {
            throw error(
                    "field " + (tag >>> 3) + " has wire type " + wireType() + ", not " + wireType);
        }
    }

    private int fixed32() throws ModelException {
        int at = position;
        advance(4);
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    private void advance(int count) throws ModelException {
        if (count > end - position) {
            throw error(
                    count
                            + " bytes expected, "
                            + (end - position)
                            + " left: the file is cut short");
        }
        position += count;
    }

    private long varint() throws ModelException {
        int at = position;
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (position == end) {
                throw error(at, "a number that is cut short");
            }
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw error(at, "a number of more than " + MAX_VARINT_BYTES + " bytes");
    }
}
