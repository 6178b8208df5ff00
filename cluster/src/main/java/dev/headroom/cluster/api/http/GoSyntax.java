package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Cause;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a JSON text in the words of Go's encoding/json, which people and programs look for: {@code invalid character 'x'
 * looking for beginning of value}. A state for each byte, as there (scanner.go); only texts that were refused already are read by it.
 */
final class GoSyntax {
    private enum Step {
        VALUE,
        VALUE_OR_END,
        KEY,
        KEY_OR_END,
        AFTER_VALUE,
        AFTER_TOP,
        STRING,
        ESCAPE,
        HEX,
        MINUS,
        ZERO,
        DIGITS,
        POINT,
        FRACTION,
        EXPONENT,
        SIGNED_EXPONENT,
        EXPONENT_DIGITS,
        LITERAL
    }

    private enum Within {
        KEY,
        OBJECT,
        ARRAY
    }

    /** Go has letters for them: a, b, f, v. */
    private static final String NAMED = "\u0007\b\f\u000b";

    private final Deque<Within> open = new ArrayDeque<>();
    private Step step = Step.VALUE;
    private String literal = "";
    private int at;
    private @Nullable String fault;

    private GoSyntax() {}

    /** What is wrong; null where nothing is. */
    static @Nullable String fault(byte[] json) {
        GoSyntax scanner = new GoSyntax();
        for (byte b : json) {
            scanner.next(b & 0xff);
            if (scanner.fault != null) {
                return scanner.fault;
            }
        }
        // As Go's: whatever may stand at the end may be followed by a space.
        scanner.next(' ');
        if (scanner.step != Step.AFTER_TOP && scanner.fault == null) {
            return "unexpected end of JSON input";
        }
        return scanner.fault;
    }

    private void next(int c) {
        switch (step) {
            case VALUE -> value(c);
            case VALUE_OR_END -> {
                if (c == ']') {
                    close();
                } else {
                    value(c);
                }
            }
            case KEY_OR_END -> {
                if (c == '}') {
                    close();
                } else {
                    key(c);
                }
            }
            case KEY -> key(c);
            case AFTER_VALUE -> afterValue(c);
            case AFTER_TOP -> {
                if (!isSpace(c)) {
                    fail(c, "after top-level value");
                }
            }
            case STRING -> string(c);
            case ESCAPE -> escape(c);
            case HEX -> hex(c);
            case LITERAL -> literal(c);
            default -> number(c);
        }
    }

    private void value(int c) {
        if (isSpace(c)) {
            return;
        }
        switch (c) {
            case '{' -> {
                open.push(Within.KEY);
                step = Step.KEY_OR_END;
            }
            case '[' -> {
                open.push(Within.ARRAY);
                step = Step.VALUE_OR_END;
            }
            case '"' -> step = Step.STRING;
            case '-' -> step = Step.MINUS;
            case '0' -> step = Step.ZERO;
            case 't' -> begin("true");
            case 'f' -> begin("false");
            case 'n' -> begin("null");
            default -> {
                if (isDigit(c)) {
                    step = Step.DIGITS;
                } else {
                    fail(c, "looking for beginning of value");
                }
            }
        }
    }

    private void begin(String word) {
        literal = word;
        at = 1;
        step = Step.LITERAL;
    }

    private void literal(int c) {
        char expected = literal.charAt(at);
        if (c != expected) {
            fail(c, "in literal " + literal + " (expecting '" + expected + "')");
        } else if (++at == literal.length()) {
            valueEnds();
        }
    }

    private void key(int c) {
        if (c == '"') {
            step = Step.STRING;
        } else if (!isSpace(c)) {
            fail(c, "looking for beginning of object key string");
        }
    }

    private void valueEnds() {
        step = open.isEmpty() ? Step.AFTER_TOP : Step.AFTER_VALUE;
    }

    private void close() {
        open.pop();
        valueEnds();
    }

    private void afterValue(int c) {
        if (isSpace(c)) {
            return;
        }
        switch (open.element()) {
            case KEY -> {
                if (c == ':') {
                    enter(Within.OBJECT, Step.VALUE);
                } else {
                    fail(c, "after object key");
                }
            }
            case OBJECT -> {
                if (c == ',') {
                    enter(Within.KEY, Step.KEY);
                } else if (c == '}') {
                    close();
                } else {
                    fail(c, "after object key:value pair");
                }
            }
            case ARRAY -> {
                if (c == ',') {
                    step = Step.VALUE;
                } else if (c == ']') {
                    close();
                } else {
                    fail(c, "after array element");
                }
            }
        }
    }

    private void enter(Within within, Step next) {
        open.pop();
        open.push(within);
        step = next;
    }

    private void string(int c) {
        if (c == '"') {
            valueEnds();
        } else if (c == '\\') {
            step = Step.ESCAPE;
        } else if (c < ' ') {
            fail(c, "in string literal");
        }
    }

    private void escape(int c) {
        if (c == 'u') {
            at = 0;
            step = Step.HEX;
        } else if ("bfnrt\\/\"".indexOf(c) >= 0) {
            step = Step.STRING;
        } else {
            fail(c, "in string escape code");
        }
    }

    private void hex(int c) {
        if (Character.digit(c, 16) < 0 || c > 'f') {
            fail(c, "in \\u hexadecimal character escape");
        } else if (++at == 4) {
            step = Step.STRING;
        }
    }

    private void number(int c) {
        boolean digit = isDigit(c);
        switch (step) {
            case MINUS -> to(digit, c == '0' ? Step.ZERO : Step.DIGITS, c, "in numeric literal");
            case POINT -> to(digit, Step.FRACTION, c, "after decimal point in numeric literal");
            case EXPONENT -> {
                if (c == '+' || c == '-') {
                    step = Step.SIGNED_EXPONENT;
                } else {
                    to(digit, Step.EXPONENT_DIGITS, c, "in exponent of numeric literal");
                }
            }
            case SIGNED_EXPONENT ->
                    to(digit, Step.EXPONENT_DIGITS, c, "in exponent of numeric literal");
            default -> {
                boolean whole = step == Step.ZERO || step == Step.DIGITS;
                if (digit && step != Step.ZERO) {
                    return;
                }
                if (c == '.' && whole) {
                    step = Step.POINT;
                } else if ((c == 'e' || c == 'E') && step != Step.EXPONENT_DIGITS) {
                    step = Step.EXPONENT;
                } else {
                    valueEnds();
                    next(c);
                }
            }
        }
    }

    private void to(boolean fits, Step next, int c, String where) {
        if (fits) {
            step = next;
        } else {
            fail(c, where);
        }
    }

    private void fail(int c, String where) {
        fault = "invalid character " + quoted(c) + " " + where;
    }

    /** A byte as Go quotes it: by itself, as if it were the character of that number. */
    private static String quoted(int c) {
        if (c == '\'') {
            return "'\\''";
        }
        if (c == '"') {
            return "'\"'";
        }
        int named = NAMED.indexOf(c);
        if (named >= 0) {
            return "'\\" + "abfv".charAt(named) + "'";
        }
        boolean unprintable = c >= 0x80 && c <= 0xa0 || c == 0xad;
        if (unprintable) {
            return String.format("'\\u%04x'", c);
        }
        String quoted = Cause.quote(String.valueOf((char) c));
        return "'" + quoted.substring(1, quoted.length() - 1) + "'";
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
