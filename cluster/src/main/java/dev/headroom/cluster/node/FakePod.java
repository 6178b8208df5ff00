package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Quantities;
import dev.headroom.cluster.informer.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A pod of {@code headroom/fake}: nothing runs, and it says of itself that it is ready and uses as much CPU as its annotation
 * {@code headroom.dev/cpu} tells ({@link CpuFormula}), within its limit. For scales that no machine has.
 */
final class FakePod implements Metered {
    static final String IMAGE = "headroom/fake";
    private static final String CPU = "headroom.dev/cpu";
    private static final String MEMORY = "headroom.dev/memory";

    private final NodeContext context;
    private final ObjectNode pod;
    private final String ip;
    private final String groupKey;
    private final Instant startedAt;
    private final double limit;
    private final long memoryBytes;
    private FakeGroups.@Nullable Group group;
    private CpuFormula.@Nullable Figure figure;
    private Instant countedAt;
    private double cpuSeconds;

    FakePod(NodeContext context, ObjectNode pod, String ip) {
        this.context = context;
        this.pod = pod;
        this.ip = ip;
        this.groupKey =
                Trees.controllerOf(pod)
                        .map(owner -> Trees.text(owner, "uid"))
                        .orElse(Trees.uid(pod));
        this.startedAt = context.clock().instant();
        this.countedAt = startedAt;
        JsonNode container = pod.path("spec").path("containers").path(0);
        JsonNode most = container.path("resources").path("limits").path("cpu");
        this.limit =
                most.isMissingNode()
                        ? Double.MAX_VALUE
                        : Quantities.parse(most.asString("")).doubleValue();
        this.memoryBytes =
                Quantities.parse(Trees.text(pod, "metadata", "annotations", MEMORY)).longValue();
    }

    /** Whether nothing of a pod is to be run. */
    static boolean is(JsonNode pod) {
        return pod.path("spec")
                .path("containers")
                .valueStream()
                .allMatch(container -> {
                    String image = Trees.text(container, "image");
                    return image.equals(IMAGE) || image.startsWith(IMAGE + ":");
                });
    }

    @Override
    public ObjectNode pod() {
        return pod;
    }

    String ip() {
        return ip;
    }

    /** Says that it runs; or, where its annotation cannot be understood, why not. */
    void start(FakeGroups groups) {
        String text = Trees.text(pod, "metadata", "annotations", CPU);
        try {
            CpuFormula.Figure parsed = CpuFormula.parse(text.isEmpty() ? "0" : text);
            synchronized (this) {
                figure = parsed;
                group = groups.join(groupKey, startedAt);
            }
            publish("");
        } catch (IllegalArgumentException e) {
            String message = "annotation " + CPU + ": " + e.getMessage();
            context.events().warning(pod, "Failed", "Error: " + message);
            publish(message);
        }
    }

    /** Takes it away: there is nothing to wait for. */
    void end(FakeGroups groups) {
        synchronized (this) {
            if (group != null) {
                groups.leave(groupKey);
                group = null;
            }
        }
        PodWriter.remove(context.objects(), pod);
    }

    @Override
    public synchronized List<Reading> readings() {
        FakeGroups.Group shared = group;
        CpuFormula.Figure wanted = figure;
        if (shared == null || wanted == null) {
            return List.of();
        }
        Instant now = context.clock().instant();
        double cpus = wanted.cpus(shared.replicas(), shared.seconds(now));
        double bounded = Double.isNaN(cpus) ? 0 : Math.clamp(cpus, 0, limit);
        cpuSeconds += bounded * Duration.between(countedAt, now).toNanos() / 1e9;
        countedAt = now;
        JsonNode first = pod.path("spec").path("containers").path(0);
        return List.of(
                new Reading(
                        Trees.text(first, "name"),
                        startedAt,
                        new Limits.Usage(
                                cpuSeconds * context.cpuScale(), 0, 0, 0, 0, memoryBytes)));
    }

    private void publish(String problem) {
        boolean well = problem.isEmpty();
        Instant now = context.clock().instant();
        ObjectNode status = Trees.object().put("phase", well ? "Running" : "Pending");
        PodStatus.place(status, ip, context.hostIp(), startedAt);
        ArrayNode conditions = status.putArray("conditions");
        pod.path("status").path("conditions").forEach(c -> conditions.add(c.deepCopy()));
        for (String type : List.of("PodReadyToStartContainers", "Initialized")) {
            Trees.setCondition(status, type, "True", "", "", now);
        }
        for (String type : List.of("Ready", "ContainersReady")) {
            Trees.setCondition(
                    status,
                    type,
                    well ? "True" : "False",
                    well ? "" : "ContainersNotReady",
                    "",
                    now);
        }
        ArrayNode statuses = status.putArray("containerStatuses");
        for (JsonNode container : pod.path("spec").path("containers")) {
            ObjectNode one = statuses.addObject().put("name", Trees.text(container, "name"));
            if (well) {
                one.putObject("state").putObject("running").put("startedAt", Trees.time(now));
            } else {
                one.putObject("state")
                        .putObject("waiting")
                        .put("reason", "CreateContainerConfigError")
                        .put("message", problem);
            }
            one.putObject("lastState");
            one.put("ready", well).put("restartCount", 0);
            one.put("image", Trees.text(container, "image")).put("imageID", "");
            one.put("started", well);
        }
        PodWriter.status(context.objects(), pod, status);
    }
}
