package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A deployment's status: counts over its replica sets, and the conditions Available and Progressing in upstream's words. */
final class DeploymentStatus {
    private DeploymentStatus() {}

    static ObjectNode of(
            ObjectNode deployment,
            List<ObjectNode> owned,
            @Nullable ObjectNode current,
            int maxUnavailable,
            Instant now) {
        ObjectNode changed = deployment.deepCopy();
        ObjectNode status = Trees.ensure(changed, "status");
        int desired = deployment.path("spec").path("replicas").asInt(1);
        int total = sum(owned, "replicas");
        int ready = sum(owned, "readyReplicas");
        int available = sum(owned, "availableReplicas");
        int updated = current == null ? 0 : current.path("status").path("replicas").asInt(0);
        status.put("observedGeneration", deployment.path("metadata").path("generation").asLong(0));
        ReplicaSetController.putOrRemove(status, "replicas", total);
        ReplicaSetController.putOrRemove(status, "updatedReplicas", updated);
        ReplicaSetController.putOrRemove(status, "readyReplicas", ready);
        ReplicaSetController.putOrRemove(status, "availableReplicas", available);
        ReplicaSetController.putOrRemove(
                status, "unavailableReplicas", Math.max(total - available, desired - available));
        boolean enough = available >= desired - maxUnavailable;
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
        progress(deployment, status, current, total, updated, available, desired, now);
        return changed;
    }

    private static void progress(
            ObjectNode deployment,
            ObjectNode status,
            @Nullable ObjectNode current,
            int total,
            int updated,
            int available,
            int desired,
            Instant now) {
        if (current == null) {
            return;
        }
        String name = "ReplicaSet \"" + Trees.name(current) + "\"";
        boolean complete = updated == desired && total == desired && available == desired;
        JsonNode before = deployment.path("status");
        JsonNode old = Trees.condition(deployment, "Progressing");
        boolean moved =
                updated > before.path("updatedReplicas").asInt(0)
                        || available > before.path("availableReplicas").asInt(0)
                        || total < before.path("replicas").asInt(0);
        if (complete) {
            condition(
                    status,
                    "Progressing",
                    "True",
                    "NewReplicaSetAvailable",
                    name + " has successfully progressed.",
                    false,
                    now);
        } else if (old.isMissingNode()) {
            condition(
                    status,
                    "Progressing",
                    "True",
                    "NewReplicaSetCreated",
                    "Created new replica set \"" + Trees.name(current) + "\"",
                    true,
                    now);
        } else if (moved) {
            condition(
                    status,
                    "Progressing",
                    "True",
                    "ReplicaSetUpdated",
                    name + " is progressing.",
                    true,
                    now);
        } else if (isLate(deployment, old, now)) {
            condition(
                    status,
                    "Progressing",
                    "False",
                    "ProgressDeadlineExceeded",
                    name + " has timed out progressing.",
                    false,
                    now);
        }
    }

    private static boolean isLate(ObjectNode deployment, JsonNode progressing, Instant now) {
        Instant since = Trees.instant(Trees.text(progressing, "lastUpdateTime"));
        long deadline = deployment.path("spec").path("progressDeadlineSeconds").asLong(600);
        return since != null
                && !Trees.text(progressing, "reason").equals("NewReplicaSetAvailable")
                && since.plusSeconds(deadline).isBefore(now);
    }

    private static int sum(List<ObjectNode> sets, String field) {
        return sets.stream().mapToInt(set -> set.path("status").path(field).asInt(0)).sum();
    }

    private static void condition(
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
