package dev.headroom.iris.api.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the route of a path, and knows what is answered where no handler is asked. */
final class Router {
    private static final String ALLOW = "Allow: GET, HEAD, POST, OPTIONS";
    private static final Response NOT_FOUND =
            Response.problem(Status.NOT_FOUND, "nothing is served at this path");
    private static final Response ANY_OPTIONS = Response.noContent(ALLOW);
    private static final Response NOT_ALLOWED =
            Response.problem(
                    Status.METHOD_NOT_ALLOWED, "this server is no proxy and no tunnel", ALLOW);

    private final Route[] routes;
    private final Target target = new Target();

    Router(List<Route> routes) {
        this.routes = routes.toArray(Route[]::new);
    }

    /** Scratch space for reading targets: one event loop reads one at a time. */
    Target target() {
        return target;
    }

    int count() {
        return routes.length;
    }

    /** Index of the path's route, or -1. */
    int find(byte[] in, int from, int to) {
        for (int i = 0; i < routes.length; i++) {
            if (routes[i].isAt(in, from, to)) {
                return i;
            }
        }
        for (int i = from; i < to; i++) {
            if (in[i] == '%') {
                byte[] plain = Target.normalized(in, from, to);
                return plain.length < to - from ? find(plain, 0, plain.length) : -1;
            }
        }
        return -1;
    }

    Route at(int index) {
        return routes[index];
    }

    /** The answer that a request's head alone decides, or null where a handler is to be asked. */
    @Nullable Response early(@Nullable Method method, int route, boolean wholeServer, Head head) {
        if (method == null) {
            return Refusals.UNKNOWN_METHOD;
        }
        if (method == Method.CONNECT) {
            return NOT_ALLOWED;
        }
        if (wholeServer) {
            return ANY_OPTIONS;
        }
        if (route < 0) {
            return NOT_FOUND;
        }
        if (method == Method.OPTIONS) {
            return routes[route].options();
        }
        return routes[route].allows(method)
                ? routes[route].handler().check(head)
                : routes[route].notAllowed();
    }
}
