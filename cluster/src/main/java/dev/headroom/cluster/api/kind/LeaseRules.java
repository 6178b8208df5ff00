package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Leases: what clients elect a leader with, by nothing but conflicting writes. */
final class LeaseRules implements Rules {
    private static final List<String> STRATEGIES = List.of("OldestEmulationVersion");

    @Override
    public boolean needsVersion() {
        return true;
    }

    @Override
    public void validate(ObjectNode lease, Causes causes) {
        JsonNode spec = lease.path("spec");
        long seconds = Json.integer(spec, 1, "leaseDurationSeconds");
        if (seconds <= 0) {
            causes.add(
                    Cause.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
        }
        long transitions = Json.integer(spec, 0, "leaseTransitions");
        if (transitions < 0) {
            causes.add(
                    Cause.invalid(
                            "spec.leaseTransitions", transitions, MetaValidation.NOT_NEGATIVE));
        }
        String strategy = Json.text(spec, "strategy");
        if (Json.has(spec, "strategy")) {
            strategy(strategy, causes);
        }
        if (!Json.text(spec, "preferredHolder").isEmpty() && strategy.isEmpty()) {
            causes.add(
                    Cause.forbidden(
                            "spec.preferredHolder",
                            "may only be specified if `strategy` is defined"));
        }
    }

    /** Upstream names the field twice. */
    private static void strategy(String strategy, Causes causes) {
        String field = "spec.strategy.strategy";
        if (strategy.contains("/")) {
            causes.invalid(field, strategy, Names.qualified(strategy));
        } else if (!STRATEGIES.contains(strategy)) {
            causes.add(Cause.unsupported(field, strategy, STRATEGIES));
        }
    }
}
