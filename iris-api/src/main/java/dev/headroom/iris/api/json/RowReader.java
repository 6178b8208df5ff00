package dev.headroom.iris.api.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one row of features from a JSON object (RFC 8259) that has exactly the given members, in any order, each a number.
 * Strict: what is no JSON, and what is JSON but not such an object, is refused by name. Keeps its row, and is reused.
 */
public final class RowReader {
    /** So much of a name is repeated in an error. */
    private static final int SHOWN = 40;

    private final List<String> names;
    private final byte[][] keys;
    private final float[] row;
    private final boolean[] seen;
    private byte[] in = new byte[0];
    private int start;
    private int at;
    private int end;

    /**
     * A reader of these members.
     *
     * @param names in the order of the row
     */
    public RowReader(List<String> names) {
        this.names = List.copyOf(names);
        this.keys = new byte[names.size()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = names.get(i).getBytes(StandardCharsets.UTF_8);
        }
        this.row = new float[keys.length];
        this.seen = new boolean[keys.length];
    }

    /**
     * Reads the row in a range of bytes.
     *
     * @return the values as float32, in the order of the names; valid until the next call
     */
    public float[] read(byte[] bytes, int from, int to) throws RowException {
        in = bytes;
        start = from;
        at = from;
        end = to;
        Arrays.fill(seen, false);
        skipSpace();
        if (at == end) {
            throw new RowException("the body is empty: expected a JSON object with " + expected());
        }
        if (in[at] != '{') {
            throw new RowException(
                    "the body is " + kind() + ": expected a JSON object with " + expected());
        }
        at++;
        skipSpace();
        if (at < end && in[at] == '}') {
            at++;
        } else {
            members();
        }
        skipSpace();
        if (at < end) {
            throw notJson("more after the object's end");
        }
        checkComplete();
        return row;
    }

    private void members() throws RowException {
        int guess = 0;
        while (true) {
            int field = key(guess);
            skipSpace();
            expect(':');
            skipSpace();
            row[field] = value(field);
            guess = field + 1;
            skipSpace();
            if (at < end && in[at] == '}') {
                at++;
                return;
            }
            expect(',');
            skipSpace();
        }
    }

    /** The index of the name that stands here. Names mostly come in order: that one is tried first. */
    private int key(int guess) throws RowException {
        if (at == end || in[at] != '"') {
            throw notJson("expected a member's name in quotes");
        }
        int from = at + 1;
        int quote = from;
        boolean plain = true;
        while (quote < end && in[quote] != '"') {
            if (in[quote] == '\\') {
                plain = false;
                quote++;
            } else if (in[quote] >= 0 && in[quote] < ' ') {
                at = quote;
                throw notJson("a control character in a name");
            }
            quote++;
        }
        if (quote >= end) {
            at = end;
            throw notJson("a name without its closing quote");
        }
        int field =
                plain
                        ? find(in, from, quote, guess)
                        : find(JsonText.unescape(in, from, quote), guess);
        if (field < 0) {
            String name = plain ? utf8(from, quote) : utf8(JsonText.unescape(in, from, quote));
            throw new RowException(
                    "unknown field " + JsonText.cut(name, SHOWN) + ": expected " + expected());
        }
        if (seen[field]) {
            throw new RowException(names.get(field) + " is there twice");
        }
        seen[field] = true;
        at = quote + 1;
        return field;
    }

    private int find(byte[] name, int guess) {
        return find(name, 0, name.length, guess);
    }

    private int find(byte[] bytes, int from, int to, int guess) {
        for (int i = 0; i < keys.length; i++) {
            int field = guess + i < keys.length ? guess + i : guess + i - keys.length;
            byte[] key = keys[field];
            if (key.length == to - from && Arrays.equals(key, 0, key.length, bytes, from, to)) {
                return field;
            }
        }
        return -1;
    }

    private float value(int field) throws RowException {
        if (at < end && (in[at] == '-' || in[at] >= '0' && in[at] <= '9')) {
            int from = at;
            int to = JsonNumber.end(in, at, end);
            if (to < 0) {
                throw notJson(names.get(field) + " is no JSON number");
            }
            at = to;
            float value = (float) JsonNumber.value(in, from, to);
            if (Float.isInfinite(value)) {
                throw new RowException(
                        names.get(field)
                                + " is "
                                + JsonText.cut(utf8(from, to), SHOWN)
                                + ", more than a 32-bit float can hold");
            }
            return value;
        }
        throw new RowException(
                names.get(field) + " is " + kind() + ": expected a number, in centimetres");
    }

    /** What begins here, in words. */
    private String kind() {
        if (at == end) {
            return "missing";
        }
        return switch (in[at]) {
            case '"' -> "a string";
            case '{' -> "an object";
            case '[' -> "an array";
            case 't', 'f' -> startsWith("true") || startsWith("false") ? "a boolean" : "no JSON";
            case 'n' -> startsWith("null") ? "null" : "no JSON";
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> "a number";
            default -> "no JSON";
        };
    }

    private boolean startsWith(String literal) {
        return literal.length() <= end - at && utf8(at, at + literal.length()).equals(literal);
    }

    private void checkComplete() throws RowException {
        List<String> missing = new ArrayList<>(0);
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i]) {
                missing.add(names.get(i));
            }
        }
        if (!missing.isEmpty()) {
            throw new RowException(
                    String.join(", ", missing)
                            + (missing.size() == 1 ? " is" : " are")
                            + " missing: expected "
                            + expected());
        }
    }

    private String expected() {
        return String.join(", ", names);
    }

    private void expect(char c) throws RowException {
        if (at == end || in[at] != c) {
            throw notJson("expected '" + c + "'");
        }
        at++;
    }

    private void skipSpace() {
        while (at < end && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
    }

    private RowException notJson(String what) {
        return new RowException(
                at >= end
                        ? "the body is cut short: " + what
                        : "not JSON at byte " + (at - start) + " of the body: " + what);
    }

    private String utf8(int from, int to) {
        return new String(in, from, to - from, StandardCharsets.UTF_8);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
