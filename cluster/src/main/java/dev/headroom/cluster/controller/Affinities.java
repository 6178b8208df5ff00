package dev.headroom.cluster.controller;

import dev.headroom.cluster.controller.NodeFit.Objection;
import dev.headroom.cluster.informer.Trees;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where a pod may be by the pods that are there already: its own affinity and anti-affinity, and theirs (upstream: the plugin InterPodAffinity). */
final class Affinities {
    private static final String ATTRACTED = "node(s) didn't match pod affinity rules";
    private static final String REPELLED = "node(s) didn't match pod anti-affinity rules";
    private static final String REPELLED_BY_OTHERS =
            "node(s) didn't satisfy existing pods anti-affinity rules";

    private final ObjectNode pod;
    private final Map<String, ObjectNode> nodes;
    private final Neighbours neighbours;
    private final Function<String, JsonNode> namespaceLabels;
    private final List<AffinityTerm> near;
    private final List<AffinityTerm> far;
    private final Set<Domain> wanted = new HashSet<>();
    private final Set<Domain> avoided = new HashSet<>();
    private final Set<Domain> closed = new HashSet<>();

    /** The nodes that have a label with one value. */
    private record Domain(String key, String value) {}

    /**
     * Looks at what is there now.
     *
     * @param nodes all, by their names
     * @param namespaceLabels the labels of a namespace by its name
     */
    Affinities(
            ObjectNode pod,
            Map<String, ObjectNode> nodes,
            Neighbours neighbours,
            Function<String, JsonNode> namespaceLabels) {
        this.pod = pod;
        this.nodes = nodes;
        this.neighbours = neighbours;
        this.namespaceLabels = namespaceLabels;
        this.near = terms("podAffinity");
        this.far = terms("podAntiAffinity");
        if (!near.isEmpty()) {
            Predicate<Neighbours.Kind> all =
                    kind -> near.stream().allMatch(term -> accepts(term, kind));
            Set<String> there = neighbours.perNode(all).keySet();
            near.forEach(term -> add(wanted, term, there));
        }
        for (AffinityTerm term : far) {
            add(avoided, term, neighbours.perNode(kind -> accepts(term, kind)).keySet());
        }
        neighbours
                .repelling()
                .forEach((kind, there) -> {
                    for (AffinityTerm term : AffinityTerm.all(kind.repels(), kind.namespace())) {
                        if (acceptsThis(term)) {
                            add(closed, term, there.keySet());
                        }
                    }
                });
    }

    private List<AffinityTerm> terms(String affinity) {
        return AffinityTerm.all(
                Trees.at(pod, "spec", "affinity", affinity, AffinityTerm.REQUIRED),
                Trees.namespace(pod));
    }

    private boolean accepts(AffinityTerm term, Neighbours.Kind kind) {
        return term.accepts(kind.namespace(), kind.labels(), namespaceLabels);
    }

    private boolean acceptsThis(AffinityTerm term) {
        return term.accepts(Trees.namespace(pod), Trees.labels(pod), namespaceLabels);
    }

    private void add(Set<Domain> domains, AffinityTerm term, Set<String> names) {
        for (String name : names) {
            ObjectNode node = nodes.get(name);
            Domain domain = node == null ? null : domain(node, term);
            if (domain != null) {
                domains.add(domain);
            }
        }
    }

    private static @Nullable Domain domain(ObjectNode node, AffinityTerm term) {
        JsonNode value = Trees.labels(node).path(term.topologyKey());
        return value.isMissingNode() ? null : new Domain(term.topologyKey(), value.asString());
    }

    /** Why a node may not have the pod. */
    Objection objection(ObjectNode node) {
        boolean all = true;
        for (AffinityTerm term : near) {
            Domain domain = domain(node, term);
            if (domain == null) {
                return Objection.forGood(ATTRACTED);
            }
            all &= wanted.contains(domain);
        }
        // The first of those that want to be together has nobody to be with.
        if (!all && !(wanted.isEmpty() && near.stream().allMatch(this::acceptsThis))) {
            return Objection.forGood(ATTRACTED);
        }
        if (far.stream().anyMatch(term -> avoided.contains(domain(node, term)))) {
            return Objection.forNow(REPELLED);
        }
        boolean isClosed =
                closed.stream()
                        .anyMatch(domain ->
                                Trees.text(Trees.labels(node), domain.key())
                                        .equals(domain.value()));
        return isClosed ? Objection.forNow(REPELLED_BY_OTHERS) : Objection.NONE;
    }

    /** For each node's name what the pod would like of the pods near it, in weights; empty where it does not say. */
    Map<String, Double> preferences() {
        Map<Domain, Double> weights = new HashMap<>();
        Set<String> keys = new HashSet<>();
        weigh("podAffinity", 1, weights, keys);
        weigh("podAntiAffinity", -1, weights, keys);
        Map<String, Double> found = new HashMap<>();
        if (!keys.isEmpty()) {
            nodes.forEach((name, node) -> {
                double sum = 0;
                for (String key : keys) {
                    String value = Trees.text(Trees.labels(node), key);
                    sum += weights.getOrDefault(new Domain(key, value), 0.0);
                }
                found.put(name, sum);
            });
        }
        return found;
    }

    private void weigh(String affinity, int sign, Map<Domain, Double> weights, Set<String> keys) {
        for (JsonNode weighted :
                Trees.at(pod, "spec", "affinity", affinity, AffinityTerm.PREFERRED)) {
            AffinityTerm term =
                    AffinityTerm.of(weighted.path("podAffinityTerm"), Trees.namespace(pod));
            double weight = sign * weighted.path("weight").asDouble(0);
            keys.add(term.topologyKey());
            neighbours
                    .perNode(kind -> accepts(term, kind))
                    .forEach((name, count) -> {
                        ObjectNode node = nodes.get(name);
                        Domain domain = node == null ? null : domain(node, term);
                        if (domain != null) {
                            weights.merge(domain, weight * count.all(), Double::sum);
                        }
                    });
        }
    }
}
