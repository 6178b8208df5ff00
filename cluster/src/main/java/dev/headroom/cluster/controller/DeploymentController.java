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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Leads a deployment's replica sets from the old template to the new one, within its surge and its unavailability. */
final class DeploymentController implements Controller {
    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    private static final String MAX = "deployment.kubernetes.io/max-replicas";

    private final Objects objects;
    private final InstantSource clock;
    private final EventRecorder events;
    private final WorkQueue queue;
    private final Informer deployments;
    private final Informer sets;
    private final Informer pods;

    DeploymentController(Objects objects, InstantSource clock) throws InterruptedException {
        this.objects = objects;
        this.clock = clock;
        this.events = new EventRecorder(objects, clock, "deployment-controller", "");
        this.queue = WorkQueue.start("deployment", 2, this::reconcile);
        this.deployments =
                Informer.start(
                        objects,
                        ResourceType.DEPLOYMENT,
                        Query.ALL,
                        (before, after) -> queue.add(Trees.key(either(before, after))));
        this.sets = Informer.start(objects, ResourceType.REPLICA_SET, Query.ALL, this::setChanged);
        this.pods = Informer.start(objects, ResourceType.POD, Query.ALL, this::podChanged);
        deployments.awaitSync();
        sets.awaitSync();
        pods.awaitSync();
    }

    private static ObjectNode either(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        return after != null ? after : java.util.Objects.requireNonNull(before);
    }

    private void setChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        ObjectNode set = either(before, after);
        Trees.controllerOf(set)
                .filter(owner -> Trees.text(owner, "kind").equals("Deployment"))
                .ifPresent(
                        owner -> queue.add(Trees.namespace(set) + "/" + Trees.text(owner, "name")));
    }

    /** Recreate waits for the old pods to be gone. */
    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (after == null && before != null) {
            for (ObjectNode deployment : deployments.all()) {
                if (Trees.namespace(deployment).equals(Trees.namespace(before))
                        && isRecreate(deployment)) {
                    queue.add(Trees.key(deployment));
                }
            }
        }
    }

    private static boolean isRecreate(JsonNode deployment) {
        return Trees.text(deployment, "spec", "strategy", "type").equals("Recreate");
    }

    private void reconcile(String namespace, String name) {
        ObjectNode deployment;
        try {
            deployment = objects.get(ResourceType.DEPLOYMENT, namespace, name);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return;
            }
            throw e;
        }
        List<ObjectNode> owned = owned(deployment);
        if (Trees.isDeleting(deployment)) {
            updateStatus(deployment, owned, current(deployment, owned));
            return;
        }
        ObjectNode current = current(deployment, owned);
        boolean paused = deployment.path("spec").path("paused").asBoolean(false);
        if (paused) {
            scaleToSize(deployment, owned);
        } else {
            if (current == null && !(isRecreate(deployment) && hasOldPods(deployment, owned))) {
                current = createSet(deployment, owned);
            }
            if (isRecreate(deployment)) {
                recreate(deployment, owned, current);
            } else if (current != null) {
                roll(deployment, owned, current);
            }
            setRevision(deployment, current);
        }
        List<ObjectNode> after = owned(deployment);
        ObjectNode fresh = objects.get(ResourceType.DEPLOYMENT, namespace, name);
        updateStatus(fresh, after, current(fresh, after));
        cleanUp(fresh, after);
    }

    private List<ObjectNode> owned(ObjectNode deployment) {
        return objects
                .list(ResourceType.REPLICA_SET, Trees.namespace(deployment), Query.ALL)
                .items()
                .stream()
                .filter(set -> Trees.isControlledBy(set, deployment))
                .sorted(Comparator.comparing(DeploymentController::revision))
                .toList();
    }

    /** The newest set with the deployment's template. */
    private static @Nullable ObjectNode current(ObjectNode deployment, List<ObjectNode> owned) {
        ObjectNode found = null;
        JsonNode wanted = withoutHash(deployment.path("spec").path("template"));
        for (ObjectNode set : owned) {
            if (withoutHash(set.path("spec").path("template")).equals(wanted)) {
                found = set;
            }
        }
        return found;
    }

    private static JsonNode withoutHash(JsonNode template) {
        ObjectNode copy = (ObjectNode) template.deepCopy();
        if (copy.path("metadata").path("labels") instanceof ObjectNode labels) {
            labels.remove(ReplicaSetController.hashLabel());
        }
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("creationTimestamp");
        }
        return copy;
    }

    static long revision(JsonNode set) {
        String text = Trees.at(set, "metadata", "annotations", REVISION).asString("0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private boolean hasOldPods(ObjectNode deployment, List<ObjectNode> owned) {
        return objects
                .list(ResourceType.POD, Trees.namespace(deployment), Query.ALL)
                .items()
                .stream()
                .anyMatch(pod -> owned.stream().anyMatch(set -> Trees.isControlledBy(pod, set)));
    }

    private ObjectNode createSet(ObjectNode deployment, List<ObjectNode> owned) {
        String hash =
                TemplateHash.of(
                        deployment.path("spec").path("template"),
                        deployment.path("status").path("collisionCount").asInt(0));
        ObjectNode set = Trees.object();
        ObjectNode metadata = set.putObject("metadata");
        metadata.put("name", Trees.name(deployment) + "-" + hash);
        metadata.set(
                "labels",
                deployment
                        .path("spec")
                        .path("template")
                        .path("metadata")
                        .path("labels")
                        .deepCopy());
        Trees.ensure(metadata, "labels").put(ReplicaSetController.hashLabel(), hash);
        ObjectNode annotations = metadata.putObject("annotations");
        deployment.path("metadata").path("annotations").properties().stream()
                .filter(entry ->
                        !entry.getKey().equals("kubectl.kubernetes.io/last-applied-configuration")
                                && !entry.getKey().equals(REVISION))
                .forEach(entry -> annotations.set(entry.getKey(), entry.getValue()));
        annotations.put(REVISION, Long.toString(nextRevision(owned)));
        replicaAnnotations(annotations, deployment);
        Trees.setController(set, deployment);
        ObjectNode spec = set.putObject("spec");
        int replicas = newReplicas(deployment, owned, 0);
        spec.put("replicas", replicas);
        if (deployment.path("spec").has("minReadySeconds")) {
            spec.set("minReadySeconds", deployment.path("spec").path("minReadySeconds"));
        }
        spec.set("selector", deployment.path("spec").path("selector").deepCopy());
        Trees.ensure((ObjectNode) spec.path("selector"), "matchLabels")
                .put(ReplicaSetController.hashLabel(), hash);
        spec.set("template", deployment.path("spec").path("template").deepCopy());
        Trees.ensure(Trees.ensure((ObjectNode) spec.path("template"), "metadata"), "labels")
                .put(ReplicaSetController.hashLabel(), hash);
        ObjectNode created =
                objects.create(ResourceType.REPLICA_SET, Trees.namespace(deployment), set);
        if (replicas > 0) {
            scaled(deployment, created, 0, replicas);
        }
        return created;
    }

    private static long nextRevision(List<ObjectNode> owned) {
        return owned.stream().mapToLong(DeploymentController::revision).max().orElse(0) + 1;
    }

    private static void replicaAnnotations(ObjectNode annotations, JsonNode deployment) {
        int desired = replicas(deployment);
        annotations.put(DESIRED, Integer.toString(desired));
        annotations.put(MAX, Integer.toString(desired + surge(deployment)));
    }

    private static int replicas(JsonNode object) {
        return object.path("spec").path("replicas").asInt(1);
    }

    private static int surge(JsonNode deployment) {
        JsonNode rolling = deployment.path("spec").path("strategy").path("rollingUpdate");
        return isRecreate(deployment)
                ? 0
                : Trees.scaled(rolling.path("maxSurge"), replicas(deployment), true);
    }

    private static int maxUnavailable(JsonNode deployment) {
        JsonNode rolling = deployment.path("spec").path("strategy").path("rollingUpdate");
        int unavailable = Trees.scaled(rolling.path("maxUnavailable"), replicas(deployment), false);
        // Both zero would never move.
        return unavailable == 0 && surge(deployment) == 0
                ? 1
                : Math.min(unavailable, replicas(deployment));
    }

    private static int newReplicas(JsonNode deployment, List<ObjectNode> owned, int present) {
        int desired = replicas(deployment);
        if (isRecreate(deployment)) {
            return desired;
        }
        int total = owned.stream().mapToInt(DeploymentController::replicas).sum();
        int room = desired + surge(deployment) - total;
        return room <= 0 ? present : Math.min(present + room, desired);
    }

    private void roll(ObjectNode deployment, List<ObjectNode> owned, ObjectNode current) {
        int desired = replicas(deployment);
        int present = replicas(current);
        if (present > desired) {
            scale(deployment, current, desired);
            return;
        }
        if (present < desired) {
            int wanted = newReplicas(deployment, owned, present);
            if (wanted != present) {
                scale(deployment, current, wanted);
                return;
            }
        }
        scaleDownOld(deployment, owned, current);
    }

    private void scaleDownOld(ObjectNode deployment, List<ObjectNode> owned, ObjectNode current) {
        List<ObjectNode> old =
                owned.stream()
                        .filter(set ->
                                !Trees.uid(set).equals(Trees.uid(current)) && replicas(set) > 0)
                        .toList();
        int all = owned.stream().mapToInt(DeploymentController::replicas).sum();
        int minAvailable = replicas(deployment) - maxUnavailable(deployment);
        int newUnavailable = replicas(current) - count(current, "availableReplicas");
        int maxScaledDown = all - minAvailable - newUnavailable;
        int scaledDown = 0;
        // Pods that are not healthy go first: they serve nobody.
        for (ObjectNode set : old) {
            int unhealthy =
                    Math.min(
                            replicas(set) - count(set, "availableReplicas"),
                            maxScaledDown - scaledDown);
            if (unhealthy > 0) {
                scale(deployment, set, replicas(set) - unhealthy);
                scaledDown += unhealthy;
            }
        }
        List<ObjectNode> rest =
                owned(deployment).stream()
                        .filter(set ->
                                !Trees.uid(set).equals(Trees.uid(current)) && replicas(set) > 0)
                        .toList();
        int available = owned.stream().mapToInt(set -> count(set, "availableReplicas")).sum();
        int room = available - minAvailable;
        for (ObjectNode set : rest) {
            int take = Math.min(replicas(set), room);
            if (take > 0) {
                scale(deployment, set, replicas(set) - take);
                room -= take;
            }
        }
    }

    private void recreate(
            ObjectNode deployment, List<ObjectNode> owned, @Nullable ObjectNode current) {
        for (ObjectNode set : owned) {
            if ((current == null || !Trees.uid(set).equals(Trees.uid(current)))
                    && replicas(set) > 0) {
                scale(deployment, set, 0);
            }
        }
        if (current != null && replicas(current) != replicas(deployment)) {
            scale(deployment, current, replicas(deployment));
        }
    }

    /** A paused deployment follows its size, not its template. */
    private void scaleToSize(ObjectNode deployment, List<ObjectNode> owned) {
        List<ObjectNode> active = owned.stream().filter(set -> replicas(set) > 0).toList();
        if (active.size() == 1 && replicas(active.getFirst()) != replicas(deployment)) {
            scale(deployment, active.getFirst(), replicas(deployment));
        } else if (active.isEmpty() && !owned.isEmpty() && replicas(deployment) > 0) {
            scale(deployment, owned.getLast(), replicas(deployment));
        }
    }

    private void scale(ObjectNode deployment, ObjectNode set, int to) {
        int from = replicas(set);
        ObjectNode changed = set.deepCopy();
        Trees.ensure(changed, "spec").put("replicas", to);
        replicaAnnotations(
                Trees.ensure(Trees.ensure(changed, "metadata"), "annotations"), deployment);
        objects.update(ResourceType.REPLICA_SET, Trees.namespace(set), changed);
        scaled(deployment, set, from, to);
    }

    private void scaled(ObjectNode deployment, ObjectNode set, int from, int to) {
        String direction = to > from ? "up" : "down";
        events.normal(
                deployment,
                "ScalingReplicaSet",
                "Scaled "
                        + direction
                        + " replica set "
                        + Trees.name(set)
                        + " from "
                        + from
                        + " to "
                        + to);
    }

    private void setRevision(ObjectNode deployment, @Nullable ObjectNode current) {
        if (current == null) {
            return;
        }
        List<ObjectNode> owned = owned(deployment);
        long newest = owned.stream().mapToLong(DeploymentController::revision).max().orElse(1);
        long revision = revision(current);
        if (revision < newest || revision == 0) {
            // Rolled back to: it becomes the newest again.
            revision = newest + 1;
            annotate(ResourceType.REPLICA_SET, current, revision);
        }
        if (revision(deployment) != revision) {
            annotate(ResourceType.DEPLOYMENT, deployment, revision);
        }
    }

    private void annotate(ResourceType type, ObjectNode object, long revision) {
        ObjectNode patch = Trees.object();
        patch.putObject("metadata").putObject("annotations").put(REVISION, Long.toString(revision));
        objects.mergePatch(type, Trees.namespace(object), Trees.name(object), null, patch);
    }

    private static int count(JsonNode object, String field) {
        return object.path("status").path(field).asInt(0);
    }

    private void updateStatus(
            ObjectNode deployment, List<ObjectNode> owned, @Nullable ObjectNode current) {
        ObjectNode changed =
                DeploymentStatus.of(
                        deployment, owned, current, maxUnavailable(deployment), clock.instant());
        if (!changed.path("status").equals(deployment.path("status"))) {
            objects.updateSubresource(
                    ResourceType.DEPLOYMENT,
                    Trees.namespace(deployment),
                    Trees.name(deployment),
                    "status",
                    changed);
        }
    }

    private void cleanUp(ObjectNode deployment, List<ObjectNode> owned) {
        int kept = deployment.path("spec").path("revisionHistoryLimit").asInt(10);
        List<ObjectNode> old = new ArrayList<>();
        ObjectNode current = current(deployment, owned);
        for (ObjectNode set : owned) {
            boolean empty = replicas(set) == 0 && count(set, "replicas") == 0;
            if (empty && (current == null || !Trees.uid(set).equals(Trees.uid(current)))) {
                old.add(set);
            }
        }
        for (int i = 0; i < old.size() - kept; i++) {
            objects.delete(
                    ResourceType.REPLICA_SET,
                    Trees.namespace(deployment),
                    Trees.name(old.get(i)),
                    DeleteOptions.DEFAULT);
        }
    }

    @Override
    public void close() {
        deployments.close();
        sets.close();
        pods.close();
        queue.close();
    }
}
