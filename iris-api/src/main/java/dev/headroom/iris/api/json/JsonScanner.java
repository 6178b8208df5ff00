package dev.headroom.iris.api.json;

import dev.headroom.iris.api.json.BodyException.Kind;
import java.nio.charset.StandardCharsets;

/** Goes through JSON (RFC 8259) in a range of bytes, strictly: what it passes is well formed, in UTF-8, and not nested too deep. */
class JsonScanner {
    /** Arrays and objects within one another, the outermost included. */
    static final int MAX_DEPTH = 64;

    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] NULL = ascii("null");

    private byte[] in = new byte[0];
    private int start;
    private int end;

    /** Index of the next byte. */
    int at;

    /** Whether the last string that was passed holds no escape. */
    boolean plain;

    /** Begins anew; a byte order mark is passed over. */
    final void open(byte[] bytes, int from, int to) {
        in = bytes;
        start = from;
        at = from;
        end = to;
        boolean mark =
                to - from >= 3
                        && bytes[from] == (byte) 0xef
                        && bytes[from + 1] == (byte) 0xbb
                        && bytes[from + 2] == (byte) 0xbf;
        if (mark) {
            at += 3;
        }
    }

    final byte[] bytes() {
        return in;
    }

    final boolean atEnd() {
        return at >= end;
    }

    /** Whether this byte is the next. */
    final boolean next(char c) {
        return at < end && in[at] == c;
    }

    final boolean nextIsNumber() {
        return at < end && (in[at] == '-' || in[at] >= '0' && in[at] <= '9');
    }

    final void expect(char c) throws BodyException {
        if (at >= end || in[at] != c) {
            throw notJson("expected '" + c + "'");
        }
        at++;
    }

    final void skipSpace() {
        while (at < end && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
    }

    /** Passes a string if it is these bytes as they are, and says whether it was. */
    final boolean skipIf(byte[] text) {
        int quote = at + 1 + text.length;
        if (quote >= end || in[at] != '"' || in[quote] != '"') {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (in[at + 1 + i] != text[i]) {
                return false;
            }
        }
        at = quote + 1;
        return true;
    }

    /** Passes a string; {@link #at} is then behind its closing quote. */
    final void string() throws BodyException {
        if (at >= end || in[at] != '"') {
            throw notJson("expected a string in quotes");
        }
        at++;
        plain = true;
        while (at < end) {
            byte c = in[at];
            if (c == '"') {
                at++;
                return;
            }
            if (c == '\\') {
                plain = false;
                escape();
            } else if (c >= 0 && c < ' ') {
                throw notJson("a control character in a string");
            } else if (c < 0) {
                multibyte();
            } else {
                at++;
            }
        }
        throw notJson("a string without its closing quote");
    }

    private void escape() throws BodyException {
        int kind = at + 1 < end ? in[at + 1] : -1;
        if (kind == 'u') {
            for (int i = at + 2; i < at + 6; i++) {
                if (i >= end) {
                    at = end;
                    throw notJson("an escape without its digits");
                }
                if (Character.digit(in[i], 16) < 0) {
                    at = i;
                    throw notJson("expected four hexadecimal digits");
                }
            }
            at += 6;
        } else if (JsonText.isEscape(kind)) {
            at += 2;
        } else {
            at = Math.min(at + 1, end);
            throw notJson("an escape that is none");
        }
    }

    /** Passes a character of several bytes: no surrogates, nothing overlong, nothing beyond Unicode (RFC 3629). */
    private void multibyte() throws BodyException {
        int c = in[at] & 0xff;
        int length =
                c >= 0xc2 && c <= 0xdf
                        ? 2
                        : c >= 0xe0 && c <= 0xef ? 3 : c >= 0xf0 && c <= 0xf4 ? 4 : 0;
        int low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
        int high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
        if (length == 0) {
            throw notJson("bytes that are no UTF-8");
        }
        for (int i = 1; i < length; i++) {
            if (at + i >= end) {
                at = end;
                throw notJson("a character without its last bytes");
            }
            int next = in[at + i] & 0xff;
            if (next < (i == 1 ? low : 0x80) || next > (i == 1 ? high : 0xbf)) {
                throw notJson("bytes that are no UTF-8");
            }
        }
        at += length;
    }

    /** Passes a number and returns where it began. */
    final int number() throws BodyException {
        int from = at;
        int to = JsonNumber.end(in, at, end);
        if (to < 0) {
            throw notJson("a number that is none");
        }
        at = to;
        return from;
    }

    /**
     * Passes any value.
     *
     * @param depth of arrays and objects around it
     */
    final void value(int depth) throws BodyException {
        if (at >= end) {
            throw notJson("a value is missing");
        }
        switch (in[at]) {
            case '"' -> string();
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case 't' -> literal(TRUE);
            case 'f' -> literal(FALSE);
            case 'n' -> literal(NULL);
            default -> {
                if (!nextIsNumber()) {
                    throw notJson("expected a value");
                }
                number();
            }
        }
    }

    /** Passes an opening bracket or brace. */
    final void enter(int depth) throws BodyException {
        if (depth > MAX_DEPTH) {
            throw notJson("nested more than " + MAX_DEPTH + " deep");
        }
        at++;
        skipSpace();
    }

    private void object(int depth) throws BodyException {
        enter(depth);
        if (next('}')) {
            at++;
            return;
        }
        do {
            skipSpace();
            string();
            skipSpace();
            expect(':');
            skipSpace();
            value(depth);
            skipSpace();
        } while (more('}'));
    }

    private void array(int depth) throws BodyException {
        enter(depth);
        if (next(']')) {
            at++;
            return;
        }
        do {
            skipSpace();
            value(depth);
            skipSpace();
        } while (more(']'));
    }

    /** Passes a comma, or what closes, and says whether more is to come. */
    final boolean more(char closing) throws BodyException {
        if (next(closing)) {
            at++;
            return false;
        }
        if (!next(',')) {
            throw notJson("expected ',' or '" + closing + "'");
        }
        at++;
        return true;
    }

    private void literal(byte[] text) throws BodyException {
        for (byte c : text) {
            if (at >= end || in[at] != c) {
                throw notJson("expected " + new String(text, StandardCharsets.US_ASCII));
            }
            at++;
        }
    }

    /** What begins here, in words. */
    final String kind() {
        if (at >= end) {
            return "missing";
        }
        return switch (in[at]) {
            case '"' -> "a string";
            case '{' -> "an object";
            case '[' -> "an array";
            case 't', 'f' -> "a boolean";
            case 'n' -> "null";
            default -> "a number";
        };
    }

    /** Where in the body the thing is that is at hand, as a JSON pointer. */
    String pointer() {
        return "";
    }

    final BodyException notJson(String what) {
        String text =
                at >= end
                        ? "the body is cut short: " + what
                        : "not JSON at byte " + (at - start) + " of the body: " + what;
        return new BodyException(Kind.NOT_JSON, pointer(), text);
    }

    final String text(int from, int to) {
        return new String(in, from, to - from, StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
