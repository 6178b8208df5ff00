package dev.headroom.cluster.objects;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A read-only kind whose objects are computed, not stored, such as {@code metrics.k8s.io} pods: what an aggregated API server serves. */
public interface VirtualResource {
    ResourceType type();

    List<ObjectNode> list(@Nullable String namespace);

    Optional<ObjectNode> get(String namespace, String name);
}
