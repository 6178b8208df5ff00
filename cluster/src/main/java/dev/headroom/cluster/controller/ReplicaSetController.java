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
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps as many pods of a replica set as its spec says; deletes in upstream's order. */
final class ReplicaSetController implements Controller {
    private static final String HASH = "pod-template-hash";

    /** Upstream's burst, after which one in five minutes would be told. */
    private static final int EVENTS_OF_ONE = 25;

    private final Objects objects;
    private final InstantSource clock;
    private final EventRecorder events;
    private final WorkQueue queue;
    private final Informer sets;
    private final Informer pods;

    ReplicaSetController(Objects objects, InstantSource clock) throws InterruptedException {
        this.objects = objects;
        this.clock = clock;
        this.events = new EventRecorder(objects, clock, "replicaset-controller", "", EVENTS_OF_ONE);
        this.queue = WorkQueue.start("replicaset", 2, this::reconcile);
        this.sets =
                Informer.start(
                        objects,
                        ResourceType.REPLICA_SET,
                        Query.ALL,
                        (before, after) -> enqueue(before, after));
        sets.awaitSync();
        this.pods = Informer.start(objects, ResourceType.POD, Query.ALL, this::podChanged);
        pods.awaitSync();
    }

    private void enqueue(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        queue.add(Trees.key(after != null ? after : java.util.Objects.requireNonNull(before)));
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        ObjectNode pod = after != null ? after : java.util.Objects.requireNonNull(before);
        Ownership.enqueueOwners(queue, "ReplicaSet", sets, before, pod);
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
        List<ObjectNode> active = active(set);
        int difference = active.size() - set.path("spec").path("replicas").asInt(1);
        ApiException failed = null;
        if (!Trees.isDeleting(set)) {
            try {
                if (difference < 0) {
                    create(set, -difference);
                } else if (difference > 0) {
                    delete(set, active, difference);
                }
            } catch (ApiException e) {
                failed = e;
            }
        }
        updateStatus(set, difference == 0 ? active : active(set), failed, difference < 0);
        if (failed != null) {
            throw failed;
        }
    }

    private List<ObjectNode> active(ObjectNode set) {
        return Ownership.claim(objects, ResourceType.POD, set, ReplicaSetController::isActive)
                .stream()
                .filter(ReplicaSetController::isActive)
                .toList();
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
        List<ObjectNode> ranked = Victims.first(active, related(set), clock.instant());
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

    /** Active pods of all sets with the same owner: what counts on a node is how many of a service it has. */
    private List<ObjectNode> related(ObjectNode set) {
        String owner = Trees.controllerOf(set).map(found -> Trees.text(found, "uid")).orElse("");
        List<String> siblings =
                sets
                        .matching(other ->
                                Trees.uid(other).equals(Trees.uid(set))
                                        || Trees.controllerOf(other)
                                                .map(o -> Trees.text(o, "uid").equals(owner))
                                                .orElse(false))
                        .stream()
                        .map(Trees::uid)
                        .toList();
        return pods.matching(pod ->
                isActive(pod)
                        && Trees.controllerOf(pod)
                                .map(o -> siblings.contains(Trees.text(o, "uid")))
                                .orElse(false));
    }

    private void updateStatus(
            ObjectNode set,
            List<ObjectNode> pods,
            @Nullable ApiException failed,
            boolean creating) {
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
        failure(status, failed, creating, now);
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

    private static void failure(
            ObjectNode status, @Nullable ApiException failed, boolean creating, Instant now) {
        if (failed != null) {
            Trees.setCondition(
                    status,
                    "ReplicaFailure",
                    "True",
                    creating ? "FailedCreate" : "FailedDelete",
                    String.valueOf(failed.getMessage()),
                    now);
        } else if (status.path("conditions") instanceof ArrayNode conditions) {
            conditions.removeIf(c -> Trees.text(c, "type").equals("ReplicaFailure"));
            if (conditions.isEmpty()) {
                status.remove("conditions");
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
