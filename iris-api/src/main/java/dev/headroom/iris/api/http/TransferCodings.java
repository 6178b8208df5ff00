package dev.headroom.iris.api.http;

import org.jspecify.annotations.Nullable;

/** The list of {@code Transfer-Encoding}, possibly over several lines: chunked must be there once, as the last of all. */
final class TransferCodings {
    private static final byte[] CHUNKED = Ascii.bytes("chunked");

    private boolean present;
    private boolean chunked;
    private boolean other;

    void reset() {
        present = false;
        chunked = false;
        other = false;
    }

    boolean present() {
        return present;
    }

    boolean chunked() {
        return chunked;
    }

    /** Reads one line's value and returns what is wrong with it, or null. */
    @Nullable Response read(byte[] in, int from, int end) {
        present = true;
        for (int at = from; at < end; ) {
            int comma = Ascii.elementEnd(in, at, end);
            int first = Ascii.skipSpace(in, at, comma);
            int last = Ascii.trimSpace(in, first, comma);
            if (first < last) {
                if (chunked) {
                    return Refusals.BAD_TRANSFER_CODING;
                }
                int name = first;
                while (name < last && Ascii.isToken(in[name])) {
                    name++;
                }
                boolean isChunked = Ascii.equalIgnoringCase(CHUNKED, in, first, name);
                if (name == first || isChunked && name < last) {
                    return Refusals.BAD_TRANSFER_CODING;
                }
                chunked = isChunked;
                other |= !isChunked;
            }
            at = comma + 1;
        }
        return null;
    }

    /** What is wrong with the whole list, or null. */
    @Nullable Response check() {
        if (other) {
            return Refusals.UNKNOWN_TRANSFER_CODING;
        }
        return present && !chunked ? Refusals.BAD_TRANSFER_CODING : null;
    }
}
