package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Quantities;
import dev.headroom.cluster.informer.Trees;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/** What a pod asks of its node. */
final class Requests {
    private Requests() {}

    /** The sum over containers and sidecars, or an init container's if that is more. */
    static BigDecimal of(JsonNode pod, String resource) {
        BigDecimal running = sum(pod.path("spec").path("containers"), resource);
        BigDecimal most = BigDecimal.ZERO;
        for (JsonNode container : pod.path("spec").path("initContainers")) {
            BigDecimal own = quantity(container.path("resources").path("requests").path(resource));
            if (Trees.text(container, "restartPolicy").equals("Always")) {
                running = running.add(own);
            } else {
                most = most.max(own);
            }
        }
        return running.max(most);
    }

    private static BigDecimal sum(JsonNode containers, String resource) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode container : containers) {
            sum = sum.add(quantity(container.path("resources").path("requests").path(resource)));
        }
        return sum;
    }

    static BigDecimal quantity(JsonNode node) {
        return Quantities.parse(node.asString(""));
    }
}
