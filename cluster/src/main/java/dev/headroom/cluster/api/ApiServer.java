package dev.headroom.cluster.api;

import dev.headroom.cluster.api.kind.Addresses;
import dev.headroom.cluster.api.kind.Kinds;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.registry.Subresources;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.store.Store;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The API server of one embedded cluster: listens from {@link #start} until closed. */
public final class ApiServer implements AutoCloseable {

    /**
     * @param listen the address and port of the API; listening on it is the cluster's claim on its address block
     * @param directory where the authority's certificate and the kubeconfig are written, readable by their owner only
     * @param serviceRange of cluster IPs, such as {@code 127.5.240.0/20}
     */
    public record Options(InetSocketAddress listen, Path directory, String serviceRange) {}

    private final Registry registry;
    private final Kinds kinds;
    private final Subresources subresources;
    private final Map<ResourceType, VirtualResource> virtual = new ConcurrentHashMap<>();
    private final Map<String, Kubelet> kubelets = new ConcurrentHashMap<>();

    private ApiServer(Options options) {
        this.kinds = new Kinds(new Addresses(options.serviceRange()));
        this.registry = new Registry(new Store(), new Schemas());
        this.subresources = new Subresources(registry, kinds);
    }

    /** Starts a server that holds nothing yet but the namespaces every cluster has. */
    public static ApiServer start(Options options) {
        ApiServer server = new ApiServer(options);
        Bootstrap.namespaces(server.client("kube-apiserver"));
        return server;
    }

    /** The cluster for a component of this process, whose writes carry the given field manager. */
    public Objects client(String fieldManager) {
        return new LocalObjects(registry, subresources, kinds, virtual, fieldManager);
    }

    /** Serves a computed kind from now on. */
    public void serve(VirtualResource resource) {
        virtual.put(resource.type(), resource);
    }

    /** Reaches a node's pods and metrics through this from now on. */
    public void register(String node, Kubelet kubelet) {
        kubelets.put(node, kubelet);
    }

    @Override
    public void close() {}
}
