package dev.headroom.iris.api.http;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/** A path that is served, the methods it knows and what answers them. {@code HEAD} comes with {@code GET}. */
public final class Route {
    private final byte[] path;
    private final Set<Method> methods;
    private final Function<Request, Response> handler;
    private final Response notAllowed;

    /**
     * A path served by one method.
     *
     * @param handler must not block: it runs on the event loop
     */
    public Route(Method method, String path, Function<Request, Response> handler) {
        this.path = Ascii.bytes(path);
        EnumSet<Method> all = EnumSet.of(method);
        if (method == Method.GET) {
            all.add(Method.HEAD);
        }
        this.methods = Collections.unmodifiableSet(all);
        this.handler = handler;
        StringBuilder allow = new StringBuilder();
        for (Method allowed : all) {
            allow.append(allow.isEmpty() ? "" : ", ").append(allowed);
        }
        this.notAllowed =
                Response.error(
                        Status.METHOD_NOT_ALLOWED,
                        "this path only knows " + allow,
                        "Allow: " + allow);
    }

    boolean isAt(byte[] bytes, int from, int to) {
        return Ascii.equal(path, bytes, from, to);
    }

    boolean allows(Method method) {
        return methods.contains(method);
    }

    Response handle(Request request) {
        return handler.apply(request);
    }

    /** The answer to a method that is not among those of this path. */
    Response notAllowed() {
        return notAllowed;
    }
}
