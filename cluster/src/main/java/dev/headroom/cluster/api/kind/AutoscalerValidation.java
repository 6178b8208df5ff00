package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is wrong with an autoscaler's specification (upstream: validateHorizontalPodAutoscalerSpec). */
final class AutoscalerValidation {
    /** Metric type to the field that holds it. */
    private static final Map<String, String> SOURCES =
            Map.of(
                    "Object", "object",
                    "Pods", "pods",
                    "Resource", "resource",
                    "External", "external",
                    "ContainerResource", "containerResource");

    private static final int LONGEST_PERIOD = 1_800;
    private static final int LONGEST_WINDOW = 3_600;

    private final JsonNode spec;
    private final Causes causes;

    AutoscalerValidation(JsonNode spec, Causes causes) {
        this.spec = spec;
        this.causes = causes;
    }

    void run() {
        long min = Json.integer(spec, 1, "minReplicas");
        long max = Json.integer(spec, 0, "maxReplicas");
        if (min < 1) {
            causes.add(
                    Cause.invalid("spec.minReplicas", min, "must be greater than or equal to 1"));
        }
        if (max < 1) {
            causes.add(Cause.invalid("spec.maxReplicas", max, "must be greater than 0"));
        }
        if (max < min) {
            causes.add(
                    Cause.invalid(
                            "spec.maxReplicas",
                            max,
                            "must be greater than or equal to `minReplicas`"));
        }
        reference(spec.path("scaleTargetRef"), "spec.scaleTargetRef");
        metrics();
        behavior("scaleUp");
        behavior("scaleDown");
    }

    private void reference(JsonNode reference, String at) {
        segment(Json.text(reference, "kind"), at + ".kind");
        segment(Json.text(reference, "name"), at + ".name");
    }

    private void segment(String value, String at) {
        if (value.isEmpty()) {
            causes.add(Cause.required(at, ""));
        } else {
            causes.invalid(at, value, segmentProblem(value));
        }
    }

    private static @Nullable String segmentProblem(String value) {
        if (value.equals(".") || value.equals("..")) {
            return "may not be '" + value + "'";
        }
        if (value.contains("/")) {
            return "may not contain '/'";
        }
        return value.contains("%") ? "may not contain '%'" : null;
    }

    private void metrics() {
        JsonNode metrics = spec.path("metrics");
        boolean measured = false;
        boolean any = false;
        for (int i = 0; i < metrics.size(); i++) {
            metric(metrics.get(i), "spec.metrics[" + i + "]");
            any = true;
            String type = Json.text(metrics.get(i), "type");
            measured |= type.equals("Object") || type.equals("External");
        }
        if (Json.integer(spec, 1, "minReplicas") == 0 && any && !measured) {
            causes.add(
                    Cause.forbidden(
                            "spec.metrics",
                            "must specify at least one Object or External metric to support scaling to zero replicas"));
        }
    }

    private void metric(JsonNode metric, String at) {
        String type = Json.text(metric, "type");
        if (type.isEmpty()) {
            causes.add(Cause.required(at + ".type", "must specify a metric source type"));
        }
        String expected = SOURCES.get(type);
        if (!type.isEmpty() && expected == null) {
            causes.add(Cause.unsupported(at + ".type", type, List.copyOf(SOURCES.keySet())));
            return;
        }
        Set<String> present = new HashSet<>();
        for (String source :
                List.of("object", "external", "pods", "resource", "containerResource")) {
            if (Json.has(metric, source)) {
                if (!present.isEmpty()) {
                    causes.add(
                            Cause.forbidden(
                                    at + "." + source,
                                    "must populate the given metric source only"));
                }
                present.add(source);
            }
        }
        if (expected == null) {
            return;
        }
        if (!present.contains(expected)) {
            causes.add(
                    Cause.required(
                            at + "." + expected,
                            "must populate information for the given metric source"));
            return;
        }
        source(type, metric.path(expected), at + "." + expected);
    }

    private void source(String type, JsonNode source, String at) {
        JsonNode target = source.path("target");
        target(target, at + ".target");
        switch (type) {
            case "Resource", "ContainerResource" -> {
                if (Json.text(source, "name").isEmpty()) {
                    causes.add(Cause.required(at + ".name", "must specify a resource name"));
                }
                if (type.equals("ContainerResource") && Json.text(source, "container").isEmpty()) {
                    causes.add(Cause.required(at + ".container", "must specify a container"));
                }
                boolean utilization = Json.has(target, "averageUtilization");
                boolean value = Json.has(target, "averageValue");
                if (!utilization && !value) {
                    causes.add(
                            Cause.required(
                                    at + ".target.averageUtilization",
                                    "must set either a target raw value or a target utilization"));
                }
                if (utilization && value) {
                    causes.add(
                            Cause.forbidden(
                                    at + ".target.averageValue",
                                    "may not set both a target raw value and a target utilization"));
                }
            }
            case "Pods", "Object", "External" -> {
                String name = Json.text(source, "metric", "name");
                segment(name, at + ".metric.name");
                if (type.equals("Object")) {
                    reference(source.path("describedObject"), at + ".describedObject");
                }
                if (type.equals("Pods") && !Json.has(target, "averageValue")) {
                    causes.add(
                            Cause.required(
                                    at + ".target.averageValue",
                                    "must specify a positive target averageValue"));
                }
                if (!type.equals("Pods")
                        && !Json.has(target, "value")
                        && !Json.has(target, "averageValue")) {
                    causes.add(
                            Cause.required(
                                    at + ".target.averageValue",
                                    "must set either a target value or averageValue"));
                }
            }
            default -> throw new IllegalStateException(type);
        }
    }

    private void target(JsonNode target, String at) {
        String type = Json.text(target, "type");
        if (type.isEmpty()) {
            causes.add(Cause.required(at + ".type", "must specify a metric target type"));
        } else if (!AutoscalerRules.TARGETS.contains(type)) {
            causes.invalid(
                    at + ".type", type, "must be either Utilization, Value, or AverageValue");
        }
        if (Json.has(target, "averageUtilization")
                && Json.integer(target, 0, "averageUtilization") < 1) {
            causes.add(
                    Cause.invalid(
                            at + ".averageUtilization",
                            target.path("averageUtilization"),
                            "must be greater than 0"));
        }
        for (String field : List.of("value", "averageValue")) {
            if (Json.has(target, field)
                    && Quantity.parse(Json.text(target, field)).value().signum() <= 0) {
                causes.add(Cause.invalid(at + "." + field, target.path(field), "must be positive"));
            }
        }
    }

    private void behavior(String direction) {
        JsonNode rules = Json.at(spec, "behavior", direction);
        if (!rules.isObject()) {
            return;
        }
        String at = "spec.behavior." + direction;
        JsonNode window = rules.path("stabilizationWindowSeconds");
        if (window.isIntegralNumber() && window.longValue() < 0) {
            causes.add(
                    Cause.invalid(
                            at + ".stabilizationWindowSeconds",
                            window,
                            "must be greater than or equal to zero"));
        }
        if (window.isIntegralNumber() && window.longValue() > LONGEST_WINDOW) {
            causes.add(
                    Cause.invalid(
                            at + ".stabilizationWindowSeconds",
                            window,
                            "must be less than or equal to " + LONGEST_WINDOW));
        }
        List<String> selects = List.of("Disabled", "Max", "Min");
        if (!selects.contains(Json.text(rules, "selectPolicy"))) {
            causes.add(
                    Cause.unsupported(
                            at + ".selectPolicy", Json.text(rules, "selectPolicy"), selects));
        }
        if (rules.path("policies").isEmpty()) {
            causes.add(Cause.required(at + ".policies", "must specify at least one Policy"));
        }
        for (int i = 0; i < rules.path("policies").size(); i++) {
            policy(rules.path("policies").get(i), at + ".policies[" + i + "]");
        }
    }

    private void policy(JsonNode policy, String at) {
        String type = Json.text(policy, "type");
        if (!type.equals("Pods") && !type.equals("Percent")) {
            causes.add(Cause.unsupported(at + ".type", type, List.of("Percent", "Pods")));
        }
        if (Json.integer(policy, 0, "value") <= 0) {
            causes.add(
                    Cause.invalid(
                            at + ".value", policy.path("value"), "must be greater than zero"));
        }
        long period = Json.integer(policy, 0, "periodSeconds");
        if (period <= 0) {
            causes.add(Cause.invalid(at + ".periodSeconds", period, "must be greater than zero"));
        }
        if (period > LONGEST_PERIOD) {
            causes.add(
                    Cause.invalid(
                            at + ".periodSeconds",
                            period,
                            "must be less than or equal to " + LONGEST_PERIOD));
        }
    }
}
