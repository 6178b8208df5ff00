package dev.headroom.iris.api.http;

/** Why a connection ended. */
public enum CloseReason {
    /** The client closed or reset it, or asked for its end. */
    CLIENT("client"),
    /** It had reached its maximum age. */
    AGE("age"),
    /** Nothing, or too little in too long a time, came in or was taken. */
    IDLE("idle"),
    /** What came in was no acceptable HTTP, or the server failed. */
    ERROR("error"),
    /** More connections, or more held for them, than the server may have. */
    OVERLOAD("overload"),
    /** The server goes. */
    SHUTDOWN("shutdown");

    private final String label;

    CloseReason(String label) {
        this.label = label;
    }

    /** As metrics call it. */
    public String label() {
        return label;
    }
}
