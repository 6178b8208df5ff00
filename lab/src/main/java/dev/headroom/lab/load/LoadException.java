package dev.headroom.lab.load;

import org.jspecify.annotations.Nullable;

/** A load could not be offered or measured at all; the message says what was attempted, what happened and what to do. */
public final class LoadException extends Exception {
    private static final long serialVersionUID = 1L;

    public LoadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
