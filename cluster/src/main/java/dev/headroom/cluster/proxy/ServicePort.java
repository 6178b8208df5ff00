package dev.headroom.cluster.proxy;

import dev.headroom.cluster.balancer.Backend;
import dev.headroom.cluster.balancer.Listening;
import dev.headroom.cluster.balancer.Picker;
import dev.headroom.cluster.balancer.ServiceMeter;
import dev.headroom.cluster.proxy.ServiceProxy.PodBackend;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One port of a service: where it listens, who is ready behind it, and what was counted for those who ever were. */
final class ServicePort implements Picker, AutoCloseable {
    private final String namespace;
    private final String service;
    private final int port;
    private final ServiceMeter meter = new ServiceMeter();
    private final Map<InetSocketAddress, Listening> listenings = new HashMap<>();

    /** By pod, ever: counters must not vanish with the pod. */
    private final Map<String, PodBackend> known = new LinkedHashMap<>();

    private volatile List<Backend> ready = List.of();

    /** Null where every connection goes anywhere. */
    private volatile @Nullable ClientAffinity affinity;

    ServicePort(String namespace, String service, int port) {
        this.namespace = namespace;
        this.service = service;
        this.port = port;
    }

    /**
     * Clients stay with their pod, or do so no more.
     *
     * @param seconds that a client may be away for; null where they do not stay
     */
    synchronized void stay(@Nullable Integer seconds) {
        ClientAffinity before = affinity;
        if (seconds == null) {
            affinity = null;
        } else if (before == null || before.seconds() != seconds) {
            affinity = new ClientAffinity(seconds);
        }
    }

    String namespace() {
        return namespace;
    }

    String service() {
        return service;
    }

    int port() {
        return port;
    }

    ServiceMeter meter() {
        return meter;
    }

    synchronized List<PodBackend> backends() {
        return List.copyOf(known.values());
    }

    synchronized void endpoints(Map<String, InetSocketAddress> endpoints) {
        ready =
                endpoints.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> backend(entry.getKey(), entry.getValue()))
                        .toList();
    }

    /** A pod that was made again under its name has another address, and begins to count anew. */
    private Backend backend(String pod, InetSocketAddress address) {
        PodBackend found = known.get(pod);
        if (found == null || !found.backend().address().equals(address)) {
            found = new PodBackend(pod, new Backend(address));
            known.put(pod, found);
        }
        return found.backend();
    }

    /** Listens on these addresses and no others; one that cannot be is tried again the next time. */
    synchronized void listen(
            Set<InetSocketAddress> wanted, Function<InetSocketAddress, @Nullable Listening> open) {
        listenings
                .entrySet()
                .removeIf(entry -> {
                    if (wanted.contains(entry.getKey())) {
                        return false;
                    }
                    entry.getValue().close();
                    return true;
                });
        for (InetSocketAddress address : wanted) {
            if (!listenings.containsKey(address)) {
                Listening listening = open.apply(address);
                if (listening != null) {
                    listenings.put(address, listening);
                }
            }
        }
    }

    synchronized boolean listensOn(String ip) {
        return listenings.keySet().stream()
                .anyMatch(address -> address.getAddress().getHostAddress().equals(ip));
    }

    @Override
    public @Nullable Backend pick(InetSocketAddress client, Set<Backend> without) {
        List<Backend> now =
                without.isEmpty()
                        ? ready
                        : ready.stream().filter(pod -> !without.contains(pod)).toList();
        if (now.isEmpty()) {
            return null;
        }
        ClientAffinity staying = affinity;
        return staying != null
                ? staying.pick(client.getAddress(), now)
                : now.get(ThreadLocalRandom.current().nextInt(now.size()));
    }

    @Override
    public synchronized void close() {
        listenings.values().forEach(Listening::close);
        listenings.clear();
    }
}
