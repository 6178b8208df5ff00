package dev.headroom.cluster.controller;

import dev.headroom.cluster.controller.NodeFit.Objection;
import dev.headroom.cluster.informer.Trees;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How evenly pods like this one lie over zones, hosts or whatever label of nodes it names (upstream: the plugin PodTopologySpread). */
final class Spreading {
    private static final String SKEWED = "node(s) didn't match pod topology spread constraints";
    private static final String UNLABELLED = SKEWED + " (missing required label)";

    private final ObjectNode pod;
    private final Collection<ObjectNode> nodes;
    private final Neighbours neighbours;
    private final List<Constraint> hard;
    private final List<Constraint> soft;

    /**
     * A constraint with what is there now.
     *
     * @param self 1 where the pod itself counts, else 0
     * @param counts the pods of each domain, by its value
     * @param least of a domain; 0 where there are fewer domains than are asked for
     */
    private record Constraint(
            String key, int maxSkew, int self, Map<String, Integer> counts, int least) {
        @Nullable String value(ObjectNode node) {
            JsonNode value = Trees.labels(node).path(key);
            return value.isMissingNode() ? null : value.asString();
        }
    }

    /**
     * Looks at what is there now.
     *
     * @param nodes all
     */
    Spreading(ObjectNode pod, Collection<ObjectNode> nodes, Neighbours neighbours) {
        this.pod = pod;
        this.nodes = nodes;
        this.neighbours = neighbours;
        this.hard = constraints("DoNotSchedule");
        this.soft = constraints("ScheduleAnyway");
    }

    private List<Constraint> constraints(String whenUnsatisfiable) {
        List<JsonNode> some =
                pod.path("spec")
                        .path("topologySpreadConstraints")
                        .valueStream()
                        .filter(c -> Trees.text(c, "whenUnsatisfiable").equals(whenUnsatisfiable))
                        .toList();
        return some.stream().map(constraint -> counted(constraint, some)).toList();
    }

    /** Only nodes with the labels of all constraints count. */
    private Constraint counted(JsonNode constraint, List<JsonNode> all) {
        JsonNode selector = constraint.path("labelSelector");
        Map<String, Neighbours.Count> perNode = perNode(selector);
        String key = Trees.text(constraint, "topologyKey");
        Map<String, Integer> counts = new HashMap<>();
        for (ObjectNode node : nodes) {
            JsonNode labels = Trees.labels(node);
            if (all.stream().allMatch(c -> labels.has(Trees.text(c, "topologyKey")))
                    && isIncluded(node, constraint)) {
                Neighbours.Count there = perNode.get(Trees.name(node));
                counts.merge(
                        Trees.text(labels, key),
                        there == null ? 0 : there.all() - there.leaving(),
                        Integer::sum);
            }
        }
        int least = counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        boolean enough = counts.size() >= constraint.path("minDomains").asInt(1);
        boolean self = selector.isObject() && Trees.selects(selector, Trees.labels(pod));
        return new Constraint(
                key, constraint.path("maxSkew").asInt(1), self ? 1 : 0, counts, enough ? least : 0);
    }

    /** Of the pod's own namespace; a selector that is empty counts nobody (upstream: countPodsMatchSelector). */
    private Map<String, Neighbours.Count> perNode(JsonNode selector) {
        if (selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty()) {
            return Map.of();
        }
        String namespace = Trees.namespace(pod);
        return neighbours.perNode(kind ->
                kind.namespace().equals(namespace) && Trees.selects(selector, kind.labels()));
    }

    private boolean isIncluded(ObjectNode node, JsonNode constraint) {
        boolean anyAffinity = Trees.text(constraint, "nodeAffinityPolicy").equals("Ignore");
        boolean noTaints = Trees.text(constraint, "nodeTaintsPolicy").equals("Honor");
        return (anyAffinity || NodeFit.isSelected(pod, node))
                && !(noTaints && NodeFit.untolerated(pod, node) != null);
    }

    /** Why a node may not have the pod. */
    Objection objection(ObjectNode node) {
        for (Constraint constraint : hard) {
            String value = constraint.value(node);
            if (value == null) {
                return Objection.forGood(UNLABELLED);
            }
            int there = constraint.counts().getOrDefault(value, 0);
            if (there + constraint.self() - constraint.least() > constraint.maxSkew()) {
                return Objection.forNow(SKEWED);
            }
        }
        return Objection.NONE;
    }

    /** For each candidate's name how uneven it would be there; none for one that lacks a label; empty where the pod does not care. */
    Map<String, Double> unevenness(List<ObjectNode> candidates) {
        Map<String, Double> found = new HashMap<>();
        for (ObjectNode node : soft.isEmpty() ? List.<ObjectNode>of() : candidates) {
            List<Double> parts = new ArrayList<>();
            for (Constraint constraint : soft) {
                String value = constraint.value(node);
                if (value != null) {
                    // Of many domains each has few pods: the logarithm keeps them from being
                    // watered down.
                    double weight = Math.log(constraint.counts().size() + 2);
                    int there = constraint.counts().getOrDefault(value, 0);
                    parts.add(there * weight + constraint.maxSkew() - 1);
                }
            }
            if (parts.size() == soft.size()) {
                double sum = parts.stream().mapToDouble(Double::doubleValue).sum();
                found.put(Trees.name(node), sum);
            }
        }
        return found;
    }
}
