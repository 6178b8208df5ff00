package dev.headroom.cluster.controller;

import dev.headroom.autoscaler.Autoscaler;
import dev.headroom.autoscaler.Behavior;
import dev.headroom.autoscaler.Condition;
import dev.headroom.autoscaler.MetricSpec;
import dev.headroom.autoscaler.Pod;
import dev.headroom.autoscaler.Quantity;
import dev.headroom.autoscaler.Settings;
import dev.headroom.cluster.informer.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Kubernetes objects as the decision procedure takes them: amounts in milli-units, times in microseconds since the epoch. */
final class AutoscalerReader {
    private AutoscalerReader() {}

    static Autoscaler autoscaler(JsonNode object) {
        JsonNode spec = object.path("spec");
        JsonNode target = spec.path("scaleTargetRef");
        return new Autoscaler(
                Trees.namespace(object),
                Trees.name(object),
                new Autoscaler.Target(
                        Trees.text(target, "apiVersion"),
                        Trees.text(target, "kind"),
                        Trees.text(target, "name")),
                integer(spec.path("minReplicas")),
                spec.path("maxReplicas").asInt(0),
                Trees.list(spec.path("metrics")).stream().map(AutoscalerReader::metric).toList(),
                behavior(spec.path("behavior")),
                status(object.path("status")));
    }

    private static @Nullable Integer integer(JsonNode node) {
        return node.isNumber() ? Integer.valueOf(node.asInt()) : null;
    }

    private static @Nullable Long amount(JsonNode node) {
        return node.isString() || node.isNumber()
                ? Long.valueOf(Quantity.milli(node.asString()))
                : null;
    }

    static MetricSpec metric(JsonNode metric) {
        String type = Trees.text(metric, "type");
        return switch (type) {
            case "Resource" -> {
                JsonNode source = metric.path("resource");
                yield new MetricSpec.Resource(Trees.text(source, "name"), target(source));
            }
            case "ContainerResource" -> {
                JsonNode source = metric.path("containerResource");
                yield new MetricSpec.ContainerResource(
                        Trees.text(source, "name"),
                        Trees.text(source, "container"),
                        target(source));
            }
            case "Pods" -> {
                JsonNode source = metric.path("pods");
                yield new MetricSpec.Pods(Trees.text(source, "metric", "name"), target(source));
            }
            case "Object" -> {
                JsonNode source = metric.path("object");
                yield new MetricSpec.ObjectMetric(
                        Trees.text(source, "metric", "name"),
                        selector(source),
                        Trees.text(source, "describedObject", "kind"),
                        Trees.text(source, "describedObject", "name"),
                        target(source));
            }
            case "External" -> {
                JsonNode source = metric.path("external");
                yield new MetricSpec.External(
                        Trees.text(source, "metric", "name"), selector(source), target(source));
            }
            default -> new MetricSpec.Unknown(type);
        };
    }

    private static MetricSpec.Target target(JsonNode source) {
        JsonNode target = source.path("target");
        return new MetricSpec.Target(
                Trees.text(target, "type"),
                integer(target.path("averageUtilization")),
                amount(target.path("averageValue")),
                amount(target.path("value")));
    }

    private static @Nullable Map<String, String> selector(JsonNode source) {
        JsonNode selector = source.path("metric").path("selector");
        return selector.isObject() ? texts(selector.path("matchLabels")) : null;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString("")));
        return texts;
    }

    private static @Nullable Behavior behavior(JsonNode behavior) {
        if (!behavior.isObject()) {
            return null;
        }
        return new Behavior(
                Behavior.filledUp(rules(behavior.path("scaleUp"))),
                Behavior.filledDown(rules(behavior.path("scaleDown"))));
    }

    private static Behavior.@Nullable Rules rules(JsonNode rules) {
        if (!rules.isObject()) {
            return null;
        }
        List<Behavior.Policy> policies = new ArrayList<>();
        for (JsonNode policy : rules.path("policies")) {
            policies.add(
                    new Behavior.Policy(
                            Trees.text(policy, "type"),
                            policy.path("value").asInt(0),
                            policy.path("periodSeconds").asInt(0)));
        }
        JsonNode tolerance = rules.path("tolerance");
        return new Behavior.Rules(
                integer(rules.path("stabilizationWindowSeconds")),
                rules.path("selectPolicy").asStringOpt().orElse(null),
                rules.path("policies").isArray() ? policies : null,
                tolerance.isString() || tolerance.isNumber()
                        ? Double.valueOf(Quantity.approximate(tolerance.asString()))
                        : null);
    }

    private static Autoscaler.Status status(JsonNode status) {
        List<Condition> conditions = new ArrayList<>();
        for (JsonNode condition : status.path("conditions")) {
            conditions.add(
                    new Condition(
                            Trees.text(condition, "type"),
                            Trees.text(condition, "status"),
                            Trees.text(condition, "reason"),
                            Trees.text(condition, "message"),
                            micros(condition.path("lastTransitionTime"), Settings.ZERO_TIME)));
        }
        String scaled = Trees.text(status, "lastScaleTime");
        return new Autoscaler.Status(
                status.path("currentReplicas").asInt(0),
                status.path("desiredReplicas").asInt(0),
                scaled.isEmpty() ? null : Long.valueOf(micros(status.path("lastScaleTime"), 0)),
                conditions,
                List.of());
    }

    static long micros(Instant instant) {
        return instant.getEpochSecond() * Settings.SECOND + instant.getNano() / 1_000;
    }

    private static long micros(JsonNode time, long otherwise) {
        Instant instant = Trees.instant(time.asString(""));
        return instant == null ? otherwise : micros(instant);
    }

    static Pod pod(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        JsonNode status = pod.path("status");
        JsonNode ready = Trees.condition(pod, "Ready");
        JsonNode whole = spec.path("resources").path("requests");
        return new Pod(
                Trees.name(pod),
                texts(Trees.labels(pod)),
                Trees.text(status, "phase"),
                ready.isObject() ? Trees.text(ready, "status") : null,
                micros(ready.path("lastTransitionTime"), Settings.ZERO_TIME),
                status.path("startTime").isString()
                        ? Long.valueOf(micros(status.path("startTime"), 0))
                        : null,
                Trees.isDeleting(pod),
                containers(spec.path("containers")),
                containers(spec.path("initContainers")),
                whole.isObject() && !whole.isEmpty() ? amounts(whole) : null);
    }

    private static List<Pod.Container> containers(JsonNode containers) {
        return Trees.list(containers).stream()
                .map(container ->
                        new Pod.Container(
                                Trees.text(container, "name"),
                                amounts(container.path("resources").path("requests")),
                                container.path("restartPolicy").asStringOpt().orElse(null)))
                .toList();
    }

    static Map<String, Long> amounts(JsonNode object) {
        Map<String, Long> amounts = new LinkedHashMap<>();
        object.properties()
                .forEach(entry ->
                        amounts.put(
                                entry.getKey(), Quantity.milli(entry.getValue().asString("0"))));
        return amounts;
    }
}
