package dev.headroom.cluster.proxy;

import dev.headroom.cluster.balancer.Backend;
import dev.headroom.cluster.balancer.Balancer;
import dev.headroom.cluster.balancer.Listening;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Listens for every service on its cluster address, its node port and its load balancer's address, and keeps who is ready behind it. */
public final class ServiceProxy implements AutoCloseable {
    private static final int PRIVILEGED = 1024;

    /** Where a cluster address listens in place of a port that only root may use: 80 becomes 30080. */
    private static final int ABOVE_PRIVILEGED = 30_000;

    private static final System.Logger LOG = System.getLogger(ServiceProxy.class.getName());

    private final Objects objects;
    private final EventRecorder events;
    private final Balancer balancer;
    private final List<String> nodeIps;
    private final IntFunction<String> loadBalancerIp;
    private final WorkQueue queue;
    private final Informer services;
    private final Informer slices;
    private final Map<String, ServicePort> ports = new ConcurrentHashMap<>();
    private final Map<String, Integer> loadBalancers = new ConcurrentHashMap<>();
    private int lastLoadBalancer;

    /**
     * Starts listening for the services there are and those to come.
     *
     * @param nodeIps where node ports are served
     * @param loadBalancerIp the n-th address for services of type LoadBalancer, from 1
     */
    public ServiceProxy(
            Objects objects,
            InstantSource clock,
            Balancer balancer,
            List<String> nodeIps,
            IntFunction<String> loadBalancerIp)
            throws InterruptedException {
        this.objects = objects;
        this.events = new EventRecorder(objects, clock, "service-controller", "");
        this.balancer = balancer;
        this.nodeIps = List.copyOf(nodeIps);
        this.loadBalancerIp = loadBalancerIp;
        this.queue = WorkQueue.start("proxy", 1, this::reconcile);
        this.services =
                Informer.start(
                        objects,
                        ResourceType.SERVICE,
                        Query.ALL,
                        (before, after) -> queue.add(Trees.key(either(before, after))));
        this.slices =
                Informer.start(
                        objects,
                        ResourceType.ENDPOINT_SLICE,
                        Query.ALL,
                        (before, after) -> queue.add(serviceOf(either(before, after))));
        services.awaitSync();
        slices.awaitSync();
    }

    private static ObjectNode either(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        return after != null ? after : java.util.Objects.requireNonNull(before);
    }

    private static String serviceOf(JsonNode slice) {
        return Trees.namespace(slice)
                + "/"
                + Trees.text(slice, "metadata", "labels", "kubernetes.io/service-name");
    }

    private void reconcile(String namespace, String name) {
        ObjectNode service = services.get(namespace, name);
        String prefix = namespace + "/" + name + "/";
        Set<String> wanted = new LinkedHashSet<>();
        if (service != null
                && !Trees.text(service, "spec", "clusterIP").equals("None")
                && !Trees.text(service, "spec", "type").equals("ExternalName")) {
            for (JsonNode port : service.path("spec").path("ports")) {
                if (port.path("protocol").asString("TCP").equals("TCP")) {
                    wanted.add(prefix + port.path("port").asInt(0));
                    serve(service, port, prefix + port.path("port").asInt(0));
                }
            }
            announce(service);
        }
        ports.keySet().stream()
                .filter(key -> key.startsWith(prefix) && !wanted.contains(key))
                .toList()
                .forEach(key -> java.util.Objects.requireNonNull(ports.remove(key)).close());
        if (service == null) {
            loadBalancers.remove(namespace + "/" + name);
        }
    }

    private void serve(ObjectNode service, JsonNode port, String key) {
        ServicePort served =
                ports.computeIfAbsent(
                        key,
                        k ->
                                new ServicePort(
                                        Trees.namespace(service),
                                        Trees.name(service),
                                        port.path("port").asInt(0)));
        served.stay(affinitySeconds(service));
        served.endpoints(endpoints(service, Trees.text(port, "name")));
        Set<InetSocketAddress> addresses = new LinkedHashSet<>();
        addresses.add(
                new InetSocketAddress(
                        Trees.text(service, "spec", "clusterIP"), port.path("port").asInt(0)));
        int nodePort = port.path("nodePort").asInt(0);
        if (nodePort > 0) {
            nodeIps.forEach(ip -> addresses.add(new InetSocketAddress(ip, nodePort)));
        }
        if (Trees.text(service, "spec", "type").equals("LoadBalancer")) {
            addresses.add(
                    new InetSocketAddress(loadBalancerIp(service), port.path("port").asInt(0)));
        }
        served.listen(addresses, address -> listen(service, served, address));
    }

    private static @Nullable Integer affinitySeconds(JsonNode service) {
        return Trees.text(service, "spec", "sessionAffinity").equals("ClientIP")
                ? Integer.valueOf(
                        Trees.at(
                                        service,
                                        "spec",
                                        "sessionAffinityConfig",
                                        "clientIP",
                                        "timeoutSeconds")
                                .asInt(10_800))
                : null;
    }

    private String loadBalancerIp(ObjectNode service) {
        int number =
                loadBalancers.computeIfAbsent(
                        Trees.key(service),
                        k -> {
                            lastLoadBalancer++;
                            return lastLoadBalancer;
                        });
        return loadBalancerIp.apply(number);
    }

    private @Nullable Listening listen(
            ObjectNode service, ServicePort port, InetSocketAddress address) {
        try {
            return balancer.listen(address, port, port.meter());
        } catch (IOException e) {
            Listening instead = insteadOfPrivileged(service, port, address);
            String why =
                    address.getPort() < PRIVILEGED
                            ? "ports below 1024 need a right that this user has not"
                            : "it is taken, or not permitted";
            events.warning(
                    service,
                    "ListenFailed",
                    "can't listen on "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + " ("
                            + e.getMessage()
                            + "): "
                            + why
                            + (instead == null
                                    ? "; use the node port"
                                    : "; listens on port "
                                            + (address.getPort() + ABOVE_PRIVILEGED)
                                            + " of that address instead"));
            LOG.log(Level.DEBUG, "{0} does not listen on {1}", Trees.key(service), address);
            return instead;
        }
    }

    /** A cluster address has no node port beside it: without this, nobody but root would reach a service on port 80. */
    private @Nullable Listening insteadOfPrivileged(
            ObjectNode service, ServicePort port, InetSocketAddress address) {
        if (address.getPort() >= PRIVILEGED
                || !address.getHostString().equals(Trees.text(service, "spec", "clusterIP"))) {
            return null;
        }
        try {
            return balancer.listen(
                    new InetSocketAddress(
                            address.getAddress(), address.getPort() + ABOVE_PRIVILEGED),
                    port,
                    port.meter());
        } catch (IOException taken) {
            return null;
        }
    }

    /** Ready endpoints; where all are terminating, those that still serve, as kube-proxy does. */
    private Map<String, InetSocketAddress> endpoints(ObjectNode service, String portName) {
        Map<String, InetSocketAddress> ready = new HashMap<>();
        Map<String, InetSocketAddress> serving = new HashMap<>();
        for (ObjectNode slice : slices.matching(s -> serviceOf(s).equals(Trees.key(service)))) {
            for (JsonNode port : slice.path("ports")) {
                if (!Trees.text(port, "name").equals(portName)) {
                    continue;
                }
                for (JsonNode endpoint : slice.path("endpoints")) {
                    InetSocketAddress address =
                            new InetSocketAddress(
                                    endpoint.path("addresses").path(0).asString(""),
                                    port.path("port").asInt(0));
                    String named = Trees.text(endpoint, "targetRef", "name");
                    // An endpoint that somebody wrote by hand need not be a pod.
                    String pod =
                            named.isEmpty()
                                    ? address.getHostString() + ":" + address.getPort()
                                    : named;
                    if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                        ready.put(pod, address);
                    } else if (endpoint.path("conditions").path("serving").asBoolean(false)) {
                        serving.put(pod, address);
                    }
                }
            }
        }
        return ready.isEmpty() ? serving : ready;
    }

    /** Tells clients of the load balancer's address, once it answers. */
    private void announce(ObjectNode service) {
        if (!Trees.text(service, "spec", "type").equals("LoadBalancer")) {
            return;
        }
        String ip = loadBalancerIp(service);
        boolean listens =
                service.path("spec")
                        .path("ports")
                        .valueStream()
                        .allMatch(port -> {
                            ServicePort served =
                                    ports.get(
                                            Trees.key(service) + "/" + port.path("port").asInt(0));
                            return served != null && served.listensOn(ip);
                        });
        ObjectNode changed = service.deepCopy();
        ObjectNode balancerStatus = Trees.ensure(Trees.ensure(changed, "status"), "loadBalancer");
        if (listens) {
            balancerStatus.putArray("ingress").addObject().put("ip", ip).put("ipMode", "VIP");
        } else {
            balancerStatus.remove("ingress");
        }
        if (changed.equals(service)) {
            return;
        }
        try {
            objects.updateSubresource(
                    ResourceType.SERVICE,
                    Trees.namespace(service),
                    Trees.name(service),
                    "status",
                    changed);
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
            queue.add(Trees.key(service));
        }
    }

    /** What was counted, as Prometheus text. */
    public String metrics() {
        return BalancerMetrics.text(List.copyOf(ports.values()));
    }

    @Override
    public void close() {
        services.close();
        slices.close();
        queue.close();
        ports.values().forEach(ServicePort::close);
        balancer.close();
    }

    /** A backend with the pod that it is. */
    record PodBackend(String pod, Backend backend) {}
}
