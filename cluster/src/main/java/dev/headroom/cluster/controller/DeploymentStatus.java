package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A deployment's status: counts over its replica sets, and its conditions in upstream's words (sync.go, progress.go). */
final class DeploymentStatus {
    private static final String COMPLETE = "NewReplicaSetAvailable";
    private static final String LATE = "ProgressDeadlineExceeded";

    private DeploymentStatus() {}

    /**
     * The deployment with its status as it is now.
     *
     * @param current the set with its template
     * @param rolls whether its progress counts: not while it is paused, or was only scaled
     */
    static ObjectNode of(
            ObjectNode deployment,
            List<ObjectNode> owned,
            @Nullable ObjectNode current,
            boolean rolls,
            Instant now) {
        ObjectNode changed = deployment.deepCopy();
        ObjectNode status = Trees.ensure(changed, "status");
        int desired = Rollout.replicas(deployment);
        int available = sum(owned, "availableReplicas");
        int wanted = owned.stream().mapToInt(Rollout::replicas).sum();
        int updated = current == null ? 0 : current.path("status").path("replicas").asInt(0);
        status.put("observedGeneration", deployment.path("metadata").path("generation").asLong(0));
        ReplicaSetController.putOrRemove(status, "replicas", sum(owned, "replicas"));
        ReplicaSetController.putOrRemove(status, "updatedReplicas", updated);
        ReplicaSetController.putOrRemove(status, "readyReplicas", sum(owned, "readyReplicas"));
        ReplicaSetController.putOrRemove(status, "availableReplicas", available);
        ReplicaSetController.putOrRemove(
                status, "unavailableReplicas", Math.max(0, wanted - available));
        boolean enough = available >= desired - Rollout.maxUnavailable(deployment);
        condition(
                status,
                "Available",
                enough ? "True" : "False",
                enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                enough
                        ? "Deployment has minimum availability."
                        : "Deployment does not have minimum availability.",
                false,
                now);
        if (!hasDeadline(deployment)) {
            if (rolls) {
                remove(status, "Progressing");
            }
        } else {
            pause(deployment, status, now);
            if (rolls) {
                progress(deployment, changed, current, now);
            }
        }
        if (rolls) {
            failure(status, owned, current, now);
        }
        return changed;
    }

    private static int sum(List<ObjectNode> sets, String field) {
        return sets.stream().mapToInt(set -> set.path("status").path(field).asInt(0)).sum();
    }

    private static boolean hasDeadline(JsonNode deployment) {
        JsonNode seconds = deployment.path("spec").path("progressDeadlineSeconds");
        return seconds.isNumber() && seconds.asLong() != Integer.MAX_VALUE;
    }

    private static void pause(ObjectNode deployment, ObjectNode status, Instant now) {
        boolean paused = deployment.path("spec").path("paused").asBoolean(false);
        String reason = Trees.text(Trees.condition(deployment, "Progressing"), "reason");
        boolean said = reason.equals("DeploymentPaused");
        if (reason.equals(LATE) || paused == said) {
            return;
        }
        condition(
                status,
                "Progressing",
                "Unknown",
                paused ? "DeploymentPaused" : "DeploymentResumed",
                paused ? "Deployment is paused" : "Deployment is resumed",
                true,
                now);
    }

    /** Whether all pods are there, of the new template, and available. */
    static boolean isComplete(JsonNode deployment) {
        JsonNode status = deployment.path("status");
        int desired = Rollout.replicas(deployment);
        return count(status, "updatedReplicas") == desired
                && count(status, "replicas") == desired
                && count(status, "availableReplicas") == desired;
    }

    private static int count(JsonNode status, String field) {
        return status.path(field).asInt(0);
    }

    private static void progress(
            ObjectNode deployment, ObjectNode changed, @Nullable ObjectNode current, Instant now) {
        ObjectNode status = Trees.ensure(changed, "status");
        JsonNode old = Trees.condition(changed, "Progressing");
        boolean done = Trees.text(old, "reason").equals(COMPLETE);
        // Once it is done, pods that come and go for other reasons are no rollout.
        if (done && count(status, "replicas") == count(status, "updatedReplicas")) {
            return;
        }
        String name =
                current == null
                        ? "Deployment \"" + Trees.name(deployment) + "\""
                        : "ReplicaSet \"" + Trees.name(current) + "\"";
        if (isComplete(changed)) {
            String message = name + " has successfully progressed.";
            condition(status, "Progressing", "True", COMPLETE, message, false, now);
        } else if (hasMoved(deployment.path("status"), status)) {
            String message = name + " is progressing.";
            condition(status, "Progressing", "True", "ReplicaSetUpdated", message, true, now);
        } else if (isLate(deployment, old, now)) {
            String message = name + " has timed out progressing.";
            condition(status, "Progressing", "False", LATE, message, false, now);
        }
    }

    private static boolean hasMoved(JsonNode before, JsonNode after) {
        int oldBefore = count(before, "replicas") - count(before, "updatedReplicas");
        int oldAfter = count(after, "replicas") - count(after, "updatedReplicas");
        return count(after, "updatedReplicas") > count(before, "updatedReplicas")
                || oldAfter < oldBefore
                || count(after, "readyReplicas") > count(before, "readyReplicas")
                || count(after, "availableReplicas") > count(before, "availableReplicas");
    }

    private static boolean isLate(ObjectNode deployment, JsonNode progressing, Instant now) {
        String reason = Trees.text(progressing, "reason");
        if (reason.equals(LATE)) {
            return true;
        }
        Instant end = deadline(deployment, progressing);
        return end != null && !reason.equals(COMPLETE) && end.isBefore(now);
    }

    private static @Nullable Instant deadline(JsonNode deployment, JsonNode progressing) {
        Instant since = Trees.instant(Trees.text(progressing, "lastUpdateTime"));
        long seconds = deployment.path("spec").path("progressDeadlineSeconds").asLong(600);
        return since == null ? null : since.plusSeconds(seconds);
    }

    /** When it must be looked at again, since nothing else may happen until it is late; null where it cannot become late. */
    static @Nullable Duration untilLate(ObjectNode deployment, Instant now) {
        JsonNode progressing = Trees.condition(deployment, "Progressing");
        Instant end = deadline(deployment, progressing);
        boolean settled =
                !hasDeadline(deployment)
                        || isComplete(deployment)
                        || Trees.text(progressing, "reason").equals(LATE);
        return end == null || settled || end.plusSeconds(1).isBefore(now)
                ? null
                : Duration.between(now, end).plusMillis(1_001);
    }

    /** That pods cannot be made, which a replica set tells. */
    private static void failure(
            ObjectNode status, List<ObjectNode> owned, @Nullable ObjectNode current, Instant now) {
        List<ObjectNode> order = new ArrayList<>();
        if (current != null) {
            order.add(current);
        }
        order.addAll(owned);
        for (ObjectNode set : order) {
            JsonNode failed = Trees.condition(set, "ReplicaFailure");
            if (failed.isObject()) {
                condition(
                        status,
                        "ReplicaFailure",
                        Trees.text(failed, "status"),
                        Trees.text(failed, "reason"),
                        Trees.text(failed, "message"),
                        false,
                        now);
                return;
            }
        }
        remove(status, "ReplicaFailure");
    }

    private static void remove(ObjectNode status, String type) {
        if (status.path("conditions") instanceof ArrayNode conditions) {
            conditions.removeIf(condition -> Trees.text(condition, "type").equals(type));
        }
    }

    /**
     * Sets a condition.
     *
     * @param touch whether it counts as updated although status and reason are the same
     */
    static void condition(
            ObjectNode status,
            String type,
            String value,
            String reason,
            String message,
            boolean touch,
            Instant now) {
        JsonNode old =
                status.path("conditions")
                        .valueStream()
                        .filter(c -> Trees.text(c, "type").equals(type))
                        .findFirst()
                        .orElse(status.path("none"));
        boolean same =
                Trees.text(old, "reason").equals(reason) && Trees.text(old, "status").equals(value);
        String updated = same && !touch ? Trees.text(old, "lastUpdateTime") : Trees.time(now);
        Trees.setCondition(status, type, value, reason, message, now);
        for (JsonNode condition : status.path("conditions")) {
            if (Trees.text(condition, "type").equals(type)) {
                ((ObjectNode) condition).put("lastUpdateTime", updated);
            }
        }
    }
}
