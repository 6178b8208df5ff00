package dev.headroom.cluster.balancer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the messages in one direction of an HTTP/1.x connection without changing or holding back a byte.
 *
 * <pre>
 *   HEAD ──head complete──▶ FIXED | CHUNK_SIZE | UNTIL_CLOSE | (no body) ──▶ HEAD …
 *   CHUNK_SIZE ──▶ CHUNK_DATA ──▶ CHUNK_END ──▶ CHUNK_SIZE … ──0──▶ TRAILERS ──▶ HEAD
 *   anything that is no HTTP/1.x, an upgrade, a tunnel ──▶ OPAQUE, for good
 * </pre>
 */
abstract class MessageMeter {
    /** A head longer than this is taken for something else. */
    private static final int MAX_HEAD = 64 * 1024;

    private static final byte HEAD = 0;
    private static final byte FIXED = 1;
    private static final byte CHUNK_SIZE = 2;
    private static final byte CHUNK_DATA = 3;
    private static final byte CHUNK_END = 4;
    private static final byte TRAILERS = 5;
    private static final byte UNTIL_CLOSE = 6;
    private static final byte OPAQUE = 7;

    private byte state = HEAD;
    private boolean begun;
    private boolean sizeEnded;
    private boolean lineHasBytes;

    /** Bytes left of a body or chunk; while a chunk's size is read, the size so far. */
    private long remaining;

    /** A head that came in pieces, so far; null where it did not. */
    private byte @Nullable [] carried;

    private int carriedLength;

    /** Takes note of the bytes {@code [from, to)}, which arrived at {@code now} (nanoseconds). */
    final void feed(ByteBuffer bytes, int from, int to, HttpHead head, long now) {
        int at = from;
        while (at < to) {
            switch (state) {
                case HEAD -> at = head(bytes, at, to, head, now);
                case FIXED, CHUNK_DATA -> {
                    int taken = (int) Math.min(remaining, to - at);
                    remaining -= taken;
                    at += taken;
                    if (remaining == 0) {
                        bodyPieceEnded();
                    }
                }
                case CHUNK_SIZE -> chunkSize(bytes.get(at++));
                case CHUNK_END -> {
                    if (bytes.get(at++) == '\n') {
                        expectChunk();
                    }
                }
                case TRAILERS -> trailer(bytes.get(at++));
                default -> at = to; // UNTIL_CLOSE and OPAQUE: nothing more to find
            }
        }
    }

    /** The direction has ended in good order: a body delimited by the end is complete. */
    final void end() {
        if (state == UNTIL_CLOSE) {
            state = HEAD;
            complete();
        }
    }

    final boolean isOpaque() {
        return state == OPAQUE;
    }

    final void becomeOpaque() {
        state = OPAQUE;
        carried = null;
    }

    /** The first byte of a message arrived. */
    abstract void begin(long now);

    /** A head is complete; says how its body ends. */
    abstract Body bodyOf(HttpHead head);

    /** A message is complete. */
    abstract void complete();

    abstract int parse(HttpHead head, ByteBuffer bytes, int from, int to);

    /** How a message goes on after its head. */
    enum Body {
        NONE,
        BY_FIELDS,
        UNTIL_CLOSE,
        /** An interim answer: the final one follows, for the same request. */
        INTERIM,
        TUNNEL
    }

    private int head(ByteBuffer bytes, int from, int to, HttpHead head, long now) {
        int at = from;
        if (!begun) {
            // RFC 9112, section 2.2: empty lines before a request line are passed over.
            while (at < to && (bytes.get(at) == '\r' || bytes.get(at) == '\n')) {
                at++;
            }
            if (at == to) {
                return to;
            }
            begun = true;
            begin(now);
        }
        if (carried != null) {
            return resume(bytes, at, to, head);
        }
        int end = parse(head, bytes, at, to);
        if (end == HttpHead.INCOMPLETE) {
            carry(bytes, at, to);
            return to;
        }
        return headEnded(end, head, to);
    }

    private int headEnded(int end, HttpHead head, int to) {
        if (end == HttpHead.NOT_HTTP) {
            becomeOpaque();
            return to;
        }
        enterBody(head);
        return end;
    }

    private void enterBody(HttpHead head) {
        switch (bodyOf(head)) {
            case NONE -> messageEnded();
            case INTERIM -> {
                state = HEAD;
                begun = false;
            }
            case TUNNEL -> becomeOpaque();
            case UNTIL_CLOSE -> state = UNTIL_CLOSE;
            case BY_FIELDS -> {
                if (head.chunked) {
                    expectChunk();
                } else if (head.contentLength == 0) {
                    messageEnded();
                } else {
                    remaining = head.contentLength;
                    state = FIXED;
                }
            }
        }
    }

    /** Adds to a head that came in pieces, and reads it again from its beginning: rare, so it may cost. */
    private int resume(ByteBuffer bytes, int from, int to, HttpHead head) {
        int before = carriedLength;
        carry(bytes, from, to);
        byte[] soFar = carried;
        if (soFar == null) {
            return to; // became opaque
        }
        int end = parse(head, ByteBuffer.wrap(soFar), 0, carriedLength);
        if (end == HttpHead.INCOMPLETE) {
            return to;
        }
        carried = null;
        carriedLength = 0;
        return headEnded(end < 0 ? end : from + (end - before), head, to);
    }

    private void carry(ByteBuffer bytes, int from, int to) {
        int length = carriedLength + to - from;
        if (length > MAX_HEAD) {
            becomeOpaque();
            carriedLength = 0;
            return;
        }
        byte[] grown = new byte[length];
        if (carried != null) {
            System.arraycopy(carried, 0, grown, 0, carriedLength);
        }
        bytes.get(from, grown, carriedLength, to - from);
        carried = grown;
        carriedLength = length;
    }

    private void bodyPieceEnded() {
        if (state == FIXED) {
            messageEnded();
        } else {
            state = CHUNK_END;
        }
    }

    private void expectChunk() {
        state = CHUNK_SIZE;
        remaining = 0;
        sizeEnded = false;
    }

    private void chunkSize(byte b) {
        if (b == '\n') {
            lineHasBytes = false;
            state = remaining == 0 ? TRAILERS : CHUNK_DATA;
            return;
        }
        int digit = Character.digit(b, 16);
        if (digit < 0 || sizeEnded) {
            sizeEnded = true; // extensions, up to the line's end
        } else if (remaining > Long.MAX_VALUE >> 5) {
            becomeOpaque();
        } else {
            remaining = remaining * 16 + digit;
        }
    }

    private void trailer(byte b) {
        if (b == '\n') {
            if (!lineHasBytes) {
                messageEnded();
            }
            lineHasBytes = false;
        } else if (b != '\r') {
            lineHasBytes = true;
        }
    }

    private void messageEnded() {
        state = HEAD;
        begun = false;
        complete();
    }
}
