package dev.headroom.iris.api.http;

import org.jspecify.annotations.Nullable;

/** A request method that is known (RFC 9110, section 9; RFC 5789). */
public enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    PATCH,
    OPTIONS,
    TRACE,
    CONNECT;

    private static final Method[] ALL = values();
    private final byte[] text = Ascii.bytes(name());

    /** The method of this name (they are case-sensitive), or null. */
    static @Nullable Method of(byte[] bytes, int from, int to) {
        for (Method method : ALL) {
            if (Ascii.equal(method.text, bytes, from, to)) {
                return method;
            }
        }
        return null;
    }
}
