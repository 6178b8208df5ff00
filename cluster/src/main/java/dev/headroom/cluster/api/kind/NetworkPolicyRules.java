package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Network policies: kept, not enforced. */
final class NetworkPolicyRules implements Rules {

    @Override
    public void defaults(ObjectNode policy) {
        ObjectNode spec = Json.ensure(policy, "spec");
        for (String rules : List.of("ingress", "egress")) {
            for (JsonNode rule : spec.path(rules)) {
                Json.objects(rule.path("ports")).forEach(p -> Json.defaultTo(p, "protocol", "TCP"));
            }
        }
        if (spec.path("policyTypes").isEmpty()) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (!spec.path("egress").isEmpty()) {
                types.add("Egress");
            }
        }
    }

    @Override
    public void validate(ObjectNode policy, Causes causes) {
        MetaValidation.selector(Json.at(policy, "spec", "podSelector"), "spec.podSelector", causes);
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }
}
