package dev.headroom.cluster.api;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.util.List;

/** What is there when a cluster starts, as kube-apiserver makes it. */
final class Bootstrap {
    private static final List<String> NAMESPACES =
            List.of("default", "kube-node-lease", "kube-public", "kube-system");

    private Bootstrap() {}

    static void namespaces(Objects objects) {
        for (String name : NAMESPACES) {
            var namespace = Json.object();
            namespace.putObject("metadata").put("name", name);
            objects.create(ResourceType.NAMESPACE, "", namespace);
        }
    }
}
