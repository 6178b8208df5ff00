package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The pods that nodes have, counted by what the rules of placement can tell of them. The pods of one controller are of one kind, so what a
 * rule costs grows with kinds and nodes, not with pods. Safe for use by several threads.
 */
final class Neighbours {
    private final Map<String, Place> places = new HashMap<>();
    private final Map<Kind, Map<String, Count>> counts = new HashMap<>();

    /**
     * Pods that no rule tells apart.
     *
     * @param repels the rules by which they keep others away: required anti-affinity
     */
    record Kind(String namespace, JsonNode labels, JsonNode repels) {
        static Kind of(JsonNode pod) {
            JsonNode repels =
                    Trees.at(pod, "spec", "affinity", "podAntiAffinity", AffinityTerm.REQUIRED);
            return new Kind(Trees.namespace(pod), Trees.labels(pod), repels);
        }
    }

    /**
     * A node's pods of one kind.
     *
     * @param leaving those of them that are being deleted
     */
    record Count(int all, int leaving) {
        private Count plus(int pods, boolean leave) {
            return new Count(all + pods, leave ? leaving + pods : leaving);
        }
    }

    private record Place(String node, Kind kind, boolean leaving) {}

    /** A pod is on a node, or is about to be; true where that is news to the rules of others. */
    synchronized boolean put(JsonNode pod, String node) {
        Place place = new Place(node, Kind.of(pod), Trees.isDeleting(pod));
        Place before = places.put(Trees.uid(pod), place);
        if (place.equals(before)) {
            return false;
        }
        count(before, -1);
        count(place, 1);
        return true;
    }

    /** It is there no more, or has ended, or did not come. */
    synchronized void remove(JsonNode pod) {
        count(places.remove(Trees.uid(pod)), -1);
    }

    private void count(@Nullable Place place, int pods) {
        if (place == null) {
            return;
        }
        Map<String, Count> nodes = counts.computeIfAbsent(place.kind(), kind -> new HashMap<>());
        Count there = nodes.getOrDefault(place.node(), new Count(0, 0)).plus(pods, place.leaving());
        if (there.all() > 0) {
            nodes.put(place.node(), there);
        } else {
            nodes.remove(place.node());
        }
        if (nodes.isEmpty()) {
            counts.remove(place.kind());
        }
    }

    /** By node, the pods of those kinds that are accepted. */
    synchronized Map<String, Count> perNode(Predicate<Kind> accepts) {
        Map<String, Count> sums = new HashMap<>();
        counts.forEach((kind, nodes) -> {
            if (accepts.test(kind)) {
                nodes.forEach((node, count) ->
                        sums.merge(
                                node,
                                count,
                                (one, other) ->
                                        new Count(
                                                one.all() + other.all(),
                                                one.leaving() + other.leaving())));
            }
        });
        return sums;
    }

    /** The kinds of pods that keep others away, and the nodes that have some. */
    synchronized Map<Kind, Map<String, Count>> repelling() {
        Map<Kind, Map<String, Count>> found = new HashMap<>();
        counts.forEach((kind, nodes) -> {
            if (!kind.repels().isEmpty()) {
                found.put(kind, Map.copyOf(nodes));
            }
        });
        return found;
    }
}
