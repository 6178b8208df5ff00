package dev.headroom.lab.load.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    private int status;
    private boolean keepAlive;
    private boolean chunked;
    private boolean noBody;
    private boolean sized;
    private long left;
    private boolean digits;
    private boolean blank;
    private final boolean keeps;
    private final List<byte[]> headers = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    /**
     * @param keeps whether headers and bodies are kept for a script
     */
    ResponseParser(boolean keeps) {
        this.keeps = keeps;
    }

    /** Makes ready for the next answer. */
    void next() {
        state = State.HEAD;
        if (keeps) {
            headers.clear();
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
        return status;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    /** Names and values in turn. */
    List<byte[]> headers() {
        return headers;
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
            int end = parse(bytes, from, to);
            if (end < 0) {
                hold(bytes, from, to);
                return to;
            }
            headDone(toHead);
            return end;
        }
        int before = heldLength;
        hold(bytes, from, to);
        int end = parse(held, 0, heldLength);
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

    /** Where the head ends; -1 where it is not there yet. */
    private int parse(byte[] bytes, int from, int to) throws Malformed {
        int lineEnd = lineEnd(bytes, from, to);
        if (lineEnd < 0) {
            return -1;
        }
        statusLine(bytes, from, lineEnd);
        headers.clear();
        int at = lineEnd + 1;
        while (true) {
            int end = lineEnd(bytes, at, to);
            if (end < 0) {
                return -1;
            }
            int last = end > at && bytes[end - 1] == '\r' ? end - 1 : end;
            if (last == at) {
                return end + 1;
            }
            header(bytes, at, last);
            at = end + 1;
        }
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void statusLine(byte[] bytes, int from, int end) throws Malformed {
        if (end - from < 12
                || bytes[from] != 'H'
                || bytes[from + 1] != 'T'
                || bytes[from + 2] != 'T'
                || bytes[from + 3] != 'P'
                || bytes[from + 4] != '/'
                || bytes[from + 5] != '1'
                || bytes[from + 6] != '.'
                || bytes[from + 8] != ' ') {
            throw new Malformed("an answer does not begin with HTTP/1.x and a status");
        }
        int number = 0;
        for (int i = from + 9; i < from + 12; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                throw new Malformed("an answer's status is no number of three digits");
            }
            number = number * 10 + bytes[i] - '0';
        }
        status = number;
        keepAlive = bytes[from + 7] != '0';
        chunked = false;
        sized = false;
        left = 0;
    }

    private void header(byte[] bytes, int from, int end) throws Malformed {
        int colon = from;
        while (colon < end && bytes[colon] != ':') {
            colon++;
        }
        if (keeps && colon < end) {
            keep(bytes, from, colon, end);
        }
        switch (bytes[from] | 0x20) {
            case 'c' -> {
                if (is(bytes, from, colon, "content-length")) {
                    left = number(bytes, colon + 1, end);
                    sized = true;
                } else if (is(bytes, from, colon, "connection")) {
                    connection(bytes, colon + 1, end);
                }
            }
            case 't' -> {
                if (is(bytes, from, colon, "transfer-encoding")) {
                    chunked = contains(bytes, colon + 1, end, "chunked");
                }
            }
            default -> {
                // Nothing that tells where the answer ends.
            }
        }
    }

    private void keep(byte[] bytes, int from, int colon, int end) {
        int value = colon + 1;
        while (value < end && (bytes[value] == ' ' || bytes[value] == '\t')) {
            value++;
        }
        headers.add(Arrays.copyOfRange(bytes, from, colon));
        headers.add(Arrays.copyOfRange(bytes, value, end));
    }

    private void connection(byte[] bytes, int from, int end) {
        if (contains(bytes, from, end, "close")) {
            keepAlive = false;
        } else if (contains(bytes, from, end, "keep-alive")) {
            keepAlive = true;
        }
    }

    private static boolean is(byte[] bytes, int from, int end, String lowerCase) {
        if (end - from != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if ((bytes[from + i] | 0x20) != (lowerCase.charAt(i) | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(byte[] bytes, int from, int end, String lowerCase) {
        for (int i = from; i + lowerCase.length() <= end; i++) {
            if (is(bytes, i, i + lowerCase.length(), lowerCase)) {
                return true;
            }
        }
        return false;
    }

    private static long number(byte[] bytes, int from, int end) throws Malformed {
        long number = -1;
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (b >= '0' && b <= '9' && number < Long.MAX_VALUE / 100) {
                number = Math.max(0, number) * 10 + b - '0';
            } else if (b != ' ' && b != '\t') {
                throw bad(bytes, from, end);
            }
        }
        if (number < 0) {
            throw bad(bytes, from, end);
        }
        return number;
    }

    private static Malformed bad(byte[] bytes, int from, int end) {
        return new Malformed(
                "an answer's Content-Length is"
                        + new String(
                                bytes,
                                from,
                                Math.min(end - from, 40),
                                StandardCharsets.ISO_8859_1));
    }

    private void headDone(boolean toHead) throws Malformed {
        if (status < 200) {
            if (status == 101) {
                throw new Malformed("the server switched protocols (101)");
            }
            headers.clear();
            return; // An interim answer: the final one follows.
        }
        noBody = toHead || status == 204 || status == 304;
        if (noBody) {
            state = State.DONE;
        } else if (chunked) {
            expectSize();
        } else if (sized) {
            state = left == 0 ? State.DONE : State.LENGTH;
        } else {
            keepAlive = false;
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
