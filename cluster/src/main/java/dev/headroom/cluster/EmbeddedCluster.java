package dev.headroom.cluster;

import dev.headroom.cluster.api.ApiServer;
import dev.headroom.cluster.balancer.Balancer;
import dev.headroom.cluster.controller.ControllerSelection;
import dev.headroom.cluster.controller.Controllers;
import dev.headroom.cluster.image.Catalogue;
import dev.headroom.cluster.image.ImageEntry;
import dev.headroom.cluster.metrics.MetricsServer;
import dev.headroom.cluster.node.Machine;
import dev.headroom.cluster.node.NodeAgent;
import dev.headroom.cluster.node.StateDirectory;
import dev.headroom.cluster.node.Sweep;
import dev.headroom.cluster.node.Warden;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.proxy.ServiceProxy;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A small Kubernetes in this JVM: API server, controllers, a node that runs pods as processes, and a service proxy. Owns one
 * {@code 127.B.0.0/16}, claimed by its API server's port, and one folder; both are gone when it is closed, or after the next start.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private static final int API_PORT = 26_443;
    private static final String NODE = "headroom";
    private static final int MOST_NODES = 1_000;
    private static final int PER_BLOCK = 254;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Path kubeconfig;
    private final Machine machine;

    /**
     * What a cluster is started with.
     *
     * @param home the project's folder, where shipped images stand
     * @param cpuScale host CPUs that one node CPU stands for, above 0
     * @param images image names and what they stand for, besides the shipped ones
     * @param syncPeriod of the horizontal pod autoscaler; Kubernetes' is 15 s
     * @param metricsWindow of metrics.k8s.io; metrics-server's is 15 s
     * @param controllers which of them run; somebody else's can take the place of one that does not
     * @param nodes that share this machine
     */
    public record Options(
            Path home,
            double cpuScale,
            Map<String, ImageEntry> images,
            Duration syncPeriod,
            Duration metricsWindow,
            ControllerSelection controllers,
            Nodes nodes) {
        public static final Duration PERIOD = Duration.ofSeconds(15);

        public Options {
            if (!(cpuScale > 0)) {
                throw new IllegalArgumentException(
                        "cpuScale is " + cpuScale + ", but must be above 0");
            }
            images = Map.copyOf(images);
        }

        public Options(
                Path home,
                double cpuScale,
                Map<String, ImageEntry> images,
                Duration syncPeriod,
                Duration metricsWindow) {
            this(
                    home,
                    cpuScale,
                    images,
                    syncPeriod,
                    metricsWindow,
                    ControllerSelection.ALL,
                    Nodes.ONE);
        }

        public Options(Path home, double cpuScale, Map<String, ImageEntry> images) {
            this(home, cpuScale, images, PERIOD, PERIOD);
        }
    }

    /**
     * The nodes of a cluster. They share one machine, whatever they say of themselves: more CPU or memory than it has can be asked for, not used.
     *
     * @param count how many, 1 to 1000
     * @param cpu node CPUs of each; null for an equal part of the machine
     * @param memoryBytes of each; null for an equal part of the machine
     */
    public record Nodes(int count, @Nullable Double cpu, @Nullable Long memoryBytes) {
        public static final Nodes ONE = new Nodes(1, null, null);

        public Nodes {
            if (count < 1 || count > MOST_NODES) {
                throw new IllegalArgumentException(
                        "nodes: found " + count + "; it takes 1 to " + MOST_NODES);
            }
        }
    }

    private EmbeddedCluster(Options options) throws IOException, InterruptedException {
        Sweep.run();
        InstantSource clock = InstantSource.system();
        boolean complete = false;
        try {
            StateDirectory state = own(Warden.start()).state();
            kubeconfig = state.path().resolve("kubeconfig");
            MetricsServer metrics = own(new MetricsServer(options.metricsWindow(), clock));
            ApiServer api = own(startApi(metrics, clock));
            String block = block(api.address());
            CompletableFuture<ServiceProxy> proxied = new CompletableFuture<>();
            machine =
                    own(
                            new Machine(
                                    state,
                                    System.getenv(),
                                    new Catalogue(options.home(), options.images()),
                                    n -> address(block, 1, n),
                                    200 * PER_BLOCK,
                                    options.cpuScale()));
            List<Kubelet> kubelets = new ArrayList<>();
            List<String> addresses = new ArrayList<>();
            for (int n = 1; n <= options.nodes().count(); n++) {
                String name = n == 1 ? NODE : NODE + "-" + n;
                String ip = n <= PER_BLOCK ? block + "0." + n : address(block, 203, n);
                NodeAgent agent =
                        own(
                                new NodeAgent(
                                        size(options, name, ip),
                                        machine,
                                        api.client("kubelet"),
                                        clock,
                                        () -> proxied.isDone() ? proxied.join().metrics() : ""));
                api.connect(name, agent);
                kubelets.add(agent);
                addresses.add(ip);
            }
            api.connect(kubelets.getFirst());
            metrics.start(kubelets, api.client("metrics-server"));
            int loops = Math.clamp(Runtime.getRuntime().availableProcessors() / 4, 1, 4);
            ServiceProxy proxy =
                    own(
                            new ServiceProxy(
                                    api.client("kube-proxy"),
                                    clock,
                                    Balancer.start(loops),
                                    addresses,
                                    n -> address(block, 224, n)));
            proxied.complete(proxy);
            own(Controllers.start(api::client, clock, options.syncPeriod(), options.controllers()));
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    /** The n-th of the addresses from a block's third byte on, from 1. */
    private static String address(String block, int first, int n) {
        return block + (first + (n - 1) / PER_BLOCK) + "." + (1 + (n - 1) % PER_BLOCK);
    }

    private static NodeAgent.Options size(Options options, String name, String ip) {
        Nodes nodes = options.nodes();
        double cpu =
                nodes.cpu() != null
                        ? nodes.cpu()
                        : NodeAgent.hostCpus() / options.cpuScale() / nodes.count();
        long memory =
                nodes.memoryBytes() != null
                        ? nodes.memoryBytes()
                        : NodeAgent.hostMemoryBytes() / nodes.count();
        return new NodeAgent.Options(name, ip, Math.round(cpu * 1000), memory);
    }

    private <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    /** Tries blocks at random until one is nobody's. */
    private ApiServer startApi(MetricsServer metrics, InstantSource clock) throws IOException {
        List<Integer> blocks =
                new ArrayList<>(
                        IntStream.range(2, 255).filter(b -> b != 53 && b != 77).boxed().toList());
        Collections.shuffle(blocks);
        BindException last = new BindException("no block was tried");
        for (int b : blocks.subList(0, 50)) {
            String block = "127." + b + ".";
            try {
                return ApiServer.start(
                        new ApiServer.Options(
                                new InetSocketAddress(block + "0.1", API_PORT),
                                kubeconfig,
                                "headroom",
                                n -> block + (240 + n / 256) + "." + n % 256,
                                4_094,
                                List.of(metrics.pods(), metrics.nodes()),
                                clock));
            } catch (BindException taken) {
                last = taken;
            }
        }
        IOException e =
                new IOException(
                        "no address block for a cluster: port "
                                + API_PORT
                                + " is taken, or can't be listened on, at 127.x.0.1 for each of 50 x; end what listens there (it may listen on all addresses)");
        e.initCause(last);
        throw e;
    }

    private static String block(InetSocketAddress api) {
        byte[] address = api.getAddress().getAddress();
        return "127." + (address[1] & 0xff) + ".";
    }

    /**
     * Starts a cluster; its API answers when this returns.
     *
     * @throws IOException where addresses or files cannot be had; nothing is left then
     */
    public static EmbeddedCluster start(Options options) throws IOException, InterruptedException {
        return new EmbeddedCluster(options);
    }

    /** For kubectl and client libraries; readable by its owner only, gone with the cluster. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** How CPU limits are enforced here: cgroup-v2, cgroup-v1 or duty-cycle. */
    public String limitMechanism() {
        return machine.limitMechanism();
    }

    /** Ends all pods at once, and removes all that the cluster had. */
    @Override
    public void close() {
        // Whoever was interrupted while it started must still take the time to clear all away.
        boolean interrupted = Thread.interrupted();
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.getLogger(EmbeddedCluster.class.getName())
                        .log(System.Logger.Level.WARNING, "while closing the cluster", e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
