package dev.headroom.lab.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Leaves a cluster as it was found: deletes what was created, puts back what was changed. */
final class Remover {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(60);
    private static final int MISSING = 404;
    private static final int CONFLICT = 409;
    private static final int ATTEMPTS = 10;

    private final Cluster cluster;
    private final List<Undo> undone = new ArrayList<>();

    Remover(Cluster cluster) {
        this.cluster = cluster;
    }

    /** What was undone, for the claim's note. */
    List<Undo> undone() {
        return undone;
    }

    /**
     * Undoes.
     *
     * @param last what was applied, last first
     * @return what could not be undone, in sentences
     */
    List<String> remove(List<Undo> last) {
        List<String> left = new ArrayList<>();
        List<Undo> deleted = new ArrayList<>();
        try {
            for (Undo one : last) {
                String problem = undo(one, deleted);
                if (problem == null) {
                    undone.add(one);
                } else {
                    left.add(one.title() + problem);
                }
            }
            awaitGone(deleted, left);
        } catch (ClusterGoneException e) {
            left.add(
                    "what was applied may still be there ("
                            + String.join(", ", last.stream().map(Undo::title).toList())
                            + "): "
                            + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            left.add("stopped while cleaning up");
        }
        return left;
    }

    /** Null where it was undone; those that were deleted are added, with their uid. */
    private @Nullable String undo(Undo one, List<Undo> deleted)
            throws ClusterGoneException, InterruptedException {
        String uid = one.uid();
        if (uid == null) {
            ApiAnswer found = cluster.get(one.path());
            if (found.code() == MISSING) {
                // Planned and never made, or gone by another hand.
                return one.before() == null ? null : " is no longer there, and is not made again";
            }
            if (!found.ok()) {
                return " could not be read: " + found.message();
            }
            if (!appliedByUs(found.json())) {
                return null;
            }
            uid = found.json().path("metadata").path("uid").asString("");
        }
        JsonNode before = one.before();
        if (before != null && before.isMissingNode()) {
            return " was changed, and what it was before was too large or too secret to be noted";
        }
        ApiAnswer answer = before == null ? delete(one, uid) : restore(one, before);
        if (!answer.ok() && !(before == null && answer.code() == MISSING)) {
            return (before == null ? " could not be deleted: " : " could not be restored: ")
                    + answer.message();
        }
        if (before == null) {
            deleted.add(new Undo(one.title(), one.path(), uid, null));
        }
        return null;
    }

    /** Whether this program's server-side apply is among those who wrote it: else it is as somebody else made it, and is left so. */
    private static boolean appliedByUs(JsonNode object) {
        for (JsonNode manager : object.path("metadata").path("managedFields")) {
            if (manager.path("manager").asString("").equals(Applier.MANAGER)
                    && manager.path("operation").asString("").equals("Apply")) {
                return true;
            }
        }
        return false;
    }

    private ApiAnswer delete(Undo one, String uid)
            throws ClusterGoneException, InterruptedException {
        String options =
                "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"Foreground\",\"preconditions\":{\"uid\":\""
                        + uid
                        + "\"}}";
        return cluster.send("DELETE", one.path(), "application/json", options, PATIENCE);
    }

    /** The object as it was, its owners of fields included; whatever else changed it meanwhile is overwritten. */
    private ApiAnswer restore(Undo one, JsonNode before)
            throws ClusterGoneException, InterruptedException {
        ObjectNode object = (ObjectNode) before.deepCopy();
        object.remove("status");
        for (int attempt = 1; ; attempt++) {
            ApiAnswer now = cluster.get(one.path());
            if (!now.ok()) {
                return now;
            }
            if (object.path("metadata") instanceof ObjectNode metadata) {
                metadata.remove("uid");
                // Not all kinds may be written without: a PodDisruptionBudget and a custom resource
                // may not.
                metadata.set(
                        "resourceVersion", now.json().path("metadata").path("resourceVersion"));
            }
            ApiAnswer answer =
                    cluster.send(
                            "PUT",
                            one.path() + "?fieldManager=" + Applier.MANAGER,
                            "application/json",
                            object.toString(),
                            PATIENCE);
            // A controller that wrote its status came in between, or our own writing whose answer
            // was lost.
            if (answer.code() != CONFLICT || attempt == ATTEMPTS) {
                return answer;
            }
        }
    }

    /** Waits for pods to be gone too: foreground deletion keeps their owner until then. */
    private void awaitGone(List<Undo> deleted, List<String> left)
            throws ClusterGoneException, InterruptedException {
        long end = System.nanoTime() + GONE_WITHIN.toNanos();
        for (Undo one : deleted) {
            while (isThere(one)) {
                if (System.nanoTime() - end > 0) {
                    left.add(
                            one.title()
                                    + " was deleted but is still there after "
                                    + GONE_WITHIN.toSeconds()
                                    + " s");
                    break;
                }
                Thread.sleep(200);
            }
        }
    }

    private boolean isThere(Undo one) throws ClusterGoneException, InterruptedException {
        ApiAnswer answer = cluster.get(one.path());
        return answer.ok()
                && answer.json().path("metadata").path("uid").asString("").equals(one.uid());
    }
}
