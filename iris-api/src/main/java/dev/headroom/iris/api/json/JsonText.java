package dev.headroom.iris.api.json;

import java.nio.charset.StandardCharsets;

/** Text in and out of JSON strings (RFC 8259, section 7). */
public final class JsonText {
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    private JsonText() {}

    /** A JSON string with this text in it, quotes included. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append("\\u00").append(Character.forDigit(c >> 4 & 15, 16));
                quoted.append(Character.forDigit(c & 15, 16));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** Whether a backslash and this are an escape of two characters. */
    static boolean isEscape(int c) {
        return ESCAPES.indexOf(c) >= 0;
    }

    /** At most so many characters of a text, and a sign where there are more. */
    static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }

    /** What stands between two quotes, with its escapes resolved; an escape that is none stays as it is. */
    static byte[] unescape(byte[] in, int from, int to) {
        String text = new String(in, from, to - from, StandardCharsets.UTF_8);
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int code = c == '\\' ? code(text, i) : -1;
            int known =
                    c == '\\' && i + 1 < text.length() ? ESCAPES.indexOf(text.charAt(i + 1)) : -1;
            if (code >= 0) {
                plain.append((char) code);
                i += 5;
            } else if (known >= 0) {
                plain.append(ESCAPED.charAt(known));
                i++;
            } else {
                plain.append(c);
            }
        }
        return plain.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The code unit of an escape of six characters that begins at {@code i}, or -1. */
    private static int code(String text, int i) {
        if (i + 6 > text.length() || text.charAt(i + 1) != 'u') {
            return -1;
        }
        int code = 0;
        for (int k = i + 2; k < i + 6; k++) {
            int digit = Character.digit(text.charAt(k), 16);
            if (digit < 0) {
                return -1;
            }
            code = 16 * code + digit;
        }
        return code;
    }
}
