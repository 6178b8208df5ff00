package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Namespaces: one that is deleted stays, Terminating, until the finalizer in its specification is gone. */
final class NamespaceRules implements Rules {
    /** As upstream's admission plugin NamespaceLifecycle has it. */
    private static final Set<String> IMMORTAL = Set.of("default", "kube-public", "kube-system");

    @Override
    public void defaults(ObjectNode namespace) {
        String name = Json.name(namespace);
        if (!name.isEmpty()) {
            Json.ensure(Json.metadata(namespace), "labels")
                    .put("kubernetes.io/metadata.name", name);
        }
        Json.defaultTo(Json.ensure(namespace, "status"), "phase", "Active");
    }

    @Override
    public void prepareCreate(ObjectNode namespace) {
        namespace.putObject("status").put("phase", "Active");
        namespace.putObject("spec").putArray("finalizers").add("kubernetes");
    }

    @Override
    public void prepareUpdate(ObjectNode namespace, ObjectNode old) {
        Json.copy(Json.ensure(namespace, "spec"), "finalizers", Json.at(old, "spec", "finalizers"));
    }

    @Override
    public @Nullable String nameProblem(String name) {
        return Names.label(name);
    }

    @Override
    public @Nullable String deletionProblem(String name) {
        return IMMORTAL.contains(name) ? "this namespace may not be deleted" : null;
    }

    @Override
    public boolean hasStatus() {
        return true;
    }
}
