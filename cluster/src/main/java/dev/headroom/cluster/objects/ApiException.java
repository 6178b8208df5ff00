package dev.headroom.cluster.objects;

import tools.jackson.databind.node.ObjectNode;

/** A refusal of the API: an HTTP code with the Kubernetes {@code Status} object that explains it. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final transient ObjectNode status;

    public ApiException(int code, ObjectNode status) {
        super(status.path("message").asString(""));
        this.code = code;
        this.status = status;
    }

    public int code() {
        return code;
    }

    /** The machine-readable reason, such as {@code NotFound}, {@code Conflict}, {@code AlreadyExists}, {@code Expired}. */
    public String reason() {
        return status.path("reason").asString("");
    }

    /** The whole {@code v1 Status}. */
    public ObjectNode status() {
        return status;
    }

    public boolean isNotFound() {
        return code == 404;
    }

    public boolean isConflict() {
        return code == 409 && "Conflict".equals(reason());
    }
}
