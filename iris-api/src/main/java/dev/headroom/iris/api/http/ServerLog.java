package dev.headroom.iris.api.http;

/** Where a server tells what it did and what failed. Called on the event loops: it must not block for long. */
public interface ServerLog {
    /** Tells nothing of requests, and failures to nobody. */
    ServerLog SILENT = new ServerLog() {};

    /**
     * A request that was answered.
     *
     * @param client address and port
     * @param method as it was sent, or {@code -}
     * @param target as it was sent, or {@code -} where none could be read
     * @param traceparent as it was sent (W3C Trace Context), or empty
     * @param nanos from the head's first byte to the answer
     */
    record Access(
            String client,
            String method,
            String target,
            int status,
            long bytes,
            long nanos,
            String traceparent) {}

    /** Whether {@link #answered} is to be called; where not, requests cost nothing more. */
    default boolean access() {
        return false;
    }

    default void answered(Access access) {}

    /** Something that is no client's fault. */
    default void failed(String doing, Throwable cause) {}
}
