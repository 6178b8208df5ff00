package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps as many pods of a replica set as its spec says; deletes in upstream's order. */
final class ReplicaSetController implements Controller {
    private static final String HASH = "pod-template-hash";

    private final Objects objects;
    private final InstantSource clock;
    private final EventRecorder events;
    private final WorkQueue queue;
    private final Informer sets;
    private final Informer pods;

    ReplicaSetController(Objects objects, InstantSource clock) throws InterruptedException {
        this.objects = objects;
        this.clock = clock;
        this.events = new EventRecorder(objects, clock, "replicaset-controller", "");
        this.queue = WorkQueue.start("replicaset", 2, this::reconcile);
        this.sets =
                Informer.start(
                        objects,
                        ResourceType.REPLICA_SET,
                        Query.ALL,
                        (before, after) -> enqueue(before, after));
        this.pods = Informer.start(objects, ResourceType.POD, Query.ALL, this::podChanged);
        sets.awaitSync();
        pods.awaitSync();
    }

    private void enqueue(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        queue.add(Trees.key(after != null ? after : java.util.Objects.requireNonNull(before)));
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        JsonNode pod = after != null ? after : java.util.Objects.requireNonNull(before);
        Trees.controllerOf(pod)
                .filter(owner -> Trees.text(owner, "kind").equals("ReplicaSet"))
                .ifPresent(
                        owner -> queue.add(Trees.namespace(pod) + "/" + Trees.text(owner, "name")));
    }

    private void reconcile(String namespace, String name) {
        ObjectNode set;
        try {
            set = objects.get(ResourceType.REPLICA_SET, namespace, name);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return;
            }
            throw e;
        }
        // Read from the API, not from the cache: a pod just made must not be made again.
        List<ObjectNode> active =
                objects.list(ResourceType.POD, namespace, Query.ALL).items().stream()
                        .filter(pod -> Trees.isControlledBy(pod, set) || adopt(pod, set))
                        .filter(ReplicaSetController::isActive)
                        .toList();
        int difference = active.size() - set.path("spec").path("replicas").asInt(1);
        if (!Trees.isDeleting(set)) {
            if (difference < 0) {
                create(set, -difference);
            } else if (difference > 0) {
                delete(set, active, difference);
            }
        }
        List<ObjectNode> now =
                objects.list(ResourceType.POD, namespace, Query.ALL).items().stream()
                        .filter(pod -> Trees.isControlledBy(pod, set) && isActive(pod))
                        .toList();
        updateStatus(set, now);
    }

    private boolean adopt(ObjectNode pod, ObjectNode set) {
        if (Trees.controllerOf(pod).isPresent()
                || Trees.isDeleting(pod)
                || Trees.isDeleting(set)
                || !Trees.selects(set.path("spec").path("selector"), Trees.labels(pod))) {
            return false;
        }
        ObjectNode adopted = pod.deepCopy();
        Trees.setController(adopted, set);
        objects.update(ResourceType.POD, Trees.namespace(pod), adopted);
        return true;
    }

    static boolean isActive(JsonNode pod) {
        String phase = Trees.text(pod, "status", "phase");
        return !phase.equals("Succeeded") && !phase.equals("Failed") && !Trees.isDeleting(pod);
    }

    private void create(ObjectNode set, int count) {
        JsonNode template = set.path("spec").path("template");
        for (int i = 0; i < count; i++) {
            ObjectNode pod = Trees.object();
            ObjectNode metadata = (ObjectNode) template.path("metadata").deepCopy();
            pod.set("metadata", metadata);
            metadata.remove("creationTimestamp");
            metadata.put("generateName", Trees.name(set) + "-");
            pod.set("spec", template.path("spec").deepCopy());
            Trees.setController(pod, set);
            try {
                ObjectNode created = objects.create(ResourceType.POD, Trees.namespace(set), pod);
                events.normal(set, "SuccessfulCreate", "Created pod: " + Trees.name(created));
            } catch (ApiException e) {
                events.warning(set, "FailedCreate", "Error creating: " + e.getMessage());
                throw e;
            }
        }
    }

    private void delete(ObjectNode set, List<ObjectNode> active, int count) {
        List<ObjectNode> ranked = new ArrayList<>(active);
        ranked.sort(victimsFirst());
        for (ObjectNode pod : ranked.subList(0, Math.min(count, ranked.size()))) {
            try {
                objects.delete(
                        ResourceType.POD,
                        Trees.namespace(pod),
                        Trees.name(pod),
                        new DeleteOptions(null, null, Trees.uid(pod), null));
                events.normal(set, "SuccessfulDelete", "Deleted pod: " + Trees.name(pod));
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
    }

    /** Upstream's order: not yet on a node, pending, not ready, the lower deletion cost, ready for less long, more restarts, younger. */
    static Comparator<ObjectNode> victimsFirst() {
        return Comparator.<ObjectNode, Integer>comparing(
                        pod -> Trees.text(pod, "spec", "nodeName").isEmpty() ? 0 : 1)
                .thenComparing(pod ->
                        switch (Trees.text(pod, "status", "phase")) {
                            case "Pending" -> 0;
                            case "Unknown" -> 1;
                            default -> 2;
                        })
                .thenComparing(pod -> Trees.isTrue(pod, "Ready") ? 1 : 0)
                .thenComparing(pod ->
                        Trees.at(
                                        pod,
                                        "metadata",
                                        "annotations",
                                        "controller.kubernetes.io/pod-deletion-cost")
                                .asInt(0))
                .thenComparing(
                        Comparator.comparing((ObjectNode pod) ->
                                        Trees.text(
                                                Trees.condition(pod, "Ready"),
                                                "lastTransitionTime"))
                                .reversed())
                .thenComparing(Comparator.comparing(ReplicaSetController::restarts).reversed())
                .thenComparing(
                        Comparator.comparing((ObjectNode pod) ->
                                        Trees.text(pod, "metadata", "creationTimestamp"))
                                .reversed());
    }

    private static int restarts(ObjectNode pod) {
        return pod.path("status")
                .path("containerStatuses")
                .valueStream()
                .mapToInt(status -> status.path("restartCount").asInt(0))
                .max()
                .orElse(0);
    }

    private void updateStatus(ObjectNode set, List<ObjectNode> pods) {
        JsonNode template = set.path("spec").path("template").path("metadata").path("labels");
        long minReady = set.path("spec").path("minReadySeconds").asLong(0);
        Instant now = clock.instant();
        int labeled = 0;
        int ready = 0;
        int available = 0;
        for (ObjectNode pod : pods) {
            boolean matches =
                    template.properties().stream()
                            .allMatch(label ->
                                    Trees.labels(pod)
                                            .path(label.getKey())
                                            .equals(label.getValue()));
            labeled += matches ? 1 : 0;
            if (!Trees.isTrue(pod, "Ready")) {
                continue;
            }
            ready++;
            Instant since =
                    Trees.instant(Trees.text(Trees.condition(pod, "Ready"), "lastTransitionTime"));
            if (minReady == 0 || since == null || !since.plusSeconds(minReady).isAfter(now)) {
                available++;
            } else {
                queue.addAfter(
                        Trees.key(set),
                        Duration.between(now, since.plusSeconds(minReady)).plusMillis(10));
            }
        }
        ObjectNode changed = set.deepCopy();
        ObjectNode status = Trees.ensure(changed, "status");
        status.put("replicas", pods.size());
        putOrRemove(status, "fullyLabeledReplicas", labeled);
        putOrRemove(status, "readyReplicas", ready);
        putOrRemove(status, "availableReplicas", available);
        status.put("observedGeneration", set.path("metadata").path("generation").asLong(0));
        if (!status.equals(set.path("status"))) {
            try {
                objects.updateSubresource(
                        ResourceType.REPLICA_SET,
                        Trees.namespace(set),
                        Trees.name(set),
                        "status",
                        changed);
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
    }

    static void putOrRemove(ObjectNode status, String field, int value) {
        if (value == 0) {
            status.remove(field);
        } else {
            status.put(field, value);
        }
    }

    static String hashLabel() {
        return HASH;
    }

    @Override
    public void close() {
        sets.close();
        pods.close();
        queue.close();
    }
}
