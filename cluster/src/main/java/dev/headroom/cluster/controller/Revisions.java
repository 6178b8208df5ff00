package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A deployment's replica sets: one for each template it has had, numbered in the order in which they were the newest. */
final class Revisions {
    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String HISTORY = "deployment.kubernetes.io/revision-history";

    /** Annotations of a deployment that its sets do not take over. */
    private static final Set<String> NOT_TAKEN =
            Set.of(
                    "kubectl.kubernetes.io/last-applied-configuration",
                    REVISION,
                    HISTORY,
                    Rollout.DESIRED,
                    Rollout.MAX,
                    "deprecated.deployment.rollback.to");

    private final Objects objects;
    private final InstantSource clock;
    private final EventRecorder events;

    Revisions(Objects objects, InstantSource clock, EventRecorder events) {
        this.objects = objects;
        this.clock = clock;
        this.events = events;
    }

    /** The oldest first. */
    List<ObjectNode> of(ObjectNode deployment) {
        return Ownership.claim(objects, ResourceType.REPLICA_SET, deployment, set -> true).stream()
                .sorted(
                        Comparator.<ObjectNode, String>comparing(
                                        set -> Trees.text(set, "metadata", "creationTimestamp"))
                                .thenComparing(Revisions::revision)
                                .thenComparing(Trees::name))
                .toList();
    }

    /** The set with the deployment's template. */
    static @Nullable ObjectNode current(ObjectNode deployment, List<ObjectNode> owned) {
        JsonNode wanted = withoutHash(deployment.path("spec").path("template"));
        for (ObjectNode set : owned) {
            if (withoutHash(set.path("spec").path("template")).equals(wanted)) {
                return set;
            }
        }
        return null;
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

    static long revision(JsonNode object) {
        String text = Trees.at(object, "metadata", "annotations", REVISION).asString("");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    private static long next(List<ObjectNode> owned, @Nullable ObjectNode current) {
        return owned.stream()
                        .filter(set ->
                                current == null || !Trees.uid(set).equals(Trees.uid(current)))
                        .mapToLong(Revisions::revision)
                        .max()
                        .orElse(0)
                + 1;
    }

    /** Makes the set for a template that there was not before. */
    void create(ObjectNode deployment, List<ObjectNode> owned, int replicas) {
        int collisions = deployment.path("status").path("collisionCount").asInt(0);
        JsonNode template = deployment.path("spec").path("template");
        String hash = TemplateHash.of(template, collisions);
        ObjectNode set = set(deployment, hash, replicas);
        long revision = next(owned, null);
        annotate(deployment, set, revision);
        try {
            ObjectNode created =
                    objects.create(ResourceType.REPLICA_SET, Trees.namespace(deployment), set);
            condition(
                    deployment,
                    "True",
                    "NewReplicaSetCreated",
                    "Created new replica set \"" + Trees.name(created) + "\"");
            if (replicas > 0) {
                scaled(deployment, created, 0, replicas);
            }
            number(deployment, revision);
        } catch (ApiException e) {
            if (e.reason().equals("AlreadyExists")) {
                collide(deployment, set, collisions);
            } else {
                condition(
                        deployment,
                        "False",
                        "ReplicaSetCreateError",
                        "Failed to create new replica set \""
                                + Trees.name(set)
                                + "\": "
                                + e.getMessage());
            }
            throw e;
        }
    }

    /** Somebody else's has that name: the next attempt takes another. */
    private void collide(ObjectNode deployment, ObjectNode set, int collisions) {
        ObjectNode there =
                objects.get(ResourceType.REPLICA_SET, Trees.namespace(deployment), Trees.name(set));
        if (Trees.isControlledBy(there, deployment)
                && current(deployment, List.of(there)) != null) {
            return;
        }
        ObjectNode patch = Trees.object();
        patch.putObject("status").put("collisionCount", collisions + 1);
        patchStatus(deployment, patch);
    }

    private static ObjectNode set(ObjectNode deployment, String hash, int replicas) {
        JsonNode wanted = deployment.path("spec");
        ObjectNode set = Trees.object();
        ObjectNode metadata = set.putObject("metadata");
        metadata.put("name", Trees.name(deployment) + "-" + hash);
        metadata.set("labels", Trees.labels(wanted.path("template")).deepCopy());
        Trees.ensure(metadata, "labels").put(ReplicaSetController.hashLabel(), hash);
        Trees.setController(set, deployment);
        ObjectNode spec = set.putObject("spec").put("replicas", replicas);
        if (wanted.has("minReadySeconds")) {
            spec.set("minReadySeconds", wanted.path("minReadySeconds"));
        }
        spec.set("selector", wanted.path("selector").deepCopy());
        Trees.ensure((ObjectNode) spec.path("selector"), "matchLabels")
                .put(ReplicaSetController.hashLabel(), hash);
        ObjectNode template = (ObjectNode) wanted.path("template").deepCopy();
        spec.set("template", template);
        Trees.ensure(Trees.ensure(template, "metadata"), "labels")
                .put(ReplicaSetController.hashLabel(), hash);
        return set;
    }

    /** Brings the current set up to date with what the deployment says besides its template; a set that was current before is the newest again. */
    ObjectNode renew(ObjectNode deployment, ObjectNode current, List<ObjectNode> owned) {
        ObjectNode changed = current.deepCopy();
        long revision = Math.max(next(owned, current), revision(current));
        ObjectNode annotations = Trees.ensure(Trees.ensure(changed, "metadata"), "annotations");
        takeOver(deployment, annotations);
        if (revision(current) < revision) {
            String before = Trees.at(annotations, REVISION).asString("");
            String history = Trees.at(annotations, HISTORY).asString("");
            annotations.put(REVISION, Long.toString(revision));
            if (!before.isEmpty()) {
                annotations.put(HISTORY, history.isEmpty() ? before : history + "," + before);
            }
        }
        JsonNode minReady = deployment.path("spec").path("minReadySeconds");
        if (minReady.asInt(0) != changed.path("spec").path("minReadySeconds").asInt(0)) {
            Trees.ensure(changed, "spec").put("minReadySeconds", minReady.asInt(0));
        }
        ObjectNode renewed = current;
        if (!changed.equals(current)) {
            renewed =
                    objects.update(ResourceType.REPLICA_SET, Trees.namespace(deployment), changed);
        }
        if (Trees.condition(deployment, "Progressing").isMissingNode()) {
            condition(
                    deployment,
                    "True",
                    "FoundNewReplicaSet",
                    "Found new replica set \"" + Trees.name(current) + "\"");
        }
        number(deployment, revision);
        return renewed;
    }

    private static void takeOver(ObjectNode deployment, ObjectNode annotations) {
        for (var entry : deployment.path("metadata").path("annotations").properties()) {
            if (!NOT_TAKEN.contains(entry.getKey())) {
                annotations.set(entry.getKey(), entry.getValue());
            }
        }
    }

    private static void annotate(ObjectNode deployment, ObjectNode set, long revision) {
        ObjectNode annotations = Trees.ensure(Trees.ensure(set, "metadata"), "annotations");
        takeOver(deployment, annotations);
        annotations.put(REVISION, Long.toString(revision));
        sizes(deployment, annotations);
    }

    private static void sizes(ObjectNode deployment, ObjectNode annotations) {
        int desired = Rollout.replicas(deployment);
        annotations.put(Rollout.DESIRED, Integer.toString(desired));
        annotations.put(Rollout.MAX, Integer.toString(desired + Rollout.surge(deployment)));
    }

    private void number(ObjectNode deployment, long revision) {
        if (revision(deployment) != revision) {
            ObjectNode patch = Trees.object();
            patch.putObject("metadata")
                    .putObject("annotations")
                    .put(REVISION, Long.toString(revision));
            objects.mergePatch(
                    ResourceType.DEPLOYMENT,
                    Trees.namespace(deployment),
                    Trees.name(deployment),
                    // As upstream: that is no new generation of what is wanted.
                    "status",
                    patch);
        }
    }

    /** Gives a set a size, and notes in it the size that its deployment has. */
    void scale(ObjectNode deployment, ObjectNode set, int to) {
        int from = Rollout.replicas(set);
        ObjectNode changed = set.deepCopy();
        Trees.ensure(changed, "spec").put("replicas", to);
        sizes(deployment, Trees.ensure(Trees.ensure(changed, "metadata"), "annotations"));
        if (changed.equals(set)) {
            return;
        }
        objects.update(ResourceType.REPLICA_SET, Trees.namespace(set), changed);
        if (from != to) {
            scaled(deployment, set, from, to);
        }
    }

    private void scaled(ObjectNode deployment, ObjectNode set, int from, int to) {
        events.normal(
                deployment,
                "ScalingReplicaSet",
                "Scaled "
                        + (to > from ? "up" : "down")
                        + " replica set "
                        + Trees.name(set)
                        + " from "
                        + from
                        + " to "
                        + to);
    }

    private void condition(ObjectNode deployment, String value, String reason, String message) {
        ObjectNode fresh =
                objects.get(
                        ResourceType.DEPLOYMENT,
                        Trees.namespace(deployment),
                        Trees.name(deployment));
        ObjectNode changed = fresh.deepCopy();
        DeploymentStatus.condition(
                Trees.ensure(changed, "status"),
                "Progressing",
                value,
                reason,
                message,
                true,
                clock.instant());
        ObjectNode patch = Trees.object();
        patch.putObject("status").set("conditions", changed.path("status").path("conditions"));
        patchStatus(deployment, patch);
    }

    private void patchStatus(ObjectNode deployment, ObjectNode patch) {
        objects.mergePatch(
                ResourceType.DEPLOYMENT,
                Trees.namespace(deployment),
                Trees.name(deployment),
                "status",
                patch);
    }
}
