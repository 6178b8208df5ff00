package dev.headroom.iris.api.http;

import java.nio.charset.StandardCharsets;

/** Character classes of RFC 9110, section 5.6, and comparisons on bytes. */
final class Ascii {
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (int c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (int c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 'a' + 'A'] = true;
        }
        for (byte c : bytes("!#$%&'*+-.^_`|~")) {
            TOKEN[c] = true;
        }
    }

    private Ascii() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static boolean isToken(byte c) {
        return TOKEN[c & 0xff];
    }

    /** Whether a range holds one token, which is never empty. */
    static boolean isToken(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!TOKEN[bytes[i] & 0xff]) {
                return false;
            }
        }
        return from < to;
    }

    /** Whether a byte may stand in a field's value: no control but the tab. */
    static boolean isFieldByte(byte c) {
        return c >= ' ' && c != 0x7f || c < 0 || c == '\t';
    }

    static boolean isSpace(byte c) {
        return c == ' ' || c == '\t';
    }

    static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 32;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static boolean isAlphanumeric(byte c) {
        return isDigit(c) || (c | 32) >= 'a' && (c | 32) <= 'z';
    }

    static int indexOf(byte[] in, int from, int to, int what) {
        for (int i = from; i < to; i++) {
            if (in[i] == what) {
                return i;
            }
        }
        return -1;
    }

    /** Index of the first byte that is no space or tab. */
    static int skipSpace(byte[] in, int from, int to) {
        int at = from;
        while (at < to && isSpace(in[at])) {
            at++;
        }
        return at;
    }

    /** Index behind the last byte that is no space or tab. */
    static int trimSpace(byte[] in, int from, int to) {
        int at = to;
        while (at > from && isSpace(in[at - 1])) {
            at--;
        }
        return at;
    }

    /** Index of the next comma, or the end. */
    static int elementEnd(byte[] in, int from, int to) {
        int comma = indexOf(in, from, to, ',');
        return comma < 0 ? to : comma;
    }

    static boolean equal(byte[] text, byte[] bytes, int from, int to) {
        if (to - from != text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a range is this text, which is given in lower case. */
    static boolean equalIgnoringCase(byte[] lower, byte[] bytes, int from, int to) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            byte c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lower[i]) {
                return false;
            }
        }
        return true;
    }
}
