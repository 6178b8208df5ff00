package dev.headroom.iris.api.json;

/** A body that holds no rows of features; the message names the field, what was found and what is accepted. */
public final class BodyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is the matter with it. */
    public enum Kind {
        /** It is no JSON (RFC 8259). */
        NOT_JSON,
        /** It is JSON, but not what is expected. */
        INVALID,
        /** It has more rows than are accepted. */
        TOO_MANY_ROWS
    }

    private final Kind kind;
    private final String pointer;

    BodyException(Kind kind, String pointer, String message) {
        // No stack trace: it is an answer to a client, not a fault of the program.
        super(message, null, false, false);
        this.kind = kind;
        this.pointer = pointer;
    }

    public Kind kind() {
        return kind;
    }

    /** A JSON pointer (RFC 6901) to what is wrong; empty for the whole body. */
    public String pointer() {
        return pointer;
    }

    /** What was found and what is accepted. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
