package dev.headroom.iris.api.http;

/**
 * Decodes a chunked body (RFC 9112, section 7.1) as it comes in, byte by byte if need be. Extensions and trailer fields are
 * read, bounded and ignored.
 */
final class ChunkedBody {
    private enum Step {
        SIZE_FIRST,
        SIZE,
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
        TOO_LARGE,
        NO_ROOM
    }

    private static final long FRAMING_PER_BYTE = 8;

    private final Body body;
    private final int maxBytes;
    private final int maxFraming;
    private Step step = Step.SIZE_FIRST;
    private ChunkExtension extension = ChunkExtension.AFTER;
    private long size;
    private long framing;

    /**
     * A body that is yet to come.
     *
     * @param maxBytes of the body itself
     * @param maxFraming of all else: leading zeros, extensions, trailer fields
     */
    ChunkedBody(Body body, int maxBytes, int maxFraming) {
        this.body = body;
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

    /** Whether all bodies together hold as much as they may. */
    boolean noRoom() {
        return step == Step.NO_ROOM;
    }

    /** Takes bytes up to the body's end and returns the index behind the last one taken. */
    int take(byte[] in, int from, int to) {
        int at = from;
        while (at < to && step.compareTo(Step.DONE) < 0) {
            if (step == Step.DATA) {
                int count = (int) Math.min(size, to - at);
                if (!body.append(in, at, count, maxBytes)) {
                    step = Step.NO_ROOM;
                    return at;
                }
                at += count;
                size -= count;
                step = size == 0 ? Step.DATA_CR : Step.DATA;
            } else {
                step = next(in[at++]);
            }
        }
        return at;
    }

    private Step next(byte c) {
        return switch (step) {
            case SIZE_FIRST -> {
                size = 0;
                extension = ChunkExtension.AFTER;
                yield Ascii.hex(c) >= 0 ? digit(c) : Step.BAD;
            }
            case SIZE -> Ascii.hex(c) >= 0 ? digit(c) : extension(c);
            case EXTENSION -> extension(c);
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
            case DATA, DONE, BAD, TOO_LARGE, NO_ROOM ->
                    throw new IllegalStateException("no byte fits " + step);
        };
    }

    /** Leading zeros are legal, but not without end; a size that overflows is none. */
    private Step digit(byte c) {
        if (size > Long.MAX_VALUE >> 4) {
            return Step.BAD;
        }
        size = 16 * size + Ascii.hex(c);
        return framing(Step.SIZE);
    }

    private Step extension(byte c) {
        if (c == '\r') {
            return extension.mayEnd() ? Step.SIZE_LF : Step.BAD;
        }
        extension = extension.next(c);
        return extension == ChunkExtension.BAD ? Step.BAD : framing(Step.EXTENSION);
    }

    private Step afterSizeLine() {
        if (size > maxBytes - body.length()) {
            return Step.TOO_LARGE;
        }
        return size == 0 ? Step.TRAILER_FIRST : Step.DATA;
    }

    /** Small chunks are no fault: for each byte of the body some more may be spent. */
    private Step framing(Step then) {
        return ++framing > maxFraming + FRAMING_PER_BYTE * body.length() ? Step.BAD : then;
    }
}
