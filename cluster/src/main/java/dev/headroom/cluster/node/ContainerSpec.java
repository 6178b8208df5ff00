package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Quantities;
import dev.headroom.cluster.informer.Trees;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a pod's manifest says of one of its containers.
 *
 * @param tree the container's own part
 * @param isMain no init container
 */
record ContainerSpec(JsonNode pod, JsonNode tree, boolean isMain) {
    static ContainerSpec of(JsonNode pod, JsonNode tree) {
        boolean main = pod.path("spec").path("containers").valueStream().anyMatch(c -> c == tree);
        return new ContainerSpec(pod, tree, main);
    }

    String name() {
        return Trees.text(tree, "name");
    }

    String image() {
        return Trees.text(tree, "image");
    }

    /** An init container that goes on running beside the others. */
    boolean isSidecar() {
        return Trees.text(tree, "restartPolicy").equals("Always");
    }

    /** Whether and when it is started again after its end: Always, OnFailure or Never. */
    String restartPolicy() {
        String policy = pod.path("spec").path("restartPolicy").asString("Always");
        return isSidecar() ? "Always" : !isMain && policy.equals("Always") ? "OnFailure" : policy;
    }

    /** Why it does not run before it was ever started. */
    String firstWait() {
        boolean afterOthers = isMain && !pod.path("spec").path("initContainers").isEmpty();
        return afterOthers ? "PodInitializing" : "ContainerCreating";
    }

    boolean isPulled() {
        return !Trees.text(tree, "imagePullPolicy").equals("Never");
    }

    boolean hasHookAfterStart() {
        return Trees.at(tree, "lifecycle", "postStart").isObject();
    }

    boolean hasProbe(String field) {
        return tree.has(field);
    }

    /** Its CPU limit in node CPUs; null for none. */
    @Nullable Double cpuLimit() {
        JsonNode limit = tree.path("resources").path("limits").path("cpu");
        return limit.isMissingNode()
                ? null
                : Double.valueOf(Quantities.parse(limit.asString("")).doubleValue());
    }

    /** Its memory limit in bytes; null for none. */
    @Nullable Long memoryLimit() {
        JsonNode limit = tree.path("resources").path("limits").path("memory");
        return limit.isMissingNode()
                ? null
                : Long.valueOf(Quantities.parse(limit.asString("")).longValue());
    }

    /** Where it is in the pod, as events name it. */
    String fieldPath() {
        return (isMain ? "spec.containers{" : "spec.initContainers{") + name() + "}";
    }

    /** As the kubelet names a pod. */
    String podId() {
        return Trees.name(pod) + "_" + Trees.namespace(pod) + "(" + Trees.uid(pod) + ")";
    }
}
