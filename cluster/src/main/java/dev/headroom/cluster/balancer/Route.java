package dev.headroom.cluster.balancer;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a client's connection goes, and where next if the pod refuses the connection. The client has been accepted before its pod is asked, so that a pod that is not there any more can no
 * longer refuse it as it would behind kube-proxy's packet rules: another is tried, as kube-proxy did when it was a balancer in user space.
 * Confined to one thread at a time.
 */
final class Route {
    /** As many as kube-proxy's {@code endpointDialTimeouts} were. */
    private static final int ATTEMPTS = 4;

    private final Picker picker;
    private final InetSocketAddress client;
    private final ServiceMeter service;
    private Backend backend;

    /** Those that could not be reached. */
    private Set<Backend> failed = Set.of();

    private Route(Picker picker, InetSocketAddress client, ServiceMeter service, Backend backend) {
        this.picker = picker;
        this.client = client;
        this.service = service;
        this.backend = backend;
    }

    /** The way for this client, or null where no pod is ready. */
    static @Nullable Route of(Picker picker, InetSocketAddress client, ServiceMeter service) {
        Backend first = picker.pick(client, Set.of());
        return first == null ? null : new Route(picker, client, service, first);
    }

    Backend backend() {
        return backend;
    }

    ServiceMeter service() {
        return service;
    }

    /** After the backend could not be reached: goes on to another, or says that there is none. */
    boolean another() {
        backend.connectFailed();
        if (failed.isEmpty()) {
            failed = new HashSet<>();
        }
        failed.add(backend);
        Backend next = failed.size() < ATTEMPTS ? picker.pick(client, failed) : null;
        if (next == null) {
            return false;
        }
        backend = next;
        return true;
    }
}
