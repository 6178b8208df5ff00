package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pod disruption budgets: kept, not enforced. */
final class DisruptionBudgetRules implements Rules {
    @Override
    public boolean needsVersion() {
        return true;
    }

    @Override
    public void validate(ObjectNode budget, Causes causes) {
        JsonNode spec = budget.path("spec");
        if (Json.has(spec, "minAvailable") && Json.has(spec, "maxUnavailable")) {
            causes.add(
                    Cause.invalid(
                            "spec", spec, "minAvailable and maxUnavailable cannot be both set"));
        }
        MetaValidation.notNegative(spec, "spec.minAvailable", causes, "minAvailable");
        MetaValidation.notNegative(spec, "spec.maxUnavailable", causes, "maxUnavailable");
        MetaValidation.selector(spec.path("selector"), "spec.selector", causes);
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
