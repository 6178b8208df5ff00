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
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Leads a deployment's replica sets from the old template to the new one, within its surge and its unavailability. One that was scaled in
 * the middle of that, or is paused, is scaled first, in proportion to its sets.
 */
final class DeploymentController implements Controller {
    private final Objects objects;
    private final InstantSource clock;
    private final WorkQueue queue;
    private final Revisions revisions;
    private final Informer deployments;
    private final Informer sets;
    private final Informer pods;

    DeploymentController(Objects objects, InstantSource clock) throws InterruptedException {
        this.objects = objects;
        this.clock = clock;
        this.revisions =
                new Revisions(
                        objects,
                        clock,
                        new EventRecorder(objects, clock, "deployment-controller", ""));
        this.queue = WorkQueue.start("deployment", 2, this::reconcile);
        this.deployments =
                Informer.start(
                        objects,
                        ResourceType.DEPLOYMENT,
                        Query.ALL,
                        (before, after) -> queue.add(Trees.key(either(before, after))));
        deployments.awaitSync();
        this.sets = Informer.start(objects, ResourceType.REPLICA_SET, Query.ALL, this::setChanged);
        this.pods = Informer.start(objects, ResourceType.POD, Query.ALL, this::podChanged);
        sets.awaitSync();
        pods.awaitSync();
    }

    private static ObjectNode either(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        return after != null ? after : java.util.Objects.requireNonNull(before);
    }

    private void setChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        ObjectNode set = either(before, after);
        Ownership.enqueueOwners(queue, "Deployment", deployments, before, set);
    }

    /** Recreate waits for the old pods to be gone. */
    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (after == null && before != null) {
            for (ObjectNode deployment : deployments.all()) {
                if (Trees.namespace(deployment).equals(Trees.namespace(before))
                        && Rollout.isRecreate(deployment)) {
                    queue.add(Trees.key(deployment));
                }
            }
        }
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
        List<ObjectNode> owned = revisions.of(deployment);
        boolean rolls = false;
        if (!Trees.isDeleting(deployment)) {
            rolls = lead(deployment, owned);
        }
        ObjectNode fresh = objects.get(ResourceType.DEPLOYMENT, namespace, name);
        List<ObjectNode> after = revisions.of(fresh);
        ObjectNode current = Revisions.current(fresh, after);
        updateStatus(fresh, after, current, rolls);
        if (!Trees.isDeleting(fresh) && (!rolls || DeploymentStatus.isComplete(fresh))) {
            cleanUp(fresh, after, current);
        }
    }

    /** One step; true where that was one of a rollout, whose progress counts. */
    private boolean lead(ObjectNode deployment, List<ObjectNode> owned) {
        ObjectNode current = Revisions.current(deployment, owned);
        boolean paused = deployment.path("spec").path("paused").asBoolean(false);
        if (paused || Rollout.wasScaled(deployment, owned)) {
            if (current != null) {
                current = revisions.renew(deployment, current, owned);
            }
            scaleAll(deployment, owned, current);
            return false;
        }
        if (Rollout.isRecreate(deployment)) {
            recreate(deployment, owned, current);
        } else {
            roll(deployment, owned, current);
        }
        return true;
    }

    /** In proportion, as far as there is more than one set with pods. */
    private void scaleAll(
            ObjectNode deployment, List<ObjectNode> owned, @Nullable ObjectNode current) {
        Rollout.sizes(deployment, owned, current)
                .forEach((set, size) -> revisions.scale(deployment, set, size));
    }

    private void roll(ObjectNode deployment, List<ObjectNode> owned, @Nullable ObjectNode current) {
        if (current == null) {
            int first = Rollout.newReplicas(deployment, owned, 0);
            revisions.create(deployment, owned, first);
            return;
        }
        ObjectNode renewed = revisions.renew(deployment, current, owned);
        int desired = Rollout.replicas(deployment);
        int present = Rollout.replicas(renewed);
        int wanted = present > desired ? desired : Rollout.newReplicas(deployment, owned, present);
        if (wanted != present) {
            revisions.scale(deployment, renewed, wanted);
            return;
        }
        Rollout.fewerOld(deployment, owned, renewed)
                .forEach((set, size) -> revisions.scale(deployment, set, size));
    }

    /** All old pods go before a new one comes, also when the template is one that there was before. */
    private void recreate(
            ObjectNode deployment, List<ObjectNode> owned, @Nullable ObjectNode current) {
        List<ObjectNode> old =
                owned.stream()
                        .filter(set ->
                                current == null || !Trees.uid(set).equals(Trees.uid(current)))
                        .toList();
        boolean scaled = false;
        for (ObjectNode set : old) {
            if (Rollout.replicas(set) > 0) {
                revisions.scale(deployment, set, 0);
                scaled = true;
            }
        }
        if (scaled || haveRunningPods(deployment, old)) {
            return;
        }
        int desired = Rollout.replicas(deployment);
        if (current == null) {
            revisions.create(deployment, owned, desired);
        } else {
            ObjectNode renewed = revisions.renew(deployment, current, owned);
            if (Rollout.replicas(renewed) != desired) {
                revisions.scale(deployment, renewed, desired);
            }
        }
    }

    private boolean haveRunningPods(ObjectNode deployment, List<ObjectNode> old) {
        return objects
                .list(ResourceType.POD, Trees.namespace(deployment), Query.ALL)
                .items()
                .stream()
                .filter(pod -> !Trees.text(pod, "status", "phase").matches("Succeeded|Failed"))
                .anyMatch(pod -> old.stream().anyMatch(set -> Trees.isControlledBy(pod, set)));
    }

    private void updateStatus(
            ObjectNode deployment,
            List<ObjectNode> owned,
            @Nullable ObjectNode current,
            boolean rolls) {
        ObjectNode changed =
                DeploymentStatus.of(deployment, owned, current, rolls, clock.instant());
        if (!changed.path("status").equals(deployment.path("status"))) {
            objects.updateSubresource(
                    ResourceType.DEPLOYMENT,
                    Trees.namespace(deployment),
                    Trees.name(deployment),
                    "status",
                    changed);
        }
        Duration wait = DeploymentStatus.untilLate(changed, clock.instant());
        if (wait != null) {
            queue.addAfter(Trees.key(deployment), wait);
        }
    }

    private void cleanUp(
            ObjectNode deployment, List<ObjectNode> owned, @Nullable ObjectNode current) {
        JsonNode limit = deployment.path("spec").path("revisionHistoryLimit");
        List<ObjectNode> old =
                owned.stream()
                        .filter(set ->
                                current == null || !Trees.uid(set).equals(Trees.uid(current)))
                        .filter(set -> !Trees.isDeleting(set))
                        .filter(set -> Rollout.replicas(set) == 0)
                        .filter(set -> set.path("status").path("replicas").asInt(0) == 0)
                        .sorted(Comparator.comparing(Revisions::revision))
                        .toList();
        for (int i = 0; i < old.size() - limit.asInt(10); i++) {
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
