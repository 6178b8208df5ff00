package dev.headroom.iris.api.http;

import java.util.ArrayList;
import java.util.List;

/** A path that is served, by one method and what answers it. {@code HEAD} comes with {@code GET}, {@code OPTIONS} with all. */
public final class Route {
    private final String name;
    private final byte[] path;
    private final Method method;
    private final Handler handler;
    private final String allow;
    private final Response notAllowed;
    private final Response options;

    public Route(Method method, String path, Handler handler) {
        this.name = path;
        this.path = Ascii.bytes(path);
        this.method = method;
        this.handler = handler;
        List<String> allowed = new ArrayList<>(List.of(method.name()));
        if (method == Method.GET) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        this.allow = "Allow: " + String.join(", ", allowed);
        this.notAllowed =
                Response.problem(
                        Status.METHOD_NOT_ALLOWED,
                        path + " knows only " + String.join(", ", allowed),
                        allow);
        this.options = Response.noContent(allow);
    }

    /** The path, as metrics call it. */
    public String name() {
        return name;
    }

    boolean isAt(byte[] bytes, int from, int to) {
        return Ascii.equal(path, bytes, from, to);
    }

    boolean allows(Method asked) {
        return asked == method || asked == Method.HEAD && method == Method.GET;
    }

    Handler handler() {
        return handler;
    }

    /** The answer to a method that is not among those of this path. */
    Response notAllowed() {
        return notAllowed;
    }

    /** The answer to {@code OPTIONS}. */
    Response options() {
        return options;
    }
}
