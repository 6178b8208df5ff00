package dev.headroom.autoscaler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The shapes that vectors share (SCHEMA.md beside them) as the types of this module. */
final class VectorReader {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** What now is, in microseconds; times in vectors are relative to it. */
    private final long now;

    VectorReader(long now) {
        this.now = now;
    }

    static Settings settings(JsonNode vector) {
        JsonNode config = vector.path("config");
        JsonNode features = vector.path("features");
        return new Settings(
                config.path("tolerance").asDouble(0.1),
                micros(config.path("downscaleStabilizationSeconds").asDouble(300)),
                micros(config.path("cpuInitializationPeriodSeconds").asDouble(300)),
                micros(config.path("initialReadinessDelaySeconds").asDouble(30)),
                config.path("scaleUpLimitFactor").asDouble(2),
                config.path("scaleUpLimitMinimum").asDouble(4),
                features.path("HPAScaleToZero").asBoolean(true),
                features.path("HPAConfigurableTolerance").asBoolean(true),
                features.path("PodLevelResources").asBoolean(true),
                features.path("scaleToZeroModel").asString("condition").equals("legacy")
                        ? Settings.ZeroModel.LEGACY
                        : Settings.ZeroModel.CONDITION);
    }

    static long micros(double seconds) {
        return Math.round(seconds * Settings.SECOND);
    }

    long time(JsonNode at) {
        return at.isNumber() ? now + micros(at.asDouble()) : Settings.ZERO_TIME;
    }

    private static @Nullable String textOrNull(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    static @Nullable Integer integer(JsonNode node) {
        return node.isNumber() ? Integer.valueOf(node.asInt()) : null;
    }

    static @Nullable Long amount(JsonNode node) {
        return node.isNumber() ? Long.valueOf(node.asLong()) : null;
    }

    List<Pod> pods(JsonNode pods) {
        return pods.valueStream().map(this::pod).toList();
    }

    private Pod pod(JsonNode pod) {
        JsonNode start = pod.path("startTime");
        JsonNode whole = pod.path("podRequestsMilli");
        return new Pod(
                pod.path("name").asString(""),
                texts(pod.path("labels")),
                pod.path("phase").asString(""),
                textOrNull(pod.path("ready")),
                time(pod.path("readyTransition")),
                start.isNull() || start.isMissingNode() ? null : Long.valueOf(time(start)),
                pod.path("deleted").asBoolean(false),
                containers(pod.path("containers")),
                containers(pod.path("initContainers")),
                whole.isObject() ? amounts(whole) : null);
    }

    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asString()));
        return texts;
    }

    static Map<String, Long> amounts(JsonNode object) {
        Map<String, Long> amounts = new LinkedHashMap<>();
        object.properties().forEach(e -> amounts.put(e.getKey(), e.getValue().asLong()));
        return amounts;
    }

    private static List<Pod.Container> containers(JsonNode containers) {
        return containers
                .valueStream()
                .map(c ->
                        new Pod.Container(
                                c.path("name").asString(""),
                                amounts(c.path("requestsMilli")),
                                textOrNull(c.path("restartPolicy"))))
                .toList();
    }

    Metrics metrics(JsonNode input) {
        return new Metrics() {
            @Override
            public PodUsages resource() {
                JsonNode metrics = input.path("resourceMetrics");
                return new PodUsages(
                        textOrNull(metrics.path("error")),
                        metrics.path("items").valueStream().map(i -> usage(i)).toList());
            }

            @Override
            public Samples pods(String metric) {
                JsonNode metrics = input.path("customPodMetrics").path(metric);
                return new Samples(
                        textOrNull(metrics.path("error")),
                        metrics.path("items").valueStream().map(i -> sample(i)).toList());
            }

            @Override
            public Value object(String metric, String kind, String name) {
                for (JsonNode value : input.path("objectMetrics")) {
                    if (value.path("metric").asString("").equals(metric)
                            && value.path("kind").asString("").equals(kind)
                            && value.path("name").asString("").equals(name)) {
                        return new Value(
                                textOrNull(value.path("error")),
                                value.path("valueMilli").asLong(0));
                    }
                }
                return new Value("no such metric in the vector", 0);
            }

            @Override
            public Series external(String metric) {
                JsonNode metrics = input.path("externalMetrics").path(metric);
                return new Series(
                        textOrNull(metrics.path("error")),
                        metrics.path("valuesMilli").valueStream().map(JsonNode::asLong).toList());
            }
        };
    }

    private Metrics.PodUsage usage(JsonNode item) {
        Map<String, Map<String, Long>> containers = new LinkedHashMap<>();
        for (JsonNode container : item.path("containers")) {
            containers.put(
                    container.path("name").asString(""), amounts(container.path("usageMilli")));
        }
        return new Metrics.PodUsage(
                item.path("pod").asString(""),
                time(item.path("timestamp")),
                micros(item.path("windowSeconds").asDouble(0)),
                containers);
    }

    Metrics.Sample sample(JsonNode item) {
        return new Metrics.Sample(
                item.path("pod").asString(""),
                item.path("valueMilli").asLong(),
                time(item.path("timestamp")),
                micros(item.path("windowSeconds").asDouble(60)));
    }

    static MetricSpec metric(JsonNode metric) {
        String type = metric.path("type").asString("");
        return switch (type) {
            case "Resource" -> {
                JsonNode m = metric.path("resource");
                yield new MetricSpec.Resource(m.path("name").asString(""), target(m));
            }
            case "ContainerResource" -> {
                JsonNode m = metric.path("containerResource");
                yield new MetricSpec.ContainerResource(
                        m.path("name").asString(""), m.path("container").asString(""), target(m));
            }
            case "Pods" -> {
                JsonNode m = metric.path("pods");
                yield new MetricSpec.Pods(m.path("metric").path("name").asString(""), target(m));
            }
            case "Object" -> {
                JsonNode m = metric.path("object");
                yield new MetricSpec.ObjectMetric(
                        m.path("metric").path("name").asString(""),
                        selector(m),
                        m.path("describedObject").path("kind").asString(""),
                        m.path("describedObject").path("name").asString(""),
                        target(m));
            }
            case "External" -> {
                JsonNode m = metric.path("external");
                yield new MetricSpec.External(
                        m.path("metric").path("name").asString(""), selector(m), target(m));
            }
            default -> new MetricSpec.Unknown(type);
        };
    }

    private static MetricSpec.Target target(JsonNode source) {
        JsonNode target = source.path("target");
        return new MetricSpec.Target(
                target.path("type").asString(""),
                integer(target.path("averageUtilization")),
                amount(target.path("averageValueMilli")),
                amount(target.path("valueMilli")));
    }

    private static @Nullable Map<String, String> selector(JsonNode source) {
        JsonNode selector = source.path("metric").path("selector");
        return selector.isObject() ? texts(selector.path("matchLabels")) : null;
    }

    static @Nullable Behavior behavior(JsonNode behavior) {
        if (!behavior.isObject()) {
            return null;
        }
        return new Behavior(
                Behavior.filledUp(rules(behavior.path("scaleUp"))),
                Behavior.filledDown(rules(behavior.path("scaleDown"))));
    }

    static Behavior.@Nullable Rules rules(JsonNode rules) {
        if (!rules.isObject()) {
            return null;
        }
        List<Behavior.Policy> policies = new ArrayList<>();
        for (JsonNode policy : rules.path("policies")) {
            policies.add(
                    new Behavior.Policy(
                            policy.path("type").asString(""),
                            policy.path("value").asInt(0),
                            policy.path("periodSeconds").asInt(0)));
        }
        JsonNode tolerance = rules.path("tolerance");
        return new Behavior.Rules(
                integer(rules.path("stabilizationWindowSeconds")),
                textOrNull(rules.path("selectPolicy")),
                rules.path("policies").isArray() ? policies : null,
                tolerance.isNumber() ? Double.valueOf(tolerance.asDouble()) : null);
    }

    Autoscaler autoscaler(JsonNode hpa, Autoscaler.Status status) {
        JsonNode target = hpa.path("scaleTargetRef");
        return new Autoscaler(
                hpa.path("namespace").asString(""),
                hpa.path("name").asString(""),
                new Autoscaler.Target(
                        target.path("apiVersion").asString(""),
                        target.path("kind").asString(""),
                        target.path("name").asString("")),
                integer(hpa.path("minReplicas")),
                hpa.path("maxReplicas").asInt(0),
                hpa.path("metrics").valueStream().map(VectorReader::metric).toList(),
                behavior(hpa.path("behavior")),
                status);
    }

    Autoscaler.Status status(JsonNode status) {
        List<Condition> conditions = new ArrayList<>();
        for (JsonNode c : status.path("conditions")) {
            conditions.add(
                    new Condition(
                            c.path("type").asString(""),
                            c.path("status").asString(""),
                            c.path("reason").asString(""),
                            c.path("message").asString(""),
                            time(c.path("lastTransitionTime"))));
        }
        JsonNode scaled = status.path("lastScaleTime");
        return new Autoscaler.Status(
                status.path("currentReplicas").asInt(0),
                status.path("desiredReplicas").asInt(0),
                scaled.isNumber() ? Long.valueOf(time(scaled)) : null,
                conditions,
                List.of());
    }

    History history(JsonNode history) {
        JsonNode recommendations = history.path("recommendations");
        return new History(
                recommendations.isArray() ? recommendations(recommendations) : null,
                events(history.path("scaleUpEvents")),
                events(history.path("scaleDownEvents")));
    }

    List<History.Recommendation> recommendations(JsonNode recommendations) {
        return recommendations
                .valueStream()
                .map(r ->
                        new History.Recommendation(r.path("replicas").asInt(), time(r.path("at"))))
                .toList();
    }

    List<History.ScaleEvent> events(JsonNode events) {
        return events.valueStream()
                .map(e ->
                        new History.ScaleEvent(
                                e.path("change").asInt(),
                                time(e.path("at")),
                                e.path("outdated").asBoolean(false)))
                .toList();
    }

    /** A spec or a part of it as the API has it: amounts as quantities, nulls left out. */
    static Map<String, Object> tree(JsonNode vector) {
        return MAPPER.convertValue(asApi(vector, ""), new TypeReference<Map<String, Object>>() {});
    }

    static List<?> list(JsonNode vector) {
        return MAPPER.convertValue(asApi(vector, ""), List.class);
    }

    /** Statuses do not name their resource here; it decides in which format an amount is written. */
    static List<?> statuses(JsonNode input) {
        ArrayNode out = MAPPER.createArrayNode();
        int i = 0;
        for (JsonNode status : input.path("currentMetrics")) {
            JsonNode spec = input.path("metrics").path(i++);
            String type = spec.path("type").asString("");
            String field =
                    type.isEmpty() ? "" : Character.toLowerCase(type.charAt(0)) + type.substring(1);
            out.add(asApi(status, spec.path(field).path("name").asString("")));
        }
        return MAPPER.convertValue(out, List.class);
    }

    private static JsonNode asApi(JsonNode node, String resource) {
        if (node instanceof ArrayNode array) {
            ArrayNode out = MAPPER.createArrayNode();
            array.forEach(e -> out.add(asApi(e, resource)));
            return out;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        String name = object.path("name").asString(resource);
        ObjectNode out = MAPPER.createObjectNode();
        object.properties()
                .forEach(e -> {
                    String field = e.getKey();
                    if (field.endsWith("Milli") && e.getValue().isNumber()) {
                        out.put(
                                field.substring(0, field.length() - "Milli".length()),
                                Quantity.ofResource(name, e.getValue().asLong()));
                    } else if (!e.getValue().isNull()) {
                        out.set(field, asApi(e.getValue(), name));
                    }
                });
        return out;
    }
}
