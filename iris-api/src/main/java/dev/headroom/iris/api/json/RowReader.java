package dev.headroom.iris.api.json;

import dev.headroom.iris.api.json.BodyException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of features from JSON: one object, or an array of objects, each with the given members, in any order, each a
 * number. Other members are passed over. Keeps its row, and is reused.
 *
 * <p>What is wrong with the values is remembered and the reading goes on: only at the end is it known whether it is JSON at
 * all, and that comes first.
 */
public final class RowReader extends JsonScanner {
    /** So much of a number is repeated in an error. */
    private static final int SHOWN = 40;

    private static final int NO_INDEX = -1;

    private final List<String> names;
    private final byte[][] keys;
    private final float[] row;
    private final boolean[] seen;
    private final int maxRows;
    private int index = NO_INDEX;
    private int field = NO_INDEX;
    private @Nullable BodyException wrong;

    /**
     * A reader of these members.
     *
     * @param names in the order of the row
     * @param maxRows how many an array may hold
     */
    public RowReader(List<String> names, int maxRows) {
        this.names = List.copyOf(names);
        this.maxRows = maxRows;
        this.keys = new byte[names.size()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = names.get(i).getBytes(StandardCharsets.UTF_8);
        }
        this.row = new float[keys.length];
        this.seen = new boolean[keys.length];
    }

    /**
     * Reads the rows in a range of bytes.
     *
     * @param sink is given each row; what it was given counts only once this has returned
     * @return how many an array held, or -1 for a single object
     */
    public int read(byte[] bytes, int from, int to, RowSink sink) throws BodyException {
        open(bytes, from, to);
        index = NO_INDEX;
        field = NO_INDEX;
        wrong = null;
        int rows = NO_INDEX;
        skipSpace();
        if (atEnd()) {
            throw notJson("expected a JSON object with " + expected());
        }
        if (next('{')) {
            row(0, sink);
        } else if (next('[')) {
            rows = batch(sink);
        } else {
            String kind = kind();
            value(0);
            remember("the body is " + kind + ": expected an object or an array of objects");
        }
        skipSpace();
        if (!atEnd()) {
            throw notJson("more behind the end");
        }
        if (rows > maxRows) {
            throw new BodyException(
                    Kind.TOO_MANY_ROWS, "", rows + " rows: at most " + maxRows + " are accepted");
        }
        if (wrong != null) {
            throw wrong;
        }
        return rows;
    }

    private int batch(RowSink sink) throws BodyException {
        enter(1);
        if (next(']')) {
            at++;
            remember("the batch is empty: expected at least one object");
            return 0;
        }
        index = 0;
        do {
            skipSpace();
            if (next('{')) {
                row(1, sink);
            } else {
                String kind = kind();
                value(1);
                remember("this is " + kind + ": expected an object with " + expected());
            }
            skipSpace();
            index++;
        } while (more(']'));
        int rows = index;
        index = NO_INDEX;
        return rows;
    }

    private void row(int depth, RowSink sink) throws BodyException {
        Arrays.fill(seen, false);
        enter(depth + 1);
        if (next('}')) {
            at++;
        } else {
            int guess = 0;
            do {
                skipSpace();
                int found = key(guess);
                field = found;
                skipSpace();
                expect(':');
                skipSpace();
                if (found < 0) {
                    value(depth + 1);
                } else {
                    member(found, depth + 1);
                    guess = found + 1;
                }
                field = NO_INDEX;
                skipSpace();
            } while (more('}'));
        }
        for (boolean one : seen) {
            if (!one) {
                missing();
                return;
            }
        }
        // Past the most that are accepted, or once something is wrong, no row is of use.
        if (wrong == null && index < maxRows) {
            sink.row(row);
        }
    }

    /** The index of the name that stands here, or -1 for an unknown one. Names mostly come in order: that one is tried first. */
    private int key(int guess) throws BodyException {
        if (guess < keys.length && skipIf(keys[guess])) {
            return guess;
        }
        int from = at + 1;
        string();
        int to = at - 1;
        if (plain) {
            return find(bytes(), from, to);
        }
        byte[] name = JsonText.unescape(bytes(), from, to);
        return find(name, 0, name.length);
    }

    private int find(byte[] bytes, int from, int to) {
        for (int i = 0; i < keys.length; i++) {
            if (Arrays.equals(keys[i], 0, keys[i].length, bytes, from, to)) {
                return i;
            }
        }
        return -1;
    }

    private void member(int found, int depth) throws BodyException {
        if (seen[found]) {
            value(depth);
            remember(names.get(found) + " is there twice: expected it once");
            return;
        }
        seen[found] = true;
        if (!nextIsNumber()) {
            String kind = kind();
            value(depth);
            remember(names.get(found) + " is " + kind + ": expected a number, in centimetres");
            return;
        }
        int from = number();
        float value = (float) JsonNumber.value(bytes(), from, at);
        row[found] = value;
        if (Float.isInfinite(value)) {
            remember(
                    names.get(found)
                            + " is "
                            + JsonText.cut(text(from, at), SHOWN)
                            + ": expected a number that a 32-bit float can hold");
        }
    }

    private void missing() {
        List<String> absent = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i]) {
                field = absent.isEmpty() ? i : field;
                absent.add(names.get(i));
            }
        }
        remember(
                String.join(", ", absent)
                        + (absent.size() == 1 ? " is" : " are")
                        + " missing: expected "
                        + expected());
        field = NO_INDEX;
    }

    private String expected() {
        return String.join(", ", names);
    }

    /** The first thing that is wrong is what is said. */
    private void remember(String what) {
        if (wrong == null) {
            wrong = new BodyException(Kind.INVALID, pointer(), what);
        }
    }

    @Override
    String pointer() {
        String path = index < 0 ? "" : "/" + index;
        return field < 0
                ? path
                : path + "/" + names.get(field).replace("~", "~0").replace("/", "~1");
    }
}
