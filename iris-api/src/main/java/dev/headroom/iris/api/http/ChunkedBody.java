package dev.headroom.iris.api.http;

import java.util.Arrays;

/**
 * Decodes a chunked body (RFC 9112, section 7.1) as it comes in, byte by byte if need be. Extensions and trailer fields are
 * read, bounded and ignored.
 */
final class ChunkedBody {
    private enum Step {
        SIZE_FIRST,
        SIZE,
        SPACE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_FIRST,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF,
        DONE,
        BAD,
        TOO_LARGE
    }

    private static final int MAX_SIZE_DIGITS = 7;

    private final int maxBytes;
    private final int maxFraming;
    private byte[] body = new byte[256];
    private int length;
    private Step step = Step.SIZE_FIRST;
    private int size;
    private int digits;
    private int framing;

    /**
     * A body that is yet to come.
     *
     * @param maxBytes of the body itself
     * @param maxFraming of all else: extensions, trailer fields
     */
    ChunkedBody(int maxBytes, int maxFraming) {
        this.maxBytes = maxBytes;
        this.maxFraming = maxFraming;
    }

    boolean done() {
        return step == Step.DONE;
    }

    boolean bad() {
        return step == Step.BAD;
    }

    boolean tooLarge() {
        return step == Step.TOO_LARGE;
    }

    byte[] bytes() {
        return body;
    }

    int length() {
        return length;
    }

    /** Takes bytes up to the body's end and returns the index behind the last one taken. */
    int take(byte[] in, int from, int to) {
        int at = from;
        while (at < to && step.compareTo(Step.DONE) < 0) {
            if (step == Step.DATA) {
                int count = Math.min(size, to - at);
                append(in, at, count);
                at += count;
                size -= count;
                step = size == 0 ? Step.DATA_CR : Step.DATA;
            } else {
                step = next(in[at++]);
            }
        }
        return at;
    }

    private void append(byte[] in, int from, int count) {
        if (length + count > body.length) {
            body =
                    Arrays.copyOf(
                            body, Math.max(length + count, Math.min(2 * body.length, maxBytes)));
        }
        System.arraycopy(in, from, body, length, count);
        length += count;
    }

    private Step next(byte c) {
        return switch (step) {
            case SIZE_FIRST -> Character.digit(c, 16) >= 0 ? firstDigit(c) : Step.BAD;
            case SIZE -> Character.digit(c, 16) >= 0 ? digit(c) : afterSize(c);
            case SPACE ->
                    c == ';'
                            ? framing(Step.EXTENSION)
                            : Ascii.isSpace(c) ? framing(Step.SPACE) : Step.BAD;
            case EXTENSION ->
                    c == '\r'
                            ? Step.SIZE_LF
                            : Ascii.isFieldByte(c) ? framing(Step.EXTENSION) : Step.BAD;
            case SIZE_LF -> c == '\n' ? afterSizeLine() : Step.BAD;
            case DATA_CR -> c == '\r' ? Step.DATA_LF : Step.BAD;
            case DATA_LF -> c == '\n' ? Step.SIZE_FIRST : Step.BAD;
            case TRAILER_FIRST ->
                    c == '\r'
                            ? Step.END_LF
                            : Ascii.isToken(c) ? framing(Step.TRAILER_NAME) : Step.BAD;
            case TRAILER_NAME ->
                    c == ':'
                            ? framing(Step.TRAILER_VALUE)
                            : Ascii.isToken(c) ? framing(Step.TRAILER_NAME) : Step.BAD;
            case TRAILER_VALUE ->
                    c == '\r'
                            ? Step.TRAILER_LF
                            : Ascii.isFieldByte(c) ? framing(Step.TRAILER_VALUE) : Step.BAD;
            case TRAILER_LF -> c == '\n' ? Step.TRAILER_FIRST : Step.BAD;
            case END_LF -> c == '\n' ? Step.DONE : Step.BAD;
            case DATA, DONE, BAD, TOO_LARGE ->
                    throw new IllegalStateException("no byte fits " + step);
        };
    }

    private Step firstDigit(byte c) {
        size = 0;
        digits = 0;
        return digit(c);
    }

    /** Leading zeros are legal, but not without end. */
    private Step digit(byte c) {
        size = 16 * size + Character.digit(c, 16);
        return ++digits > MAX_SIZE_DIGITS ? Step.BAD : Step.SIZE;
    }

    private Step afterSize(byte c) {
        return switch (c) {
            case '\r' -> Step.SIZE_LF;
            case ';' -> framing(Step.EXTENSION);
            case ' ', '\t' -> framing(Step.SPACE);
            default -> Step.BAD;
        };
    }

    private Step afterSizeLine() {
        if (size > maxBytes - length) {
            return Step.TOO_LARGE;
        }
        return size == 0 ? Step.TRAILER_FIRST : Step.DATA;
    }

    private Step framing(Step then) {
        return ++framing > maxFraming ? Step.BAD : then;
    }
}
