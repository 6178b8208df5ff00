package dev.headroom.lab.deploy;

import org.jspecify.annotations.Nullable;

/** The Kubernetes API gave no answer. */
public final class ClusterGoneException extends Exception {
    private static final long serialVersionUID = 1L;

    public ClusterGoneException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
