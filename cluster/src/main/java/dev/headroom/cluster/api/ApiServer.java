package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The Kubernetes API of the embedded cluster, over TLS for clients and in process for its components. */
public final class ApiServer implements AutoCloseable {
    private final Resources resources;
    private final Map<ResourceType, VirtualResource> virtual = new LinkedHashMap<>();
    private final AtomicReference<@Nullable Kubelet> kubelet = new AtomicReference<>();
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
        Allocation allocation =
                new Allocation(options.serviceAddress(), options.serviceAddresses());
        resources = new Resources(new Store(), options.clock(), allocation);
        options.virtual().forEach(resource -> virtual.put(resource.type(), resource));
        Credentials credentials = Credentials.create(options.address());
        createNamespaces();
        Router router =
                new Router(
                        credentials,
                        new Discovery(virtual.keySet()),
                        new Collections(resources, options.clock()),
                        new Items(resources, options.clock()),
                        new Connections(resources, kubelet::get),
                        virtual,
                        options.address().getHostString() + ":" + options.address().getPort());
        http = new HttpServer(options.address(), credentials.sslContext(), router::answer);
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

    private void createNamespaces() {
        for (String name : List.of("default", "kube-node-lease", "kube-public", "kube-system")) {
            ObjectNode namespace = Json.object();
            namespace.putObject("metadata").put("name", name);
            resources.create(
                    Kinds.of(ResourceType.NAMESPACE),
                    "",
                    namespace,
                    new Resources.Write("headroom"));
        }
    }

    public InetSocketAddress address() {
        return http.address();
    }

    /** The API for a component of this process, under whose name its writes are kept. */
    public Objects client(String manager) {
        return new LocalObjects(resources, virtual, manager);
    }

    /** Where logs and node metrics are to be had from now on. */
    public void connect(Kubelet node) {
        kubelet.set(node);
    }

    @Override
    public void close() {
        http.close();
    }
}
