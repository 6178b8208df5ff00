package dev.headroom.iris.api.http;

/** What a running server knows of itself, over all its event loops; counts since its start. */
public interface ServerStatus {
    /** Whether it was told to go. */
    boolean draining();

    /** Requests answered with this status. */
    long requests(Status status);

    /** Connections accepted. */
    long accepted();

    /** Connections that ended for this reason. */
    long closed(CloseReason reason);

    /** Connections that are open now. */
    default long open() {
        long open = accepted();
        for (CloseReason reason : CloseReason.values()) {
            open -= closed(reason);
        }
        return open;
    }
}
