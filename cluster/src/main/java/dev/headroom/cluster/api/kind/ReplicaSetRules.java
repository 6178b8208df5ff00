package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Replica sets. */
final class ReplicaSetRules implements Rules {

    @Override
    public void defaults(ObjectNode set) {
        ObjectNode spec = Json.ensure(set, "spec");
        Json.defaultTo(spec, "replicas", 1);
        PodDefaults.template(Json.ensure(spec, "template"));
    }

    @Override
    public void prepareCreate(ObjectNode set) {
        Json.put(set.putObject("status"), "replicas", 0);
    }

    @Override
    public void validate(ObjectNode set, Causes causes) {
        JsonNode spec = set.path("spec");
        MetaValidation.notNegative(spec, "spec.replicas", causes, "replicas");
        MetaValidation.notNegative(spec, "spec.minReadySeconds", causes, "minReadySeconds");
        DeploymentRules.selector(spec, causes);
        PodValidation.template(set, causes);
    }

    @Override
    public void validateUpdate(ObjectNode set, ObjectNode old, Causes causes) {
        MetaValidation.immutable(
                Json.at(set, "spec", "selector"),
                Json.at(old, "spec", "selector"),
                "spec.selector",
                causes);
    }

    @Override
    public void warn(ObjectNode set, Consumer<String> warning) {
        PodWarnings.of(Json.at(set, "spec", "template", "spec"), "spec.template.spec", warning);
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public boolean hasStatus() {
        return true;
    }
}
