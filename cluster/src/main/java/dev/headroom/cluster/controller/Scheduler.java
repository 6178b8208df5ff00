package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts pods onto the node if their requests fit; says in upstream's words why not. */
final class Scheduler implements Controller {
    private final Objects objects;
    private final InstantSource clock;
    private final EventRecorder events;
    private final WorkQueue queue;
    private final Informer pods;
    private final Informer nodes;

    Scheduler(Objects objects, InstantSource clock) throws InterruptedException {
        this.objects = objects;
        this.clock = clock;
        this.events = new EventRecorder(objects, clock, "default-scheduler", "");
        // One worker: what fits is decided for one pod after the other.
        this.queue = WorkQueue.start("scheduler", 1, this::reconcile);
        this.nodes =
                Informer.start(
                        objects, ResourceType.NODE, Query.ALL, (before, after) -> retryAll());
        nodes.awaitSync();
        this.pods = Informer.start(objects, ResourceType.POD, Query.ALL, this::podChanged);
        pods.awaitSync();
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (after != null && isWaiting(after)) {
            if (before == null) {
                queue.add(Trees.key(after));
            }
        } else if (after == null
                || Trees.text(after, "status", "phase").matches("Succeeded|Failed")) {
            retryAll();
        }
    }

    private static boolean isWaiting(JsonNode pod) {
        return Trees.text(pod, "spec", "nodeName").isEmpty() && !Trees.isDeleting(pod);
    }

    private void retryAll() {
        if (pods != null) {
            pods.matching(Scheduler::isWaiting).forEach(pod -> queue.add(Trees.key(pod)));
        }
    }

    private void reconcile(String namespace, String name) {
        ObjectNode pod;
        try {
            pod = objects.get(ResourceType.POD, namespace, name);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return;
            }
            throw e;
        }
        if (!isWaiting(pod)) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        List<ObjectNode> all = objects.list(ResourceType.NODE, null, Query.ALL).items();
        for (ObjectNode node : all) {
            List<String> against = against(pod, node);
            if (against.isEmpty()) {
                bind(pod, Trees.name(node));
                return;
            }
            reasons.addAll(against.stream().map(reason -> "1 " + reason).toList());
        }
        refuse(pod, all.size(), reasons);
    }

    private List<String> against(ObjectNode pod, ObjectNode node) {
        List<String> reasons = new ArrayList<>();
        if (!Trees.isTrue(node, "Ready")) {
            return List.of("node(s) were not ready");
        }
        if (node.path("spec").path("unschedulable").asBoolean(false)) {
            return List.of("node(s) were unschedulable");
        }
        for (var wanted : pod.path("spec").path("nodeSelector").properties()) {
            if (!Trees.labels(node).path(wanted.getKey()).equals(wanted.getValue())) {
                return List.of("node(s) didn't match Pod's node affinity/selector");
            }
        }
        for (JsonNode taint : node.path("spec").path("taints")) {
            if (!Trees.text(taint, "effect").equals("PreferNoSchedule") && !tolerates(pod, taint)) {
                return List.of(
                        "node(s) had untolerated taint {"
                                + Trees.text(taint, "key")
                                + ": "
                                + Trees.text(taint, "value")
                                + "}");
            }
        }
        List<ObjectNode> there =
                objects.list(ResourceType.POD, null, Query.ALL).items().stream()
                        .filter(p -> Trees.text(p, "spec", "nodeName").equals(Trees.name(node)))
                        .filter(p -> !Trees.text(p, "status", "phase").matches("Succeeded|Failed"))
                        .toList();
        JsonNode allocatable = node.path("status").path("allocatable");
        if (there.size() + 1 > allocatable.path("pods").asInt(110)) {
            reasons.add("Too many pods");
        }
        for (String resource : List.of("cpu", "memory")) {
            BigDecimal used =
                    there.stream()
                            .map(p -> Requests.of(p, resource))
                            .reduce(BigDecimal.ZERO, BigDecimal::add);
            BigDecimal wanted = Requests.of(pod, resource);
            if (wanted.signum() > 0
                    && used.add(wanted).compareTo(Requests.quantity(allocatable.path(resource)))
                            > 0) {
                reasons.add("Insufficient " + resource);
            }
        }
        return reasons;
    }

    private static boolean tolerates(JsonNode pod, JsonNode taint) {
        for (JsonNode toleration : pod.path("spec").path("tolerations")) {
            boolean key =
                    Trees.text(toleration, "key").isEmpty()
                            || Trees.text(toleration, "key").equals(Trees.text(taint, "key"));
            boolean exists = Trees.text(toleration, "operator").equals("Exists");
            boolean value =
                    exists || Trees.text(toleration, "value").equals(Trees.text(taint, "value"));
            boolean effect =
                    Trees.text(toleration, "effect").isEmpty()
                            || Trees.text(toleration, "effect").equals(Trees.text(taint, "effect"));
            if (key && value && effect) {
                return true;
            }
        }
        return false;
    }

    private void bind(ObjectNode pod, String node) {
        ObjectNode binding = Trees.object();
        binding.putObject("target").put("kind", "Node").put("name", node);
        objects.mergePatch(
                ResourceType.POD, Trees.namespace(pod), Trees.name(pod), "binding", binding);
        events.normal(pod, "Scheduled", "Successfully assigned " + Trees.key(pod) + " to " + node);
    }

    private void refuse(ObjectNode pod, int nodeCount, List<String> reasons) {
        String list = reasons.isEmpty() ? "" : ": " + String.join(", ", reasons);
        String preemption =
                reasons.stream().anyMatch(r -> r.contains("Insufficient") || r.contains("Too many"))
                        ? "0/"
                                + nodeCount
                                + " nodes are available: 1 No preemption victims found for incoming pod."
                        : "0/"
                                + nodeCount
                                + " nodes are available: 1 Preemption is not helpful for scheduling.";
        String message =
                nodeCount == 0
                        ? "no nodes available to schedule pods"
                        : "0/"
                                + nodeCount
                                + " nodes are available"
                                + list
                                + ". preemption: "
                                + preemption;
        events.warning(pod, "FailedScheduling", message);
        ObjectNode changed = pod.deepCopy();
        Trees.setCondition(
                Trees.ensure(changed, "status"),
                "PodScheduled",
                "False",
                "Unschedulable",
                message,
                clock.instant());
        if (!changed.equals(pod)) {
            objects.updateSubresource(
                    ResourceType.POD, Trees.namespace(pod), Trees.name(pod), "status", changed);
        }
    }

    @Override
    public void close() {
        pods.close();
        nodes.close();
        queue.close();
    }
}
