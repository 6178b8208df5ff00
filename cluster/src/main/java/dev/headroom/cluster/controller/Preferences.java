package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which of the nodes that may have it a pod likes best, by what its manifest says: each of its wishes counts from 0 to 100, as upstream's do. */
final class Preferences {
    private static final double MOST = 100;

    private Preferences() {}

    /** A score for each candidate's name, the higher the better; empty where the pod has no wishes. */
    static Map<String, Double> of(
            ObjectNode pod,
            List<ObjectNode> candidates,
            Spreading spreading,
            Affinities affinities) {
        Map<String, Double> uneven = spreading.unevenness(candidates);
        Map<String, Double> near = affinities.preferences();
        near.keySet().retainAll(candidates.stream().map(Trees::name).collect(Collectors.toSet()));
        Map<String, Double> own = nodeAffinity(pod, candidates);
        Map<String, Double> scores = new HashMap<>();
        if (uneven.isEmpty() && near.isEmpty() && own.isEmpty()) {
            return scores;
        }
        for (ObjectNode node : candidates) {
            String name = Trees.name(node);
            scores.put(name, even(uneven, name) + among(near, name) + ofMost(own, name));
        }
        return scores;
    }

    private static double even(Map<String, Double> uneven, String name) {
        Double here = uneven.get(name);
        if (here == null) {
            return 0;
        }
        double most = Collections.max(uneven.values());
        return most == 0 ? MOST : MOST * (most + least(uneven.values()) - here) / most;
    }

    private static double among(Map<String, Double> weights, String name) {
        if (weights.isEmpty()) {
            return 0;
        }
        double least = least(weights.values());
        double most = Collections.max(weights.values());
        return most == least
                ? 0
                : MOST * (weights.getOrDefault(name, least) - least) / (most - least);
    }

    private static double ofMost(Map<String, Double> weights, String name) {
        double most = weights.isEmpty() ? 0 : Collections.max(weights.values());
        return most == 0 ? 0 : MOST * weights.getOrDefault(name, 0.0) / most;
    }

    private static double least(Collection<Double> values) {
        return Collections.min(values);
    }

    private static Map<String, Double> nodeAffinity(ObjectNode pod, List<ObjectNode> candidates) {
        JsonNode preferred =
                Trees.at(pod, "spec", "affinity", "nodeAffinity", AffinityTerm.PREFERRED);
        Map<String, Double> weights = new HashMap<>();
        for (JsonNode term : preferred) {
            for (ObjectNode node : candidates) {
                if (NodeFit.matches(term.path("preference"), node)) {
                    weights.merge(Trees.name(node), term.path("weight").asDouble(0), Double::sum);
                }
            }
        }
        return weights;
    }
}
