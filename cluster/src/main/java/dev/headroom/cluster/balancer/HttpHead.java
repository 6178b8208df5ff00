package dev.headroom.cluster.balancer;

import java.nio.ByteBuffer;

/**
 * Reads as much of an HTTP/1.x message head as is needed to find where the message ends (RFC 9112, section 6.3). One is kept per event
 * loop and filled again for every head, so that nothing is allocated.
 */
final class HttpHead {
    /** The head does not end in the bytes given. */
    static final int INCOMPLETE = -1;

    /** These bytes are no HTTP/1.x. */
    static final int NOT_HTTP = -2;

    private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final byte[] CONTENT_LENGTH = ascii("content-length");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");
    private static final byte[] CHUNKED = ascii("chunked");

    /** Body length in bytes; -1 where no Content-Length was given. */
    long contentLength;

    boolean chunked;

    /** Of an answer, 100 to 599. */
    int status;

    /** The request's method is HEAD, so that its answer has no body. */
    boolean isHead;

    /** The request's method is CONNECT: what follows a 2xx answer is a tunnel. */
    boolean isConnect;

    /**
     * Reads a request head that begins at {@code from}.
     *
     * @return the index after the head, {@link #INCOMPLETE} or {@link #NOT_HTTP}
     */
    int request(ByteBuffer bytes, int from, int to) {
        int lineEnd = lineFeed(bytes, from, to);
        if (lineEnd < 0) {
            return couldBeMethod(bytes, from, to) ? INCOMPLETE : NOT_HTTP;
        }
        int line = lineEnd > from && bytes.get(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd;
        if (line - from < 14 || !endsWithVersion(bytes, line) || !couldBeMethod(bytes, from, to)) {
            return NOT_HTTP;
        }
        isHead = startsWith(bytes, from, "HEAD ");
        isConnect = startsWith(bytes, from, "CONNECT ");
        return fields(bytes, lineEnd + 1, to);
    }

    /**
     * Reads an answer's head that begins at {@code from}.
     *
     * @return the index after the head, {@link #INCOMPLETE} or {@link #NOT_HTTP}
     */
    int answer(ByteBuffer bytes, int from, int to) {
        int known = Math.min(to - from, 7);
        for (int i = 0; i < known; i++) {
            if (bytes.get(from + i) != "HTTP/1.".charAt(i)) {
                return NOT_HTTP;
            }
        }
        int lineEnd = lineFeed(bytes, from, to);
        if (lineEnd < 0) {
            return INCOMPLETE;
        }
        if (lineEnd - from < 12 || bytes.get(from + 8) != ' ') {
            return NOT_HTTP;
        }
        int hundreds = bytes.get(from + 9) - '0';
        int tens = bytes.get(from + 10) - '0';
        int ones = bytes.get(from + 11) - '0';
        if (hundreds < 1 || hundreds > 5 || tens < 0 || tens > 9 || ones < 0 || ones > 9) {
            return NOT_HTTP;
        }
        status = hundreds * 100 + tens * 10 + ones;
        return fields(bytes, lineEnd + 1, to);
    }

    private int fields(ByteBuffer bytes, int from, int to) {
        contentLength = -1;
        chunked = false;
        int line = from;
        while (true) {
            int lineEnd = lineFeed(bytes, line, to);
            if (lineEnd < 0) {
                return INCOMPLETE;
            }
            int end = lineEnd > line && bytes.get(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd;
            if (end == line) {
                return lineEnd + 1;
            }
            // Only two fields matter, and their first letters are rare enough to decide on.
            int first = bytes.get(line) | 0x20;
            if (first == 'c' && isField(bytes, line, end, CONTENT_LENGTH)) {
                contentLength = number(bytes, line + CONTENT_LENGTH.length + 1, end);
                if (contentLength < 0) {
                    return NOT_HTTP;
                }
            } else if (first == 't' && isField(bytes, line, end, TRANSFER_ENCODING)) {
                chunked = endsWithChunked(bytes, end);
            }
            line = lineEnd + 1;
        }
    }

    /** The index of the next line feed in {@code [from, to)}, or -1; eight bytes at a time. */
    static int lineFeed(ByteBuffer bytes, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            // The classic test for a zero byte, after turning line feeds into zeros; the lowest hit
            // is exact in little-endian order.
            long word = Long.reverseBytes(bytes.getLong(i)) ^ LINE_FEEDS;
            long hit = (word - LOW_BITS) & ~word & HIGH_BITS;
            if (hit != 0) {
                return i + (Long.numberOfTrailingZeros(hit) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isField(ByteBuffer bytes, int line, int end, byte[] name) {
        if (end - line <= name.length || bytes.get(line + name.length) != ':') {
            return false;
        }
        return equalsIgnoringCase(bytes, line, name);
    }

    private static boolean equalsIgnoringCase(ByteBuffer bytes, int at, byte[] lower) {
        for (int i = 0; i < lower.length; i++) {
            int b = bytes.get(at + i);
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** Digits with optional white space around them; -1 where it is anything else, or more than a long can count. */
    private static long number(ByteBuffer bytes, int from, int to) {
        int i = from;
        int end = to;
        while (i < end && isSpace(bytes.get(i))) {
            i++;
        }
        while (end > i && isSpace(bytes.get(end - 1))) {
            end--;
        }
        if (i == end || end - i > 18) {
            return -1;
        }
        long value = 0;
        for (; i < end; i++) {
            int digit = bytes.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static boolean endsWithChunked(ByteBuffer bytes, int lineEnd) {
        int end = lineEnd;
        while (isSpace(bytes.get(end - 1))) {
            end--;
        }
        return equalsIgnoringCase(bytes, end - CHUNKED.length, CHUNKED);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean endsWithVersion(ByteBuffer bytes, int end) {
        int at = end - 9;
        for (int i = 0; i < 8; i++) {
            if (bytes.get(at + i) != " HTTP/1.".charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes begin like a method: upper-case letters, then a space if there is more. */
    private static boolean couldBeMethod(ByteBuffer bytes, int from, int to) {
        int end = Math.min(to, from + 20);
        for (int i = from; i < end; i++) {
            byte b = bytes.get(i);
            if (b == ' ') {
                return i > from;
            }
            if ((b < 'A' || b > 'Z') && b != '-' && b != '_') {
                return false;
            }
        }
        return end < from + 20;
    }

    private static boolean startsWith(ByteBuffer bytes, int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes.get(from + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
