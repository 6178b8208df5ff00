package dev.headroom.cluster.api.stream;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * A stream that a client has opened.
 *
 * @param headers by their names in small letters
 * @param in what the client sends on it
 * @param out what it is sent
 */
record SpdyStream(Map<String, String> headers, Inbox in, Outlet out) implements AutoCloseable {
    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Reads no more of it, and ends this side. */
    @Override
    public void close() throws IOException {
        in.close();
        out.close();
    }
}
