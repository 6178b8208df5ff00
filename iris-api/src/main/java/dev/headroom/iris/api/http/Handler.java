package dev.headroom.iris.api.http;

import org.jspecify.annotations.Nullable;

/** Answers the requests of a route. It must not block: it runs on the event loop. */
@FunctionalInterface
public interface Handler {
    /** The answer to a whole request. */
    Response handle(Request request);

    /**
     * What the query asks for, in the handler's own terms; asked while the query is at hand.
     *
     * @param in holds the query between {@code from} and {@code to}, without its question mark
     */
    default int options(byte[] in, int from, int to) {
        return 0;
    }

    /** A refusal that needs no look at the body, or null: a client that waits with its body is told at once. */
    default @Nullable Response check(Head head) {
        return null;
    }
}
