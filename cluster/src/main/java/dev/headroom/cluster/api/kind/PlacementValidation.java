package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is wrong with a pod's rules about where it may be (upstream: validateTopologySpreadConstraints, validateAffinity). */
final class PlacementValidation {
    private static final String DO_NOT = "DoNotSchedule";
    private static final List<String> ACTIONS = List.of(DO_NOT, "ScheduleAnyway");
    private static final List<String> POLICIES = List.of("Honor", "Ignore");
    private static final String POSITIVE = "must be greater than zero";
    private static final String EMPTY = "can not be empty";

    private PlacementValidation() {}

    static void spec(JsonNode spec, String at, Causes causes) {
        JsonNode constraints = spec.path("topologySpreadConstraints");
        for (int i = 0; i < constraints.size(); i++) {
            String place = at + ".topologySpreadConstraints[" + i + "]";
            constraint(constraints.get(i), place, causes);
            repeated(constraints, i, place, causes);
        }
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            affinity(Json.at(spec, "affinity", kind), at + ".affinity." + kind, causes);
        }
    }

    private static void constraint(JsonNode constraint, String at, Causes causes) {
        positive(constraint, "maxSkew", at, causes);
        if (Json.text(constraint, "topologyKey").isEmpty()) {
            causes.add(Cause.required(at + ".topologyKey", EMPTY));
        }
        String action = Json.text(constraint, "whenUnsatisfiable");
        if (!ACTIONS.contains(action)) {
            causes.add(Cause.unsupported(at + ".whenUnsatisfiable", action, ACTIONS));
        }
        if (Json.has(constraint, "minDomains")) {
            positive(constraint, "minDomains", at, causes);
            if (!action.equals(DO_NOT)) {
                causes.add(
                        Cause.invalid(
                                at + ".minDomains",
                                constraint.path("minDomains"),
                                "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not "
                                        + action));
            }
        }
        for (String policy : List.of("nodeAffinityPolicy", "nodeTaintsPolicy")) {
            String value = Json.text(constraint, policy);
            if (Json.has(constraint, policy) && !POLICIES.contains(value)) {
                causes.add(Cause.unsupported(at + "." + policy, value, POLICIES));
            }
        }
        selector(constraint.path("labelSelector"), at + ".labelSelector", causes);
    }

    private static void positive(JsonNode constraint, String field, String at, Causes causes) {
        long value = Json.integer(constraint, 0, field);
        if (value <= 0) {
            causes.add(Cause.invalid(at + "." + field, value, POSITIVE));
        }
    }

    private static void selector(JsonNode selector, String at, Causes causes) {
        if (selector.isObject()) {
            MetaValidation.selector(selector, at, causes);
        }
    }

    /** One label and one way to fail it may be named once. */
    private static void repeated(JsonNode constraints, int i, String at, Causes causes) {
        String pair = pair(constraints.get(i));
        for (int j = i + 1; j < constraints.size(); j++) {
            if (pair(constraints.get(j)).equals(pair)) {
                causes.add(Cause.duplicate(at + ".{topologyKey, whenUnsatisfiable}", pair));
                return;
            }
        }
    }

    private static String pair(JsonNode constraint) {
        return "{"
                + Json.text(constraint, "topologyKey")
                + ", "
                + Json.text(constraint, "whenUnsatisfiable")
                + "}";
    }

    private static void affinity(JsonNode affinity, String at, Causes causes) {
        String required = "requiredDuringSchedulingIgnoredDuringExecution";
        JsonNode terms = affinity.path(required);
        for (int i = 0; i < terms.size(); i++) {
            term(terms.get(i), at + "." + required + "[" + i + "]", causes);
        }
        String preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        JsonNode weighted = affinity.path(preferred);
        for (int i = 0; i < weighted.size(); i++) {
            String place = at + "." + preferred + "[" + i + "]";
            long weight = Json.integer(weighted.get(i), 0, "weight");
            if (weight <= 0 || weight > 100) {
                causes.add(Cause.invalid(place + ".weight", weight, "must be in the range 1-100"));
            }
            term(weighted.get(i).path("podAffinityTerm"), place + ".podAffinityTerm", causes);
        }
    }

    private static void term(JsonNode term, String at, Causes causes) {
        selector(term.path("labelSelector"), at + ".labelSelector", causes);
        selector(term.path("namespaceSelector"), at + ".namespaceSelector", causes);
        for (String namespace : Json.texts(term.path("namespaces"))) {
            causes.invalid(at + ".namespace", namespace, Names.label(namespace));
        }
        String key = Json.text(term, "topologyKey");
        if (key.isEmpty()) {
            causes.add(Cause.required(at + ".topologyKey", EMPTY));
        }
        causes.invalid(at + ".topologyKey", key, Names.qualified(key));
    }
}
