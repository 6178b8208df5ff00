package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a node's change means for pods that no node would have (upstream: NodeSchedulingPropertiesChange). */
final class NodeChange {
    private static final List<List<String>> PROPERTIES =
            List.of(
                    List.of("status", "allocatable"),
                    List.of("metadata", "labels"),
                    List.of("spec", "taints"),
                    List.of("metadata", "annotations"));

    private NodeChange() {}

    /** Whether a pod may now be had that was not before; a heartbeat helps nobody. */
    static boolean mayHelp(JsonNode before, JsonNode after) {
        boolean uncordoned = isCordoned(before) && !isCordoned(after);
        return uncordoned
                || !conditions(before).equals(conditions(after))
                || PROPERTIES.stream()
                        .anyMatch(path -> !property(before, path).equals(property(after, path)));
    }

    private static boolean isCordoned(JsonNode node) {
        return node.path("spec").path("unschedulable").asBoolean(false);
    }

    /** What is empty may as well be left out. */
    private static JsonNode property(JsonNode node, List<String> path) {
        JsonNode found = Trees.at(node, path.toArray(String[]::new));
        return found.isEmpty() ? Trees.object() : found;
    }

    /** The conditions' statuses: when they were said, and why, is nothing to a pod. */
    private static Map<String, String> conditions(JsonNode node) {
        Map<String, String> statuses = new HashMap<>();
        for (JsonNode condition : node.path("status").path("conditions")) {
            statuses.put(Trees.text(condition, "type"), Trees.text(condition, "status"));
        }
        return statuses;
    }
}
