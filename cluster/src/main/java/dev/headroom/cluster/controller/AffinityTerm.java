package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Which other pods a pod wants near it, or does not (upstream: PodAffinityTerm).
 *
 * @param topologyKey the label of nodes by which near is told
 * @param selector a missing one accepts no pod, an empty one all
 */
record AffinityTerm(
        String topologyKey, Set<String> namespaces, JsonNode namespaceSelector, JsonNode selector) {
    static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    /**
     * Reads a term.
     *
     * @param own the namespace of the pod whose term it is
     */
    static AffinityTerm of(JsonNode term, String own) {
        Set<String> namespaces = new HashSet<>();
        term.path("namespaces").forEach(name -> namespaces.add(name.asString("")));
        if (namespaces.isEmpty() && !term.path("namespaceSelector").isObject()) {
            namespaces.add(own);
        }
        return new AffinityTerm(
                Trees.text(term, "topologyKey"),
                namespaces,
                term.path("namespaceSelector"),
                term.path("labelSelector"));
    }

    static List<AffinityTerm> all(JsonNode terms, String own) {
        return terms.valueStream().map(term -> of(term, own)).toList();
    }

    /**
     * Whether it speaks of a pod.
     *
     * @param namespaceLabels the labels of a namespace by its name
     */
    boolean accepts(String namespace, JsonNode labels, Function<String, JsonNode> namespaceLabels) {
        boolean here =
                namespaces.contains(namespace)
                        || (namespaceSelector.isObject()
                                && Trees.selects(
                                        namespaceSelector, namespaceLabels.apply(namespace)));
        return here && selector.isObject() && Trees.selects(selector, labels);
    }
}
