package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Horizontal pod autoscalers, as autoscaling/v2. */
final class AutoscalerRules implements Rules {
    private static final int DEFAULT_UTILIZATION = 80;
    private static final int PERIOD_SECONDS = 15;

    @Override
    public void defaults(ObjectNode autoscaler) {
        ObjectNode spec = Json.ensure(autoscaler, "spec");
        Json.defaultTo(spec, "minReplicas", 1);
        if (spec.path("metrics").isEmpty()) {
            ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
            ObjectNode resource = metric.putObject("resource").put("name", "cpu");
            Json.put(
                    resource.putObject("target").put("type", "Utilization"),
                    "averageUtilization",
                    DEFAULT_UTILIZATION);
        }
        if (spec.path("behavior") instanceof ObjectNode behavior) {
            scaleUp(Json.ensure(behavior, "scaleUp"));
            scaleDown(Json.ensure(behavior, "scaleDown"));
        }
    }

    /** As fast as 4 pods or double, whichever is more, at once (upstream: GenerateHPAScaleUpRules). */
    private static void scaleUp(ObjectNode rules) {
        Json.defaultTo(rules, "stabilizationWindowSeconds", 0);
        Json.defaultTo(rules, "selectPolicy", "Max");
        if (!Json.has(rules, "policies")) {
            var policies = rules.putArray("policies");
            policy(policies.addObject(), "Pods", 4);
            policy(policies.addObject(), "Percent", 100);
        }
    }

    private static void scaleDown(ObjectNode rules) {
        Json.defaultTo(rules, "selectPolicy", "Max");
        if (!Json.has(rules, "policies")) {
            policy(rules.putArray("policies").addObject(), "Percent", 100);
        }
    }

    private static void policy(ObjectNode policy, String type, int value) {
        policy.put("type", type);
        Json.put(policy, "value", value);
        Json.put(policy, "periodSeconds", PERIOD_SECONDS);
    }

    @Override
    public void validate(ObjectNode autoscaler, Causes causes) {
        new AutoscalerValidation(autoscaler.path("spec"), causes).run();
    }

    static final List<String> TARGETS = List.of("AverageValue", "Utilization", "Value");

    @Override
    public boolean hasStatus() {
        return true;
    }
}
