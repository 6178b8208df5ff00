package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the pods of each node ask of it, kept up as pods come and go: with thousands of them nobody could add it up for each one anew. Safe for use by several threads. */
final class NodeLoads {
    private static final Load NOTHING = new Load(0, 0, 0);

    private final Map<String, Share> counted = new HashMap<>();
    private final Map<String, Load> loads = new HashMap<>();
    private final Map<String, Integer> siblings = new HashMap<>();

    /** A sum of requests. */
    record Load(int pods, long cpuMilli, long memoryBytes) {
        Load plus(Load other) {
            return new Load(
                    pods + other.pods, cpuMilli + other.cpuMilli, memoryBytes + other.memoryBytes);
        }

        Load minus(Load other) {
            return new Load(
                    pods - other.pods, cpuMilli - other.cpuMilli, memoryBytes - other.memoryBytes);
        }
    }

    private record Share(String node, String owner, Load load) {}

    /** What one pod asks for. */
    static Load of(JsonNode pod) {
        return new Load(
                1,
                Requests.of(pod, "cpu").movePointRight(3).longValue(),
                Requests.of(pod, "memory").longValue());
    }

    /** A pod is on a node, or is about to be. */
    synchronized void add(JsonNode pod, String node) {
        String uid = Trees.uid(pod);
        if (!counted.containsKey(uid)) {
            Share share = new Share(node, owner(pod), of(pod));
            counted.put(uid, share);
            loads.merge(node, share.load(), Load::plus);
            siblings.merge(share.owner() + "@" + node, 1, Integer::sum);
        }
    }

    /** It is there no more, or has ended, or did not come. */
    synchronized void remove(JsonNode pod) {
        Share share = counted.remove(Trees.uid(pod));
        if (share != null) {
            loads.computeIfPresent(share.node(), (node, load) -> load.minus(share.load()));
            siblings.merge(share.owner() + "@" + share.node(), -1, NodeLoads::sumOrNothing);
        }
    }

    private static @Nullable Integer sumOrNothing(int one, int other) {
        return one + other == 0 ? null : Integer.valueOf(one + other);
    }

    synchronized Load on(String node) {
        return loads.getOrDefault(node, NOTHING);
    }

    /** How many pods of the same controller a node has. */
    synchronized int siblings(JsonNode pod, String node) {
        return siblings.getOrDefault(owner(pod) + "@" + node, 0);
    }

    private static String owner(JsonNode pod) {
        return Trees.controllerOf(pod).map(owner -> Trees.text(owner, "uid")).orElse("");
    }
}
