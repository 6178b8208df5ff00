package dev.headroom.cluster.controller;

import dev.headroom.cluster.controller.NodeFit.Objection;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts each pod onto a node that may have it: of those the one that it prefers, then the one with the fewest pods of the same controller,
 * then the one with the most room; says in upstream's words why there is none.
 */
final class Scheduler implements Controller {
    private static final String NAME = "default-scheduler";

    private final Objects objects;
    private final InstantSource clock;
    private final EventRecorder events;
    private final WorkQueue queue;
    private final NodeLoads loads = new NodeLoads();
    private final Neighbours neighbours = new Neighbours();
    private final Refused refused;
    private final Informer pods;
    private final Informer nodes;
    private final Informer namespaces;

    Scheduler(Objects objects, InstantSource clock) throws InterruptedException {
        this.objects = objects;
        this.clock = clock;
        this.events = new EventRecorder(objects, clock, NAME, "");
        // One worker: what fits is decided for one pod after the other.
        this.queue = WorkQueue.start("scheduler", 1, this::reconcile);
        this.refused = new Refused(queue);
        this.namespaces =
                Informer.start(
                        objects,
                        ResourceType.NAMESPACE,
                        Query.ALL,
                        (before, after) -> refused.retry());
        namespaces.awaitSync();
        this.nodes = Informer.start(objects, ResourceType.NODE, Query.ALL, this::nodeChanged);
        nodes.awaitSync();
        this.pods = Informer.start(objects, ResourceType.POD, Query.ALL, this::podChanged);
        pods.awaitSync();
    }

    private void nodeChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (before == null || after == null || NodeChange.mayHelp(before, after)) {
            retryAll();
        }
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (after == null) {
            leave(java.util.Objects.requireNonNull(before));
            refused.forget(Trees.key(before));
            retryAll();
        } else if (Trees.text(after, "status", "phase").matches("Succeeded|Failed")) {
            leave(after);
            retryAll();
        } else if (isWaiting(after)) {
            if (before == null || isGated(before)) {
                queue.add(Trees.key(after));
            }
        } else {
            String node = Trees.text(after, "spec", "nodeName");
            if (!node.isEmpty()) {
                take(after, node);
            }
        }
    }

    private void take(ObjectNode pod, String node) {
        loads.add(pod, node);
        if (neighbours.put(pod, node)) {
            refused.retry();
        }
    }

    private void leave(ObjectNode pod) {
        loads.remove(pod);
        neighbours.remove(pod);
    }

    /** Nobody has it yet, and no other scheduler is named for it. */
    private static boolean isWaiting(JsonNode pod) {
        return Trees.text(pod, "spec", "nodeName").isEmpty()
                && !Trees.isDeleting(pod)
                && Trees.at(pod, "spec", "schedulerName").asString(NAME).equals(NAME);
    }

    private static boolean isGated(JsonNode pod) {
        return !pod.path("spec").path("schedulingGates").isEmpty();
    }

    private void retryAll() {
        if (pods != null) {
            pods.matching(Scheduler::isWaiting).forEach(pod -> queue.add(Trees.key(pod)));
        }
    }

    private void reconcile(String namespace, String name) {
        long changes = refused.changes();
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
        if (isGated(pod)) {
            unscheduled(
                    pod,
                    "SchedulingGated",
                    "Scheduling is blocked due to non-empty scheduling gates");
            return;
        }
        List<ObjectNode> all = objects.list(ResourceType.NODE, null, Query.ALL).items();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            if (volume.has("persistentVolumeClaim")) {
                String claim = Trees.text(volume, "persistentVolumeClaim", "claimName");
                refuse(
                        pod,
                        all.size(),
                        "persistentvolumeclaim \"" + claim + "\" not found",
                        all.size());
                return;
            }
        }
        ObjectNode best = best(pod, all);
        if (best != null) {
            bind(pod, Trees.name(best));
        } else {
            refused.add(Trees.key(pod), changes);
        }
    }

    /** Null where no node may have it: then it was said. */
    private @Nullable ObjectNode best(ObjectNode pod, List<ObjectNode> all) {
        Map<String, ObjectNode> byName = new HashMap<>();
        all.forEach(node -> byName.put(Trees.name(node), node));
        Spreading spreading = new Spreading(pod, all, neighbours);
        Affinities affinities = new Affinities(pod, byName, neighbours, this::namespaceLabels);
        Map<String, Integer> reasons = new TreeMap<>();
        int forGood = 0;
        List<ObjectNode> candidates = new ArrayList<>();
        for (ObjectNode node : all) {
            Objection objection =
                    NodeFit.of(pod, node, loads.on(Trees.name(node)))
                            .or(() -> spreading.objection(node))
                            .or(() -> affinities.objection(node));
            objection.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
            if (objection.reasons().isEmpty()) {
                candidates.add(node);
            } else {
                forGood += objection.forGood() ? 1 : 0;
            }
        }
        if (candidates.isEmpty()) {
            String list =
                    reasons.entrySet().stream()
                            .map(entry -> entry.getValue() + " " + entry.getKey())
                            .sorted()
                            .collect(Collectors.joining(", "));
            refuse(pod, all.size(), list, forGood);
            return null;
        }
        return liked(pod, candidates, Preferences.of(pod, candidates, spreading, affinities));
    }

    /** Of several equal ones the first. */
    private @Nullable ObjectNode liked(
            ObjectNode pod, List<ObjectNode> candidates, Map<String, Double> scores) {
        ObjectNode best = null;
        double highest = 0;
        int fewest = 0;
        double most = 0;
        for (ObjectNode node : candidates) {
            String name = Trees.name(node);
            double score = scores.getOrDefault(name, 0.0);
            int siblings = loads.siblings(pod, name);
            double room = NodeFit.room(pod, node, loads.on(name));
            boolean better =
                    score != highest
                            ? score > highest
                            : siblings != fewest ? siblings < fewest : room > most;
            if (best == null || better) {
                best = node;
                highest = score;
                fewest = siblings;
                most = room;
            }
        }
        return best;
    }

    private JsonNode namespaceLabels(String name) {
        ObjectNode namespace = namespaces.get("", name);
        return namespace == null ? Trees.object() : Trees.labels(namespace);
    }

    private void bind(ObjectNode pod, String node) {
        ObjectNode binding = Trees.object();
        binding.putObject("target").put("kind", "Node").put("name", node);
        // Counted at once: the next pod must not find the room that this one takes.
        take(pod, node);
        try {
            objects.mergePatch(
                    ResourceType.POD, Trees.namespace(pod), Trees.name(pod), "binding", binding);
        } catch (ApiException e) {
            leave(pod);
            if (!e.isNotFound()) {
                throw e;
            }
            return;
        }
        refused.forget(Trees.key(pod));
        events.normal(pod, "Scheduled", "Successfully assigned " + Trees.key(pod) + " to " + node);
    }

    private void refuse(ObjectNode pod, int nodes, String reasons, int forGood) {
        String available = "0/" + nodes + " nodes are available: ";
        List<String> preemption = new ArrayList<>();
        if (nodes > forGood) {
            preemption.add((nodes - forGood) + " No preemption victims found for incoming pod");
        }
        if (forGood > 0) {
            preemption.add(forGood + " Preemption is not helpful for scheduling");
        }
        preemption.sort(null);
        String message =
                nodes == 0
                        ? "no nodes available to schedule pods"
                        : available
                                + reasons
                                + ". no new claims to deallocate, preemption: "
                                + available
                                + String.join(", ", preemption)
                                + ".";
        // It is tried again whenever a pod goes, where upstream first asks whether that could help
        // and then pauses: said is what is new.
        if (!message.equals(Trees.text(Trees.condition(pod, "PodScheduled"), "message"))) {
            events.warning(pod, "FailedScheduling", message);
        }
        unscheduled(pod, "Unschedulable", message);
    }

    private void unscheduled(ObjectNode pod, String reason, String message) {
        ObjectNode changed = pod.deepCopy();
        Trees.setCondition(
                Trees.ensure(changed, "status"),
                "PodScheduled",
                "False",
                reason,
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
        namespaces.close();
        queue.close();
    }
}
