package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which pods of a replica set go first when it has too many (upstream: ActivePodsWithRanks): not yet on a node, pending, not ready, the
 * lower deletion cost, more of its kind on its node, ready for less long, more restarts, younger. Times count by powers of two, so that
 * among pods of about the same age not always the youngest goes; what is left is decided by the pods' ids.
 */
final class Victims {
    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private final Map<String, Integer> perNode = new HashMap<>();
    private final Instant now;

    private Victims(List<ObjectNode> related, Instant now) {
        this.now = now;
        related.forEach(pod -> perNode.merge(node(pod), 1, Integer::sum));
    }

    /**
     * In the order in which they go.
     *
     * @param related active pods of all sets that share an owner with this one
     */
    static List<ObjectNode> first(List<ObjectNode> pods, List<ObjectNode> related, Instant now) {
        List<ObjectNode> ranked = new ArrayList<>(pods);
        ranked.sort(new Victims(related, now).order());
        return ranked;
    }

    private Comparator<ObjectNode> order() {
        return Comparator.<ObjectNode, Boolean>comparing(pod -> !node(pod).isEmpty())
                .thenComparing(Victims::phase)
                .thenComparing(pod -> Trees.isTrue(pod, "Ready"))
                .thenComparing(Victims::cost)
                .thenComparing(pod -> -perNode.getOrDefault(node(pod), 0))
                .thenComparing(pod ->
                        Trees.isTrue(pod, "Ready")
                                ? magnitude(
                                        Trees.text(
                                                Trees.condition(pod, "Ready"),
                                                "lastTransitionTime"))
                                : 0)
                .thenComparing(pod -> -restarts(pod))
                .thenComparing(pod -> magnitude(Trees.text(pod, "metadata", "creationTimestamp")))
                .thenComparing(Trees::uid);
    }

    private static String node(JsonNode pod) {
        return Trees.text(pod, "spec", "nodeName");
    }

    private static int phase(JsonNode pod) {
        return switch (Trees.text(pod, "status", "phase")) {
            case "Pending" -> 0;
            case "Unknown" -> 1;
            default -> 2;
        };
    }

    private static int cost(JsonNode pod) {
        String text = Trees.text(pod, "metadata", "annotations", COST);
        return text.matches("-?\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    /** The power of two nearest below an age in nanoseconds. */
    private int magnitude(String time) {
        Instant since = Trees.instant(time);
        if (since == null) {
            return 0;
        }
        long age = Duration.between(since, now).toNanos();
        return age <= 0 ? -1 : 63 - Long.numberOfLeadingZeros(age);
    }

    private static int restarts(JsonNode pod) {
        return pod.path("status")
                .path("containerStatuses")
                .valueStream()
                .mapToInt(status -> status.path("restartCount").asInt(0))
                .max()
                .orElse(0);
    }
}
