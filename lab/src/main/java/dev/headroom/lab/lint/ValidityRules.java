package dev.headroom.lab.lint;

import dev.headroom.autoscaler.Defaults;
import dev.headroom.autoscaler.Problem;
import dev.headroom.autoscaler.Validation;
import dev.headroom.lab.deploy.Selectors;
import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.run.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the API server refuses, in its own words: those of its checks that are about scaling. The whole of them is asked for by {@code kubectl apply --dry-run=server}. */
final class ValidityRules {
    private static final String NOT_NEGATIVE = "must be greater than or equal to 0";

    /** Kubernetes' words for a text that is no quantity. */
    private static final String QUANTITY =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static final List<String> COUNTS =
            List.of(
                    "replicas",
                    "minReadySeconds",
                    "revisionHistoryLimit",
                    "progressDeadlineSeconds");

    private static final TypeReference<Map<String, Object>> PLAIN = new TypeReference<>() {};

    private ValidityRules() {}

    static List<Rule> all() {
        return List.of(
                new Rule(
                        "refused-by-kubernetes",
                        Severity.ERROR,
                        "A value that the API server refuses",
                        "kubectl apply fails on it, in the middle of a rollout where other objects are applied before.",
                        "Give the field a value as the message says; kubectl apply --dry-run=server holds the rest of the object against a cluster too.",
                        "https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run",
                        ValidityRules::look));
    }

    private static void look(World world, Findings findings) {
        for (Workload workload : world.workloads().toList()) {
            counts(workload.object(), findings);
            selector(workload, findings);
            for (String list : List.of("containers", "initContainers")) {
                resources(workload, list, findings);
            }
        }
        for (Autoscaler autoscaler : world.autoscalers()) {
            autoscaler(autoscaler, findings);
        }
    }

    private static void counts(Manifest object, Findings findings) {
        for (String name : COUNTS) {
            JsonNode count = object.object().path("spec").path(name);
            if (count.isIntegralNumber() && count.asLong() < 0) {
                invalid(object, "spec." + name, "spec." + name, count, NOT_NEGATIVE, findings);
            }
        }
    }

    private static void selector(Workload workload, Findings findings) {
        Manifest object = workload.object();
        JsonNode selector = object.object().path("spec").path("selector");
        if (!World.group(object.apiVersion()).equals("apps")) {
            return;
        }
        if (selector.isMissingNode() || selector.isNull()) {
            findings.add(object, "spec.selector", "spec.selector: Required value");
        } else if (!Selectors.selector(selector, workload.labels())) {
            invalid(
                    object,
                    "spec.template.metadata.labels",
                    "spec.template.metadata.labels",
                    workload.labels().isObject()
                            ? workload.labels()
                            : JsonNodeFactory.instance.objectNode(),
                    "`selector` does not match template `labels`",
                    findings);
        }
    }

    private static void resources(Workload workload, String list, Findings findings) {
        JsonNode containers = workload.podSpec().path(list);
        for (int i = 0; i < containers.size(); i++) {
            JsonNode resources = containers.path(i).path("resources");
            String at = workload.specKey() + "." + list + "[" + i + "].resources";
            for (String part : List.of("limits", "requests")) {
                for (Map.Entry<String, JsonNode> entry : resources.path(part).properties()) {
                    quantity(
                            workload.object(),
                            at + "." + part,
                            entry.getKey(),
                            entry.getValue(),
                            findings);
                }
            }
            overLimit(workload.object(), at, resources, findings);
        }
    }

    private static void quantity(
            Manifest object, String at, String name, JsonNode quantity, Findings findings) {
        if (quantity.isNull()) {
            return;
        }
        Double number = Quantities.number(quantity);
        if (number == null || number < 0) {
            invalid(
                    object,
                    at + "." + name,
                    at + "[" + name + "]",
                    JsonNodeFactory.instance.stringNode(quantity.asString("")),
                    number == null ? QUANTITY : NOT_NEGATIVE,
                    findings);
        }
    }

    private static void overLimit(
            Manifest object, String at, JsonNode resources, Findings findings) {
        for (Map.Entry<String, JsonNode> entry : resources.path("requests").properties()) {
            JsonNode limit = resources.path("limits").path(entry.getKey());
            Double most = Quantities.number(limit);
            Double request = Quantities.number(entry.getValue());
            if (most != null && request != null && request > most) {
                invalid(
                        object,
                        at + ".requests." + entry.getKey(),
                        at + ".requests",
                        JsonNodeFactory.instance.stringNode(entry.getValue().asString("")),
                        "must be less than or equal to "
                                + entry.getKey()
                                + " limit of "
                                + limit.asString(""),
                        findings);
            }
        }
    }

    private static void autoscaler(Autoscaler autoscaler, Findings findings) {
        boolean known = autoscaler.object().apiVersion().equals("autoscaling/v2");
        if (!known || !autoscaler.spec().isObject()) {
            return;
        }
        Map<String, Object> spec = Json.mapper().convertValue(autoscaler.spec(), PLAIN);
        try {
            // Whether zero replicas may be asked for is a feature gate of the cluster.
            for (Problem problem : Validation.spec(Defaults.spec(spec), null, true)) {
                findings.add(autoscaler.object(), problem.field(), problem.toString());
            }
        } catch (IllegalArgumentException noQuantity) {
            findings.add(autoscaler.object(), "spec", "spec: " + QUANTITY);
        }
    }

    private static void invalid(
            Manifest object,
            String key,
            String field,
            JsonNode value,
            String detail,
            Findings findings) {
        findings.add(object, key, field + ": Invalid value: " + value + ": " + detail);
    }
}
