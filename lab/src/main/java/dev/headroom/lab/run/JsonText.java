package dev.headroom.lab.run;

import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;

/** A value of a run's file as it was read, held against the record that it should be: what is wrong is said with its line and its key. */
final class JsonText {
    /** What is below them was written by a cluster, whose numbers are its own. */
    private static final Set<String> FOREIGN = Set.of("object", "items");

    private final String text;

    JsonText(String text) {
        this.text = text;
    }

    /**
     * Something that is wrong.
     *
     * @param line in the text, from 1; 0 where none can be named
     * @param words with the key, where there is one
     */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        private final int line;
        private final String words;

        Wrong(int line, String words) {
            super(words);
            this.line = line;
            this.words = words;
        }

        int line() {
            return line;
        }

        String words() {
            return words;
        }
    }

    JsonNode tree() throws Wrong {
        try {
            return Json.mapper().readTree(text);
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    /**
     * The value, once it is all that it should be.
     *
     * @param measured whether its numbers are counts, times and sizes, of which none is negative
     */
    <T> T value(Class<T> type, boolean measured) throws Wrong {
        JsonNode tree = tree();
        // Of what is missing, the JSON library would make zeros.
        Mismatch mismatch = Mismatch.in(tree, type);
        if (mismatch != null) {
            throw at(mismatch.key(), mismatch.words());
        }
        T value;
        try {
            value = Json.mapper().treeToValue(tree, type);
        } catch (JacksonException e) {
            throw new Wrong(0, "is not what this program writes");
        }
        if (measured) {
            refuseNegative();
        }
        if (value instanceof Plausible plausible) {
            Plausible.Impossible impossible = plausible.impossible();
            if (impossible != null) {
                throw at(impossible.key(), impossible.words());
            }
        }
        return value;
    }

    private static Wrong notJson(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        int line = at == null ? 0 : Math.max(0, at.getLineNr());
        String from = at == null ? "" : ", from column " + at.getColumnNr() + " on";
        return new Wrong(
                line,
                switch (e) {
                    case UnexpectedEndOfInputException cut -> "is cut off";
                    case StreamConstraintsException large ->
                            "holds a value that is too long, or is nested too deeply";
                    case StreamReadException broken -> "is no JSON" + from;
                    default -> "holds more than one JSON value";
                });
    }

    /** Something wrong with a key, or with the whole where that is empty. */
    Wrong at(String key, String words) {
        return new Wrong(line(key), key.isEmpty() ? words : key + ": " + words);
    }

    private void refuseNegative() throws Wrong {
        if (!mayHoldNegative()) {
            return;
        }
        try (JsonParser parser = Json.mapper().createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && FOREIGN.contains(parser.currentName())) {
                    parser.nextToken();
                    parser.skipChildren();
                } else if (token.isNumeric() && parser.getDoubleValue() < 0) {
                    throw new Wrong(
                            parser.currentTokenLocation().getLineNr(),
                            key(parser.streamReadContext())
                                    + ": found "
                                    + parser.getString()
                                    + "; it takes no number below 0");
                }
            }
        }
    }

    /** Whether there is a minus where a number may begin; a text may have one there too. */
    private boolean mayHoldNegative() {
        for (int i = text.indexOf('-', 1); i > 0; i = text.indexOf('-', i + 1)) {
            char before = text.charAt(i - 1);
            if (before == ':' || before == '[' || before == ',' || before <= ' ') {
                return true;
            }
        }
        return false;
    }

    /** Of a key, or of the nearest around it that is there. */
    private int line(String key) {
        int best = 0;
        int longest = -1;
        try (JsonParser parser = Json.mapper().createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                String at = key(parser.streamReadContext());
                boolean around = key.startsWith(at) && at.length() > longest;
                if (around && token != JsonToken.END_OBJECT && token != JsonToken.END_ARRAY) {
                    longest = at.length();
                    best = parser.currentTokenLocation().getLineNr();
                }
            }
        }
        return best;
    }

    /** As {@code windows[3].at}. */
    private static String key(TokenStreamContext context) {
        StringBuilder key = new StringBuilder();
        for (TokenStreamContext at = context; at != null; at = at.getParent()) {
            String name = at.inObject() ? at.currentName() : null;
            if (name != null) {
                key.insert(0, "." + name);
            } else if (at.inArray() && at.hasCurrentIndex()) {
                key.insert(0, String.format(Locale.ROOT, "[%d]", at.getCurrentIndex()));
            }
        }
        return key.isEmpty() || key.charAt(0) != '.' ? key.toString() : key.substring(1);
    }
}
