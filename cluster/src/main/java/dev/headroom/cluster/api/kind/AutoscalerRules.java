package dev.headroom.cluster.api.kind;

import dev.headroom.autoscaler.Defaults;
import dev.headroom.autoscaler.Problem;
import dev.headroom.autoscaler.Validation;
import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Horizontal pod autoscalers, as autoscaling/v2; what is filled in and what is refused, the decision procedure's module knows. */
final class AutoscalerRules implements Rules {
    @Override
    public void defaults(ObjectNode autoscaler) {
        ObjectNode spec = Json.ensure(autoscaler, "spec");
        JsonNode filled = Json.MAPPER.valueToTree(Defaults.spec(Json.plain(spec)));
        filled.properties().forEach(field -> spec.set(field.getKey(), field.getValue()));
    }

    @Override
    public void validate(ObjectNode autoscaler, Causes causes) {
        ObjectNode spec = Json.ensure(autoscaler, "spec");
        boolean asked = false;
        for (Problem problem : Validation.spec(Json.plain(spec), null, false)) {
            if (!asked
                    && !problem.field()
                            .matches("spec\\.(min|max)Replicas|spec\\.scaleTargetRef.*")) {
                targetVersion(spec, causes);
                asked = true;
            }
            causes.add(cause(problem));
        }
        if (!asked) {
            targetVersion(spec, causes);
        }
    }

    /** Asked by the API server alone: no decision depends on it. */
    private static void targetVersion(ObjectNode spec, Causes causes) {
        String version = Json.text(spec, "scaleTargetRef", "apiVersion");
        String kind = Json.text(spec, "scaleTargetRef", "kind");
        if (!version.contains("/") && !kind.equals("ReplicationController")) {
            causes.invalid(
                    "spec.scaleTargetRef.apiVersion", version, "apiVersion must specify API group");
        }
    }

    private static Cause cause(Problem problem) {
        String field = problem.field();
        return switch (problem.kind()) {
            case REQUIRED -> Cause.required(field, problem.detail());
            case FORBIDDEN -> Cause.forbidden(field, problem.detail());
            case INVALID ->
                    Cause.invalid(
                            field,
                            Json.MAPPER.<JsonNode>valueToTree(problem.value()),
                            problem.detail());
            case UNSUPPORTED ->
                    Cause.unsupported(
                            field,
                            String.valueOf(problem.value()),
                            problem.supported().stream().sorted().toList());
        };
    }

    @Override
    public boolean hasStatus() {
        return true;
    }
}
