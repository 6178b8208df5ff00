package dev.headroom.iris.api.http;

import org.jspecify.annotations.Nullable;

/** Those of a request's fields that decide where it ends and what happens to its connection; of the others only the form is checked. */
final class Fields {
    private static final byte[] HOST = Ascii.bytes("host");
    private static final byte[] EXPECT = Ascii.bytes("expect");
    private static final byte[] CONNECTION = Ascii.bytes("connection");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    private static final byte[] CHUNKED = Ascii.bytes("chunked");
    private static final byte[] CONTINUE = Ascii.bytes("100-continue");
    private static final byte[] HOST_MARKS = Ascii.bytes("-._~%!$&'()*+,;=:[]");

    /** More digits than this are too many bytes in any case. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private static final boolean[] HOST_BYTES = new boolean[256];

    static {
        for (int c = 0; c < 128; c++) {
            HOST_BYTES[c] = Character.isLetterOrDigit(c);
        }
        for (byte c : HOST_MARKS) {
            HOST_BYTES[c] = true;
        }
    }

    private int hosts;
    private long contentLength;
    private boolean hasContentLength;
    private boolean hasTransferEncoding;
    private boolean chunked;
    private boolean otherCoding;
    private boolean close;
    private boolean keepAlive;
    private boolean expectsContinue;

    void reset() {
        hosts = 0;
        contentLength = 0;
        hasContentLength = false;
        hasTransferEncoding = false;
        chunked = false;
        otherCoding = false;
        close = false;
        keepAlive = false;
        expectsContinue = false;
    }

    boolean chunked() {
        return chunked;
    }

    /** Zero where nothing is said of a body. */
    long contentLength() {
        return contentLength;
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
        int value = colon + 1;
        while (value < end && Ascii.isSpace(in[value])) {
            value++;
        }
        int valueEnd = end;
        while (valueEnd > value && Ascii.isSpace(in[valueEnd - 1])) {
            valueEnd--;
        }
        for (int i = value; i < valueEnd; i++) {
            if (!Ascii.isFieldByte(in[i])) {
                return Refusals.BAD_FIELD;
            }
        }
        return known(in, from, colon, value, valueEnd);
    }

    private @Nullable Response known(byte[] in, int name, int nameEnd, int value, int end) {
        switch (nameEnd - name) {
            case 4 -> {
                if (Ascii.equalIgnoringCase(HOST, in, name, nameEnd)) {
                    return host(in, value, end);
                }
            }
            case 6 -> {
                if (Ascii.equalIgnoringCase(EXPECT, in, name, nameEnd)) {
                    expectsContinue = true;
                    return Ascii.equalIgnoringCase(CONTINUE, in, value, end)
                            ? null
                            : Refusals.EXPECTATION;
                }
            }
            case 10 -> {
                if (Ascii.equalIgnoringCase(CONNECTION, in, name, nameEnd)) {
                    connection(in, value, end);
                }
            }
            case 14 -> {
                if (Ascii.equalIgnoringCase(CONTENT_LENGTH, in, name, nameEnd)) {
                    return contentLength(in, value, end);
                }
            }
            case 17 -> {
                if (Ascii.equalIgnoringCase(TRANSFER_ENCODING, in, name, nameEnd)) {
                    return transferEncoding(in, value, end);
                }
            }
            default -> {
                // Any other field says nothing to this server.
            }
        }
        return null;
    }

    /** What is wrong with all fields together, or null (RFC 9112, sections 3.2 and 6.3). */
    @Nullable Response check(boolean http10, int maxBody) {
        if (hosts > 1 || hosts == 0 && !http10) {
            return Refusals.BAD_HOST;
        }
        if (hasTransferEncoding && hasContentLength) {
            return Refusals.BOTH_LENGTHS;
        }
        if (hasTransferEncoding && http10) {
            return Refusals.BAD_TRANSFER_CODING;
        }
        if (otherCoding) {
            return Refusals.UNKNOWN_TRANSFER_CODING;
        }
        if (hasTransferEncoding && !chunked) {
            return Refusals.BAD_TRANSFER_CODING;
        }
        return contentLength > maxBody ? Refusals.contentTooLarge(maxBody) : null;
    }

    /** An empty one is legal; otherwise the characters of a host and a port of digits. */
    private @Nullable Response host(byte[] in, int from, int end) {
        hosts++;
        int portFrom = end;
        while (portFrom > from && Ascii.isDigit(in[portFrom - 1])) {
            portFrom--;
        }
        boolean hasPort = portFrom > from && in[portFrom - 1] == ':';
        int hostEnd = hasPort ? portFrom - 1 : end;
        boolean literal = from < hostEnd && in[from] == '[' && in[hostEnd - 1] == ']';
        for (int i = from; i < hostEnd; i++) {
            byte c = in[i];
            boolean bracketOrColon = c == '[' || c == ']' || c == ':';
            boolean inLiteral = literal && (c == ':' || i == from || i == hostEnd - 1);
            if (!HOST_BYTES[c & 0xff] || bracketOrColon && !inLiteral) {
                return Refusals.BAD_HOST;
            }
        }
        return hasPort && hostEnd == from ? Refusals.BAD_HOST : null;
    }

    private @Nullable Response contentLength(byte[] in, int from, int end) {
        if (hasContentLength || from == end || end - from > MAX_LENGTH_DIGITS) {
            return from < end && !hasContentLength && allDigits(in, from, end)
                    ? tooManyDigits()
                    : Refusals.BAD_CONTENT_LENGTH;
        }
        hasContentLength = true;
        for (int i = from; i < end; i++) {
            if (!Ascii.isDigit(in[i])) {
                return Refusals.BAD_CONTENT_LENGTH;
            }
            contentLength = 10 * contentLength + in[i] - '0';
        }
        return null;
    }

    /** A number, but more than can be counted: the limit is named once all fields were read. */
    private @Nullable Response tooManyDigits() {
        hasContentLength = true;
        contentLength = Long.MAX_VALUE;
        return null;
    }

    private static boolean allDigits(byte[] in, int from, int end) {
        for (int i = from; i < end; i++) {
            if (!Ascii.isDigit(in[i])) {
                return false;
            }
        }
        return true;
    }

    /** Codings, with commas, possibly over several lines: chunked must be there once, as the last of all. */
    private @Nullable Response transferEncoding(byte[] in, int from, int end) {
        hasTransferEncoding = true;
        for (int at = from; at < end; ) {
            int comma = elementEnd(in, at, end);
            int first = skipSpace(in, at, comma);
            int last = trimSpace(in, first, comma);
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
                otherCoding |= !isChunked;
            }
            at = comma + 1;
        }
        return null;
    }

    private void connection(byte[] in, int from, int end) {
        for (int at = from; at < end; ) {
            int comma = elementEnd(in, at, end);
            int first = skipSpace(in, at, comma);
            int last = trimSpace(in, first, comma);
            close |= Ascii.equalIgnoringCase(CLOSE, in, first, last);
            keepAlive |= Ascii.equalIgnoringCase(KEEP_ALIVE, in, first, last);
            at = comma + 1;
        }
    }

    private static int elementEnd(byte[] in, int from, int end) {
        int at = from;
        while (at < end && in[at] != ',') {
            at++;
        }
        return at;
    }

    private static int skipSpace(byte[] in, int from, int end) {
        int at = from;
        while (at < end && Ascii.isSpace(in[at])) {
            at++;
        }
        return at;
    }

    private static int trimSpace(byte[] in, int from, int end) {
        int at = end;
        while (at > from && Ascii.isSpace(in[at - 1])) {
            at--;
        }
        return at;
    }
}
