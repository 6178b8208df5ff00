package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ResourceType;
import java.util.List;

/**
 * A kind as it is served.
 *
 * @param definition the name of its OpenAPI schema
 * @param subresources such as {@code status}
 * @param notEnforced a sentence for a {@code Warning} header where the kind is kept without effect; empty otherwise
 */
record Kind(
        ResourceType type,
        String definition,
        String singular,
        List<String> shortNames,
        List<String> categories,
        List<String> subresources,
        String notEnforced) {

    boolean hasStatus() {
        return subresources.contains("status");
    }

    boolean hasScale() {
        return subresources.contains("scale");
    }

    /** Whether changes of {@code spec} are counted in {@code metadata.generation}. */
    boolean countsGenerations() {
        return switch (type.kind()) {
            case "Deployment",
                    "ReplicaSet",
                    "NetworkPolicy",
                    "PodDisruptionBudget",
                    "Pod",
                    "HorizontalPodAutoscaler" ->
                    true;
            case "EndpointSlice" -> true;
            default -> false;
        };
    }
}
