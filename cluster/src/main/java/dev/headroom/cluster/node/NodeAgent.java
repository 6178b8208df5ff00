package dev.headroom.cluster.node;

import dev.headroom.cluster.image.Catalogue;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The node: announces itself, runs the pods that are bound to it, and answers the API server about them. */
public final class NodeAgent implements Kubelet, AutoCloseable {
    private static final int MAX_PODS = 110;

    private final Options options;
    private final NodeContext context;
    private final Limits limits;
    private final Map<String, PodRunner> pods = new ConcurrentHashMap<>();
    private final PodAddresses addresses;
    private final Informer informer;
    private final Supplier<String> balancerMetrics;
    private volatile boolean closed;

    /**
     * What a node is started with.
     *
     * @param name its name
     * @param hostIp its address
     * @param podIp the n-th address that a pod may be given, from 1
     * @param cpuScale host CPUs that one node CPU stands for
     */
    public record Options(
            String name,
            String hostIp,
            java.util.function.IntFunction<String> podIp,
            int podIps,
            double cpuScale,
            Catalogue catalogue,
            StateDirectory state,
            Map<String, String> environment) {}

    public NodeAgent(
            Options options, Objects objects, InstantSource clock, Supplier<String> balancerMetrics)
            throws IOException, InterruptedException {
        this.options = options;
        this.balancerMetrics = balancerMetrics;
        this.limits = Limits.find(options.state(), options.environment());
        this.addresses = new PodAddresses(options.podIp(), options.podIps());
        this.context =
                new NodeContext(
                        objects,
                        new EventRecorder(objects, clock, "kubelet", options.name()),
                        clock,
                        options.catalogue(),
                        limits,
                        options.state(),
                        options.hostIp(),
                        options.cpuScale());
        register(objects, clock.instant());
        this.informer =
                Informer.start(
                        objects,
                        ResourceType.POD,
                        Query.fields("spec.nodeName=" + options.name()),
                        this::changed);
        informer.awaitSync();
    }

    /** How CPU limits are enforced here. */
    public String limitMechanism() {
        return limits.mechanism();
    }

    private void register(Objects objects, Instant now) {
        ObjectNode node = Trees.object();
        ObjectNode metadata = node.putObject("metadata").put("name", options.name());
        metadata.putObject("labels")
                .put("kubernetes.io/hostname", options.name())
                .put("kubernetes.io/os", System.getProperty("os.name", "").toLowerCase(Locale.ROOT))
                .put(
                        "kubernetes.io/arch",
                        System.getProperty("os.arch", "").equals("amd64") ? "amd64" : "arm64");
        metadata.putObject("annotations")
                .put("headroom.dev/cpu-scale", Double.toString(options.cpuScale()))
                .put("headroom.dev/cpu-limits", limits.mechanism());
        ObjectNode created = objects.create(ResourceType.NODE, "", node).deepCopy();
        ObjectNode status = created.putObject("status");
        long cpuMilli = Math.round(cpus() / options.cpuScale() * 1000);
        for (String field : new String[] {"capacity", "allocatable"}) {
            status.putObject(field)
                    .put(
                            "cpu",
                            cpuMilli % 1000 == 0 ? Long.toString(cpuMilli / 1000) : cpuMilli + "m")
                    .put("memory", memoryBytes() / 1024 + "Ki")
                    .put("pods", Integer.toString(MAX_PODS));
        }
        status.putArray("addresses")
                .addObject()
                .put("type", "InternalIP")
                .put("address", options.hostIp());
        ((tools.jackson.databind.node.ArrayNode) status.path("addresses"))
                .addObject()
                .put("type", "Hostname")
                .put("address", options.name());
        Trees.setCondition(
                status,
                "MemoryPressure",
                "False",
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available",
                now);
        Trees.setCondition(
                status,
                "DiskPressure",
                "False",
                "KubeletHasNoDiskPressure",
                "kubelet has no disk pressure",
                now);
        Trees.setCondition(
                status,
                "PIDPressure",
                "False",
                "KubeletHasSufficientPID",
                "kubelet has sufficient PID available",
                now);
        Trees.setCondition(
                status, "Ready", "True", "KubeletReady", "kubelet is posting ready status", now);
        status.putObject("nodeInfo")
                .put("machineID", options.state().id())
                .put("systemUUID", options.state().id())
                .put("bootID", options.state().id())
                .put("kernelVersion", System.getProperty("os.version", ""))
                .put("osImage", System.getProperty("os.name", ""))
                .put("containerRuntimeVersion", "process://" + Runtime.version().feature())
                .put("kubeletVersion", "v1.34.2+headroom")
                .put("kubeProxyVersion", "")
                .put("operatingSystem", System.getProperty("os.name", "").toLowerCase(Locale.ROOT))
                .put("architecture", System.getProperty("os.arch", ""));
        objects.updateSubresource(ResourceType.NODE, "", options.name(), "status", created);
    }

    private static double cpus() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static long memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 1L << 30;
    }

    private void changed(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (closed) {
            return;
        }
        if (after == null) {
            if (before != null) {
                PodRunner runner = pods.get(Trees.uid(before));
                if (runner != null) {
                    runner.stop(0);
                }
            }
            return;
        }
        String uid = Trees.uid(after);
        PodRunner runner = pods.get(uid);
        if (Trees.isDeleting(after)) {
            long grace = after.path("metadata").path("deletionGracePeriodSeconds").asLong(30);
            if (runner != null) {
                runner.stop(grace);
            } else {
                // Deleted before it ever ran.
                Thread.ofVirtual().start(() -> forget(after));
            }
        } else if (runner == null
                && !Trees.text(after, "status", "phase").matches("Succeeded|Failed")) {
            run(uid, after);
        }
    }

    private void forget(ObjectNode pod) {
        try {
            context.objects()
                    .delete(
                            ResourceType.POD,
                            Trees.namespace(pod),
                            Trees.name(pod),
                            dev.headroom.cluster.objects.DeleteOptions.now(Trees.uid(pod)));
        } catch (ApiException gone) {
            return;
        }
    }

    private void run(String uid, ObjectNode pod) {
        try {
            String ip = addresses.take();
            PodRunner created =
                    new PodRunner(
                            context,
                            pod,
                            ip,
                            () -> {
                                pods.remove(uid);
                                addresses.release(ip);
                            });
            pods.put(uid, created);
            created.start();
        } catch (IOException e) {
            context.events()
                    .warning(
                            pod,
                            "FailedCreatePodSandBox",
                            "Failed to create pod sandbox: " + e.getMessage());
        }
    }

    @Override
    public InputStream logs(LogRequest request) throws IOException {
        PodRunner runner =
                pods.values().stream()
                        .filter(r ->
                                Trees.name(r.pod()).equals(request.pod())
                                        && Trees.namespace(r.pod()).equals(request.namespace()))
                        .findFirst()
                        .orElse(null);
        LogFile log =
                runner == null || request.container() == null
                        ? null
                        : runner.container(request.container())
                                .map(c -> c.log(request.previous()))
                                .orElse(null);
        if (log == null) {
            if (request.previous()) {
                return new ByteArrayInputStream(
                        ("previous terminated container \""
                                        + request.container()
                                        + "\" in pod \""
                                        + request.pod()
                                        + "\" not found\n")
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            return InputStream.nullInputStream();
        }
        Instant since = request.sinceTime() != null ? Instant.parse(request.sinceTime()) : null;
        if (request.sinceSeconds() != null) {
            since = context.clock().instant().minusSeconds(request.sinceSeconds());
        }
        return log.read(
                new LogFile.Selection(
                        request.timestamps(), request.tailLines(), since, request.limitBytes()),
                request.follow());
    }

    @Override
    public @Nullable String read(String path) {
        return switch (path) {
            case "metrics/resource" ->
                    NodeMetrics.resource(
                            pods.values(), options.cpuScale(), context.clock().instant());
            case "metrics/cadvisor" ->
                    NodeMetrics.cadvisor(
                            pods.values(), options.cpuScale(), limits.mechanism(), cpus());
            case "balancer/metrics" -> balancerMetrics.get();
            case "healthz" -> "ok";
            default -> null;
        };
    }

    /** Ends every pod at once, and removes what the limits needed. */
    @Override
    public void close() {
        closed = true;
        options.state().startNoMore();
        informer.close();
        pods.values().forEach(PodRunner::kill);
        Sweep.killProcesses(options.state().id());
        limits.close();
    }
}
