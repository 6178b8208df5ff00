package dev.headroom.cluster.node;

import com.sun.management.OperatingSystemMXBean;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.Execution;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A node: announces itself, runs the pods that are bound to it, and answers the API server about them. */
public final class NodeAgent implements Kubelet, AutoCloseable {
    private final Options options;
    private final Machine machine;
    private final NodeContext context;
    private final Map<String, PodRunner> pods = new ConcurrentHashMap<>();
    private final Map<String, FakePod> fakes = new ConcurrentHashMap<>();
    private final NodeLease lease;
    private final Informer informer;
    private final Supplier<String> balancerMetrics;
    private volatile boolean closed;

    /**
     * What a node is started with.
     *
     * @param name its name
     * @param hostIp its address
     * @param cpuMilli thousandths of node CPUs that it has
     * @param memoryBytes that it has
     */
    public record Options(String name, String hostIp, long cpuMilli, long memoryBytes) {}

    public NodeAgent(
            Options options,
            Machine machine,
            Objects objects,
            InstantSource clock,
            Supplier<String> balancerMetrics)
            throws InterruptedException {
        this.options = options;
        this.machine = machine;
        this.balancerMetrics = balancerMetrics;
        this.context =
                new NodeContext(
                        objects,
                        new EventRecorder(objects, clock, "kubelet", options.name()),
                        clock,
                        machine.catalogue(),
                        machine.limits(),
                        machine.mountSpace(),
                        machine.state(),
                        options.hostIp(),
                        new NodeContext.Size(options.cpuMilli(), options.memoryBytes()),
                        machine.cpuScale());
        NodeObject.register(objects, options, machine, clock.instant());
        this.lease = NodeLease.hold(objects, options.name(), clock);
        this.informer =
                Informer.start(
                        objects,
                        ResourceType.POD,
                        Query.fields("spec.nodeName=" + options.name()),
                        this::changed);
        informer.awaitSync();
    }

    /** CPUs of this machine. */
    public static double hostCpus() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Memory of this machine, in bytes. */
    public static long hostMemoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 1L << 30;
    }

    private void changed(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (closed) {
            return;
        }
        ObjectNode either = after != null ? after : java.util.Objects.requireNonNull(before);
        if (FakePod.is(either)) {
            fake(Trees.uid(either), after);
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
                Thread.ofVirtual().start(() -> PodWriter.remove(context.objects(), after));
            }
        } else if (runner == null
                && !Trees.text(after, "status", "phase").matches("Succeeded|Failed")) {
            run(uid, after);
        }
    }

    private void fake(String uid, @Nullable ObjectNode after) {
        if (after != null && !Trees.isDeleting(after)) {
            if (!fakes.containsKey(uid)) {
                FakePod begun = new FakePod(context, after, machine.addresses().take());
                fakes.put(uid, begun);
                machine.fakeWorkers().execute(() -> begun.start(machine.fakeGroups()));
            }
            return;
        }
        FakePod ended = fakes.remove(uid);
        if (ended != null) {
            machine.fakeWorkers()
                    .execute(() -> {
                        ended.end(machine.fakeGroups());
                        machine.addresses().release(ended.ip());
                    });
        } else if (after != null) {
            machine.fakeWorkers().execute(() -> PodWriter.remove(context.objects(), after));
        }
    }

    private void run(String uid, ObjectNode pod) {
        try {
            String ip = machine.addresses().take();
            PodRunner created =
                    new PodRunner(
                            context,
                            pod,
                            ip,
                            () -> {
                                pods.remove(uid);
                                machine.addresses().release(ip);
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

    private @Nullable PodRunner runner(String namespace, String name) {
        return pods.values().stream()
                .filter(r ->
                        Trees.name(r.pod()).equals(name)
                                && Trees.namespace(r.pod()).equals(namespace))
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable Execution exec(ExecRequest request) throws IOException {
        PodRunner runner = runner(request.namespace(), request.pod());
        Container container =
                runner == null ? null : runner.container(request.container()).orElse(null);
        ContainerProcess program = container == null ? null : container.process();
        if (container == null || program == null || !program.isAlive()) {
            return null;
        }
        return RunningCommand.start(program, request.command(), request.stdin(), request.tty());
    }

    @Override
    public InputStream logs(LogRequest request) throws IOException {
        PodRunner runner = runner(request.namespace(), request.pod());
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
                                .getBytes(StandardCharsets.UTF_8));
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
                    NodeMetrics.resource(metered(), machine.cpuScale(), context.clock().instant());
            case "metrics/cadvisor" ->
                    NodeMetrics.cadvisor(
                            metered(),
                            machine.cpuScale(),
                            machine.limitMechanism(),
                            options.cpuMilli() / 1e3,
                            hostCpus());
            case "balancer/metrics" -> balancerMetrics.get();
            case "healthz" -> "ok";
            default -> null;
        };
    }

    private List<Metered> metered() {
        List<Metered> all = new ArrayList<>(pods.values());
        all.addAll(fakes.values());
        return all;
    }

    /** Ends every pod at once. */
    @Override
    public void close() {
        closed = true;
        machine.state().startNoMore();
        lease.close();
        informer.close();
        pods.values().forEach(PodRunner::kill);
    }
}
