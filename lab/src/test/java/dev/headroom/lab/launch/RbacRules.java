package dev.headroom.lab.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The rules of a Role in one namespace and of a ClusterRole for what is in none, as RBAC applies them: whatever no rule allows is forbidden. What is no resource
 * (discovery, the version) every user that is known may read.
 *
 * @param namespaced rights such as {@code get apps/deployments}
 */
public record RbacRules(String namespace, Set<String> namespaced, Set<String> ofCluster) {

    static RbacRules of(String namespace, Path role, Path clusterRole) throws IOException {
        return new RbacRules(namespace, rights(role), rights(clusterRole));
    }

    private static Set<String> rights(Path file) throws IOException {
        Set<String> rights = new TreeSet<>();
        JsonNode role = YAMLMapper.builder().build().readTree(file.toFile());
        for (JsonNode rule : role.path("rules")) {
            for (JsonNode group : rule.path("apiGroups")) {
                for (JsonNode resource : rule.path("resources")) {
                    for (JsonNode verb : rule.path("verbs")) {
                        rights.add(
                                new RbacRequest(
                                                verb.stringValue(),
                                                group.stringValue(),
                                                resource.stringValue(),
                                                "",
                                                "")
                                        .right());
                    }
                }
            }
        }
        return rights;
    }

    boolean allow(RbacRequest request) {
        if (request.resource().isEmpty()) {
            return request.verb().equals("GET");
        }
        return request.namespace().isEmpty()
                ? ofCluster.contains(request.right())
                : request.namespace().equals(namespace) && namespaced.contains(request.right());
    }

    Set<String> all() {
        Set<String> all = new TreeSet<>(namespaced);
        all.addAll(ofCluster);
        return all;
    }
}
