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
    private final boolean sticky;
    private final ServiceMeter meter = new ServiceMeter();
    private final Map<InetSocketAddress, Listening> listenings = new HashMap<>();

    /** By pod, ever: counters must not vanish with the pod. */
    private final Map<String, PodBackend> known = new LinkedHashMap<>();

    private volatile List<Backend> ready = List.of();

    ServicePort(String namespace, String service, int port, boolean sticky) {
        this.namespace = namespace;
        this.service = service;
        this.port = port;
        this.sticky = sticky;
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
                        .map(entry ->
                                known.computeIfAbsent(
                                                entry.getKey(),
                                                pod ->
                                                        new PodBackend(
                                                                pod, new Backend(entry.getValue())))
                                        .backend())
                        .toList();
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
        int index =
                sticky
                        ? Math.floorMod(client.getAddress().hashCode(), now.size())
                        : ThreadLocalRandom.current().nextInt(now.size());
        return now.get(index);
    }

    @Override
    public synchronized void close() {
        listenings.values().forEach(Listening::close);
        listenings.clear();
    }
}
