package dev.headroom.lab.load.engine;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * The answers on one connection, found in its bytes as they come: as little as tells where an answer ends (RFC 9112, section 6).
 *
 * <pre>
 *   HEAD ──┬── no body (1xx: on to the next HEAD, 204, 304, answer to HEAD) ──▶ DONE
 *          ├── Content-Length ──▶ LENGTH ──▶ DONE
 *          ├── chunked ──▶ SIZE ──▶ CHUNK ──▶ CHUNK_END ──▶ SIZE …, size 0 ──▶ TRAILERS ──▶ DONE
 *          └── neither ──▶ UNTIL_CLOSE ──▶ (end of stream) DONE
 * </pre>
 */
final class ResponseParser {
    private static final int LARGEST_HEAD = 64 * 1024;
    private static final int SWITCHING = 101;
    private static final byte[] NOTHING = {};

    private enum State {
        HEAD,
        LENGTH,
        SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSE,
        DONE
    }

    /** Bytes that are no HTTP/1.x answer. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private State state = State.HEAD;
    private byte[] held = NOTHING;
    private int heldLength;
    private long left;
    private boolean digits;
    private boolean blank;
    private final boolean keeps;
    private final ResponseHead head;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    /**
     * @param keeps whether headers and bodies are kept for a script
     */
    ResponseParser(boolean keeps) {
        this.keeps = keeps;
        this.head = new ResponseHead(keeps);
    }

    /** Makes ready for the next answer. */
    void next() {
        state = State.HEAD;
        if (keeps) {
            body.reset();
        }
    }

    /** Makes ready for another connection. */
    void reset() {
        next();
        heldLength = 0;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** Whether nothing of an answer has come yet. */
    boolean isFresh() {
        return state == State.HEAD && heldLength == 0;
    }

    int status() {
        return head.status;
    }

    boolean keepAlive() {
        return head.keepAlive;
    }

    /** Names and values in turn. */
    List<byte[]> headers() {
        return head.headers;
    }

    byte[] body() {
        return body.toByteArray();
    }

    /** The stream's end: true where it ends an answer. */
    boolean end() {
        if (state == State.UNTIL_CLOSE) {
            state = State.DONE;
        }
        return isDone();
    }

    /**
     * Takes bytes until an answer is done or there are no more; returns where the next byte to take is.
     *
     * @param toHead whether the answer is to a {@code HEAD}: then it has no body whatever it says
     */
    int take(byte[] bytes, int from, int to, boolean toHead) throws Malformed {
        int at = from;
        while (at < to && state != State.DONE) {
            at =
                    switch (state) {
                        case HEAD -> head(bytes, at, to, toHead);
                        case LENGTH, CHUNK -> content(bytes, at, to);
                        case SIZE -> size(bytes, at);
                        case CHUNK_END -> chunkEnd(bytes, at);
                        case TRAILERS -> trailer(bytes, at);
                        case UNTIL_CLOSE -> untilClose(bytes, at, to);
                        case DONE -> at;
                    };
        }
        return at;
    }

    private int head(byte[] bytes, int from, int to, boolean toHead) throws Malformed {
        if (heldLength == 0) {
            int end = head.parse(bytes, from, to);
            if (end < 0) {
                hold(bytes, from, to);
                return to;
            }
            headDone(toHead);
            return end;
        }
        int before = heldLength;
        hold(bytes, from, to);
        int end = head.parse(held, 0, heldLength);
        if (end < 0) {
            return to;
        }
        heldLength = 0;
        headDone(toHead);
        return from + end - before;
    }

    private void hold(byte[] bytes, int from, int to) throws Malformed {
        int length = heldLength + to - from;
        if (length > LARGEST_HEAD) {
            throw new Malformed("the head of an answer is longer than " + LARGEST_HEAD + " bytes");
        }
        if (held.length < length) {
            held = Arrays.copyOf(held, Math.max(length, 512));
        }
        System.arraycopy(bytes, from, held, heldLength, to - from);
        heldLength = length;
    }

    private void headDone(boolean toHead) throws Malformed {
        if (head.status == SWITCHING) {
            throw new Malformed("the server switched protocols (101)");
        }
        if (head.status < 200) {
            return; // An interim answer: the final one follows.
        }
        if (toHead || head.status == 204 || head.status == 304) {
            state = State.DONE;
        } else if (head.chunked) {
            expectSize();
        } else if (head.sized) {
            left = head.length;
            state = left == 0 ? State.DONE : State.LENGTH;
        } else {
            head.keepAlive = false;
            state = State.UNTIL_CLOSE;
        }
    }

    private int content(byte[] bytes, int from, int to) {
        int count = (int) Math.min(left, to - from);
        if (keeps) {
            body.write(bytes, from, count);
        }
        left -= count;
        if (left == 0) {
            state = state == State.CHUNK ? State.CHUNK_END : State.DONE;
        }
        return from + count;
    }

    private int untilClose(byte[] bytes, int from, int to) {
        if (keeps) {
            body.write(bytes, from, to - from);
        }
        return to;
    }

    private void expectSize() {
        state = State.SIZE;
        left = 0;
        digits = false;
        blank = false;
    }

    /** A byte of a chunk's size line; after the digits there may be extensions. */
    private int size(byte[] bytes, int at) throws Malformed {
        byte b = bytes[at];
        int digit = blank ? -1 : Character.digit(b, 16);
        if (digit >= 0 && left < Long.MAX_VALUE / 32) {
            left = left * 16 + digit;
            digits = true;
        } else if (b == '\n' && digits) {
            state = left == 0 ? State.TRAILERS : State.CHUNK;
            blank = true;
        } else if (digits && (b == '\r' || b == ';' || b == ' ' || blank)) {
            blank = true;
        } else {
            throw new Malformed("a chunk's size is no hexadecimal number");
        }
        return at + 1;
    }

    private int chunkEnd(byte[] bytes, int at) throws Malformed {
        if (bytes[at] == '\n') {
            expectSize();
        } else if (bytes[at] != '\r') {
            throw new Malformed("a chunk does not end where its size says");
        }
        return at + 1;
    }

    /** A byte behind the last chunk; an empty line ends the answer. */
    private int trailer(byte[] bytes, int at) {
        byte b = bytes[at];
        if (b == '\n') {
            state = blank ? State.DONE : State.TRAILERS;
            blank = true;
        } else if (b != '\r') {
            blank = false;
        }
        return at + 1;
    }
}
