package dev.headroom.iris.api.model;

/** A model file that cannot be served; the message says which, what is wrong with it and where. */
public final class ModelException extends Exception {
    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(message);
    }
}
