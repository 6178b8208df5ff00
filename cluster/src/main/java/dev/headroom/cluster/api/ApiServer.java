package dev.headroom.cluster.api;

import dev.headroom.cluster.api.http.Credentials;
import dev.headroom.cluster.api.http.HttpServer;
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
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The Kubernetes API of the embedded cluster, over TLS for clients and in process for its components, from {@link #start} until closed. */
public final class ApiServer implements AutoCloseable {
    private final Registry registry;
    private final Kinds kinds;
    private final Subresources subresources;
    private final Map<ResourceType, VirtualResource> virtual =
            new ConcurrentSkipListMap<>(Comparator.comparing(ResourceType::toString));
    private final Map<String, Kubelet> kubelets = new ConcurrentHashMap<>();
    private final HttpServer http;

    /**
     * What a server is started with.
     *
     * @param address where it listens, an IPv4 address in 127.0.0.0/8; its being taken is how clusters keep apart
     * @param kubeconfig the file that is written for clients
     * @param name the cluster's name in it
     * @param serviceAddress the n-th address that a service may be given, from 1
     * @param serviceAddresses how many there are
     * @param virtual kinds that are computed
     */
    public record Options(
            InetSocketAddress address,
            Path kubeconfig,
            String name,
            IntFunction<String> serviceAddress,
            int serviceAddresses,
            List<VirtualResource> virtual,
            InstantSource clock) {}

    private ApiServer(Options options) throws IOException {
        this.kinds = new Kinds(new Addresses(options.serviceAddress(), options.serviceAddresses()));
        this.registry = new Registry(new Store(), new Schemas(), options.clock());
        this.subresources = new Subresources(registry, kinds, options.clock());
        options.virtual().forEach(this::serve);
        Bootstrap.namespaces(client("kube-apiserver"));
        Credentials credentials = Credentials.make(options.address().getAddress());
        this.http =
                HttpServer.start(
                        options.address(),
                        credentials,
                        registry,
                        subresources,
                        kinds,
                        virtual,
                        this::kubelet);
        try {
            credentials.writeKubeconfig(options.kubeconfig(), http.address(), options.name());
        } catch (IOException e) {
            http.close();
            throw e;
        }
    }

    /**
     * Starts serving.
     *
     * @throws java.net.BindException where the address is taken: another cluster's, or another program's
     */
    public static ApiServer start(Options options) throws IOException {
        return new ApiServer(options);
    }

    public InetSocketAddress address() {
        return http.address();
    }

    /** The API for a component of this process, under whose name its writes are kept. */
    public Objects client(String manager) {
        return new LocalObjects(registry, subresources, kinds, virtual, manager);
    }

    /** Serves a computed kind from now on. */
    public void serve(VirtualResource resource) {
        virtual.put(resource.type(), resource);
    }

    /** Where logs and metrics of every node that has no kubelet of its own are to be had from now on. */
    public void connect(Kubelet node) {
        kubelets.put("", node);
    }

    /** Where logs and metrics of one node are to be had from now on. */
    public void connect(String node, Kubelet kubelet) {
        kubelets.put(node, kubelet);
    }

    private @Nullable Kubelet kubelet(String node) {
        Kubelet own = kubelets.get(node);
        return own != null ? own : kubelets.get("");
    }

    @Override
    public void close() {
        http.close();
    }
}
