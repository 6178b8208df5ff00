package dev.headroom.iris.api.json;

/** A body that is no row of features; the message names the field, what was found and what is expected. */
public final class RowException extends Exception {
    private static final long serialVersionUID = 1L;

    RowException(String message) {
        // No stack trace: it is an answer to a client, not a fault of the program.
        super(message, null, false, false);
    }
}
