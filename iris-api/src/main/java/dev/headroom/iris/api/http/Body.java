package dev.headroom.iris.api.http;

import java.util.Arrays;

/** A body that comes in parts. It grows with what has come, never with what is only announced. */
final class Body {
    private static final int FIRST = 256;

    private final Allowance held;
    private byte[] bytes = Buffers.NOTHING;
    private int length;

    Body(Allowance held) {
        this.held = held;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /**
     * Takes a part.
     *
     * @param most so long the body can still become: no more room is made
     * @return whether there was room for it in what all bodies may hold
     */
    boolean append(byte[] in, int from, int count, int most) {
        if (length + count > bytes.length) {
            int size = Math.max(length + count, Math.min(Math.max(FIRST, 2 * bytes.length), most));
            if (!held.take(size - bytes.length)) {
                return false;
            }
            bytes = Arrays.copyOf(bytes, size);
        }
        System.arraycopy(in, from, bytes, length, count);
        length += count;
        return true;
    }

    void release() {
        held.give(bytes.length);
        bytes = Buffers.NOTHING;
        length = 0;
    }
}
