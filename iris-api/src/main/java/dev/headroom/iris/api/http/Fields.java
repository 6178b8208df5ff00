package dev.headroom.iris.api.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Those of a request's fields that decide where it ends, what its body is and what happens to its connection; of the others only the form is checked. */
final class Fields {
    private static final byte[] HOST = Ascii.bytes("host");
    private static final byte[] ACCEPT = Ascii.bytes("accept");
    private static final byte[] EXPECT = Ascii.bytes("expect");
    private static final byte[] CONNECTION = Ascii.bytes("connection");
    private static final byte[] TRACEPARENT = Ascii.bytes("traceparent");
    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] CONTENT_ENCODING = Ascii.bytes("content-encoding");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    private static final byte[] IDENTITY = Ascii.bytes("identity");
    private static final byte[] CONTINUE = Ascii.bytes("100-continue");

    /** More digits than this are too many bytes in any case. */
    private static final int MAX_LENGTH_DIGITS = 18;

    /** A traceparent of version 00 has 55 characters; a later version may have some more. */
    private static final int MAX_TRACEPARENT = 128;

    private final TransferCodings codings = new TransferCodings();
    private final boolean tracing;
    private int hosts;
    private long contentLength;
    private boolean hasContentLength;
    private boolean close;
    private boolean keepAlive;
    private boolean expectsContinue;
    private boolean otherType;
    private boolean coded;
    private boolean openMetrics;
    private String traceparent = "";

    /**
     * No fields yet.
     *
     * @param tracing whether a traceparent is to be kept
     */
    Fields(boolean tracing) {
        this.tracing = tracing;
    }

    void reset() {
        codings.reset();
        hosts = 0;
        contentLength = 0;
        hasContentLength = false;
        close = false;
        keepAlive = false;
        expectsContinue = false;
        otherType = false;
        coded = false;
        openMetrics = false;
        traceparent = "";
    }

    boolean chunked() {
        return codings.chunked();
    }

    /** Zero where nothing is said of a body. */
    long contentLength() {
        return contentLength;
    }

    /** Whether it is said how long the body is. */
    boolean bodyIsDelimited() {
        return hasContentLength || codings.present();
    }

    boolean close() {
        return close;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    boolean expectsContinue() {
        return expectsContinue;
    }

    boolean json() {
        return !otherType;
    }

    boolean coded() {
        return coded;
    }

    boolean prefersOpenMetrics() {
        return openMetrics;
    }

    /** Empty where there was none. */
    String traceparent() {
        return traceparent;
    }

    /** Reads one field line (without its CRLF) and returns what is wrong with it, or null. */
    @Nullable Response read(byte[] in, int from, int end) {
        int colon = from;
        while (colon < end && Ascii.isToken(in[colon])) {
            colon++;
        }
        // A line that begins with a space (obs-fold) and a space before the colon end here too.
        if (colon == from || colon == end || in[colon] != ':') {
            return Refusals.BAD_FIELD;
        }
        int value = Ascii.skipSpace(in, colon + 1, end);
        int valueEnd = Ascii.trimSpace(in, value, end);
        for (int i = value; i < valueEnd; i++) {
            if (!Ascii.isFieldByte(in[i])) {
                return Refusals.BAD_FIELD;
            }
        }
        return known(in, from, colon, value, valueEnd);
    }

    private @Nullable Response known(byte[] in, int name, int nameEnd, int value, int end) {
        return switch (nameEnd - name) {
            case 4 ->
                    Ascii.equalIgnoringCase(HOST, in, name, nameEnd) ? host(in, value, end) : null;
            case 6 -> {
                if (Ascii.equalIgnoringCase(ACCEPT, in, name, nameEnd)) {
                    openMetrics |= MediaTypes.prefersOpenMetrics(in, value, end);
                } else if (Ascii.equalIgnoringCase(EXPECT, in, name, nameEnd)) {
                    yield expect(in, value, end);
                }
                yield null;
            }
            case 10 -> {
                if (Ascii.equalIgnoringCase(CONNECTION, in, name, nameEnd)) {
                    connection(in, value, end);
                }
                yield null;
            }
            case 11 -> {
                if (tracing && Ascii.equalIgnoringCase(TRACEPARENT, in, name, nameEnd)) {
                    int length = Math.min(MAX_TRACEPARENT, end - value);
                    traceparent = new String(in, value, length, StandardCharsets.ISO_8859_1);
                }
                yield null;
            }
            case 12 -> {
                if (Ascii.equalIgnoringCase(CONTENT_TYPE, in, name, nameEnd)) {
                    otherType |= !MediaTypes.isJson(in, value, end);
                }
                yield null;
            }
            case 14 ->
                    Ascii.equalIgnoringCase(CONTENT_LENGTH, in, name, nameEnd)
                            ? contentLength(in, value, end)
                            : null;
            case 16 -> {
                if (Ascii.equalIgnoringCase(CONTENT_ENCODING, in, name, nameEnd)) {
                    coded |= !allAre(IDENTITY, in, value, end);
                }
                yield null;
            }
            case 17 ->
                    Ascii.equalIgnoringCase(TRANSFER_ENCODING, in, name, nameEnd)
                            ? codings.read(in, value, end)
                            : null;
            default -> null;
        };
    }

    /** What is wrong with all fields together, or null (RFC 9112, sections 3.2 and 6.3). */
    @Nullable Response check(boolean http10) {
        if (hosts > 1 || hosts == 0 && !http10) {
            return Refusals.BAD_HOST;
        }
        if (codings.present() && hasContentLength) {
            return Refusals.BOTH_LENGTHS;
        }
        if (codings.present() && http10) {
            return Refusals.BAD_TRANSFER_CODING;
        }
        return codings.check();
    }

    /** An empty one is legal: a client may have no name for where it sends to. */
    private @Nullable Response host(byte[] in, int from, int end) {
        hosts++;
        return from == end || Authority.isValid(in, from, end) ? null : Refusals.BAD_HOST;
    }

    private @Nullable Response contentLength(byte[] in, int from, int end) {
        if (hasContentLength || from == end) {
            return Refusals.BAD_CONTENT_LENGTH;
        }
        hasContentLength = true;
        int digits = 0;
        for (int i = from; i < end; i++) {
            if (!Ascii.isDigit(in[i])) {
                return Refusals.BAD_CONTENT_LENGTH;
            }
            digits += digits > 0 || in[i] != '0' ? 1 : 0;
            // More than can be counted is more than is accepted: that is said once all fields were
            // read.
            contentLength =
                    digits > MAX_LENGTH_DIGITS ? Long.MAX_VALUE : 10 * contentLength + in[i] - '0';
        }
        return null;
    }

    private @Nullable Response expect(byte[] in, int from, int end) {
        expectsContinue |= from < end;
        return allAre(CONTINUE, in, from, end) ? null : Refusals.EXPECTATION;
    }

    private static boolean allAre(byte[] lower, byte[] in, int from, int end) {
        for (int at = from; at < end; ) {
            int comma = Ascii.elementEnd(in, at, end);
            int first = Ascii.skipSpace(in, at, comma);
            int last = Ascii.trimSpace(in, first, comma);
            if (first < last && !Ascii.equalIgnoringCase(lower, in, first, last)) {
                return false;
            }
            at = comma + 1;
        }
        return true;
    }

    private void connection(byte[] in, int from, int end) {
        for (int at = from; at < end; ) {
            int comma = Ascii.elementEnd(in, at, end);
            int first = Ascii.skipSpace(in, at, comma);
            int last = Ascii.trimSpace(in, first, comma);
            close |= Ascii.equalIgnoringCase(CLOSE, in, first, last);
            keepAlive |= Ascii.equalIgnoringCase(KEEP_ALIVE, in, first, last);
            at = comma + 1;
        }
    }
}
