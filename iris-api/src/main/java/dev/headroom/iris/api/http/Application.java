package dev.headroom.iris.api.http;

import java.util.List;

/** What a server serves. */
public interface Application {
    /**
     * The routes, for one event loop: asked once per loop, so that a handler may keep scratch space of its own.
     *
     * @param status what the whole server counts and whether it is going
     */
    List<Route> routes(ServerStatus status);
}
