package dev.headroom.cluster.balancer;

import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides where a new connection goes. Called by event loops: must neither block nor throw. */
@FunctionalInterface
public interface Picker {
    /**
     * A ready pod for this client, or null where there is none: then the connection is reset, as kube-proxy rejects it.
     *
     * @param without pods that could not be reached just now; empty at first
     */
    @Nullable Backend pick(InetSocketAddress client, Set<Backend> without);
}
