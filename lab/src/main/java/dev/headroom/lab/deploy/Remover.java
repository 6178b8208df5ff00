package dev.headroom.lab.deploy;

import dev.headroom.lab.deploy.Applier.Done;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Leaves a cluster as it was found: deletes what was created, puts back what was changed. */
final class Remover {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(60);

    private final Cluster cluster;

    Remover(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * @param last what was applied, last first
     * @return what could not be undone, in sentences
     */
    List<String> remove(List<Done> last) {
        List<String> left = new ArrayList<>();
        List<Done> deleted = new ArrayList<>();
        try {
            for (Done one : last) {
                JsonNode before = one.before();
                ApiAnswer answer = before == null ? delete(one) : restore(one, before);
                if (!answer.ok() && !(before == null && answer.code() == 404)) {
                    left.add(
                            one.manifest().title()
                                    + (before == null
                                            ? " could not be deleted: "
                                            : " could not be restored: ")
                                    + answer.message());
                } else if (before == null) {
                    deleted.add(one);
                }
            }
            awaitGone(deleted, left);
        } catch (ClusterGoneException e) {
            left.add(
                    "what was applied may still be there ("
                            + String.join(
                                    ", ", last.stream().map(d -> d.manifest().title()).toList())
                            + "): "
                            + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            left.add("stopped while cleaning up");
        }
        return left;
    }

    private ApiAnswer delete(Done one) throws ClusterGoneException, InterruptedException {
        String uid = one.object().path("metadata").path("uid").asString("");
        String options =
                "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"Foreground\",\"preconditions\":{\"uid\":\""
                        + uid
                        + "\"}}";
        return cluster.send("DELETE", one.path(), "application/json", options, PATIENCE);
    }

    /** The object as it was, its owners of fields included; whatever else changed it meanwhile is overwritten. */
    private ApiAnswer restore(Done one, JsonNode before)
            throws ClusterGoneException, InterruptedException {
        ObjectNode object = (ObjectNode) before.deepCopy();
        object.remove("status");
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("resourceVersion");
            metadata.remove("uid");
        }
        return cluster.send(
                "PUT",
                one.path() + "?fieldManager=headroom",
                "application/json",
                object.toString(),
                PATIENCE);
    }

    /** Waits for pods to be gone too: foreground deletion keeps their owner until then. */
    private void awaitGone(List<Done> deleted, List<String> left)
            throws ClusterGoneException, InterruptedException {
        long end = System.nanoTime() + GONE_WITHIN.toNanos();
        for (Done one : deleted) {
            while (isThere(one)) {
                if (System.nanoTime() - end > 0) {
                    left.add(
                            one.manifest().title()
                                    + " was deleted but is still there after "
                                    + GONE_WITHIN.toSeconds()
                                    + " s");
                    break;
                }
                Thread.sleep(200);
            }
        }
    }

    private boolean isThere(Done one) throws ClusterGoneException, InterruptedException {
        ApiAnswer answer = cluster.get(one.path());
        return answer.ok()
                && answer.json()
                        .path("metadata")
                        .path("uid")
                        .equals(one.object().path("metadata").path("uid"));
    }
}
