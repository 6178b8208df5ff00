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
        for (Problem problem :
                Validation.spec(Json.plain(Json.ensure(autoscaler, "spec")), null, false)) {
            causes.add(cause(problem));
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
                    Cause.unsupported(field, String.valueOf(problem.value()), problem.supported());
        };
    }

    @Override
    public boolean hasStatus() {
        return true;
    }
}
