package dev.headroom.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.autoscaler.PodGroups.Sampled;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a vector of each kind asks, put to this module; throws where the answer differs. */
final class Vectors {
    /** Any moment will do: vectors are relative to it. */
    private static final long NOW = 1_700_000_000L * Settings.SECOND;

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final VectorReader READER = new VectorReader(NOW);

    private Vectors() {}

    /**
     * Checks one vector.
     *
     * @param kindOfFile what it is where it does not say so itself
     * @throws AssertionError where this module answers otherwise, or the kind is unknown
     */
    static void check(String kindOfFile, JsonNode vector) {
        JsonNode input = vector.path("input");
        JsonNode expected = vector.path("expected");
        String kind = vector.path("kind").asString(kindOfFile);
        switch (kind) {
            case "calc" -> calc(vector, input, expected);
            case "groupPods" -> groupPods(vector, input, expected);
            case "podRequests" -> podRequests(vector, input, expected);
            case "utilizationRatio" -> utilizationRatio(input, expected);
            case "usageRatio" -> usageRatio(input, expected);
            case "perPodUsage" ->
                    equal(
                            expected,
                            "usage",
                            Calculator.perPod(
                                    input.path("usage").asLong(),
                                    input.path("statusReplicas").asInt()));
            case "legacyLimits" -> limited(expected, legacyLimits(vector, input));
            case "legacyStabilize" -> legacyStabilize(vector, input, expected);
            case "behaviorRate" -> limited(expected, behaviorRate(input));
            case "behaviorStabilize" -> behaviorStabilize(input, expected);
            case "rateLimit" -> rateLimit(input, expected);
            case "storeEvent" -> storeEvent(input, expected);
            case "defaults" -> defaults(input, expected);
            case "hpaDefaults" -> same(expected, Defaults.spec(VectorReader.tree(input)));
            case "validation" -> validation(vector, input, expected);
            case "reconcile" -> Reconciled.check(READER, NOW, vector);
            case "sequence" -> Sequences.check(vector);
            case "statusQuantity" -> statusQuantity(input, expected);
            case "age" ->
                    assertThat(Age.text(input.path("seconds").asDouble()))
                            .isEqualTo(expected.path("text").asString());
            case "targetsColumn" ->
                    assertThat(
                                    TargetsColumn.text(
                                            VectorReader.list(input.path("metrics")),
                                            VectorReader.statuses(input)))
                            .isEqualTo(expected.path("text").asString());
            case "quantity" -> {
                long milli = input.path("milli").asLong();
                boolean binary = input.path("format").asString("").equals("BinarySI");
                assertThat(binary ? Quantity.binary(milli) : Quantity.decimal(milli))
                        .isEqualTo(expected.path("text").asString());
            }
            case "selector" -> selector(input, expected);
            case "quantityText" -> quantityText(input, expected);
            default -> throw new AssertionError("unknown kind of vector: \"" + kind + "\"");
        }
    }

    private static void equal(JsonNode expected, String key, long found) {
        if (expected.path(key).isNumber()) {
            assertThat(found).as(key).isEqualTo(expected.path(key).asLong());
        }
    }

    private static void calc(JsonNode vector, JsonNode input, JsonNode expected) {
        Settings settings = VectorReader.settings(vector);
        JsonNode tolerances = input.path("tolerances");
        Calculator calculator =
                new Calculator(
                        settings,
                        tolerances.path("scaleDown").asDouble(settings.tolerance()),
                        tolerances.path("scaleUp").asDouble(settings.tolerance()),
                        NOW);
        JsonNode error = expected.path("errorContains");
        try {
            Calculator.Proposal proposal = propose(calculator, input);
            assertThat(error.isString()).as("no error, but expected " + error).isFalse();
            equal(expected, "replicas", proposal.replicas());
            equal(expected, "utilization", proposal.utilization());
            equal(expected, "rawValue", proposal.usage());
            equal(expected, "usage", proposal.usage());
        } catch (MetricException e) {
            assertThat(error.isString()).as("error: " + e.getMessage()).isTrue();
            assertThat(e).hasMessageContaining(error.asString());
        }
    }

    private static Calculator.Proposal propose(Calculator calculator, JsonNode input)
            throws MetricException {
        int current = input.path("currentReplicas").asInt(0);
        int status = input.path("statusReplicas").asInt(0);
        long target = input.path("target").asLong();
        String resource = input.path("resource").asString("");
        String container = input.path("container").asString("");
        String metric = input.path("metric").asString("");
        List<Pod> pods = READER.pods(input.path("pods"));
        Metrics metrics = READER.metrics(input);
        return switch (input.path("function").asString("")) {
            case "resourceUtilization" ->
                    calculator.utilization(
                            current, (int) target, resource, container, pods, metrics.resource());
            case "resourceAverageValue" ->
                    calculator.resourceAverage(
                            current, target, resource, container, pods, metrics.resource());
            case "podsAverageValue" ->
                    calculator.podsAverage(current, target, metric, pods, metrics.pods(metric));
            case "objectValue" ->
                    calculator.whole(current, target, object(metrics, input).value(), pods);
            case "objectAverageValue" ->
                    calculator.perReplica(status, target, object(metrics, input).value(), false);
            case "externalValue" ->
                    calculator.whole(
                            current,
                            target,
                            Calculator.external(metrics.external(metric), false),
                            pods);
            case "externalAverageValue" ->
                    calculator.perReplica(
                            status,
                            target,
                            Calculator.external(metrics.external(metric), true),
                            true);
            default -> throw new AssertionError("unknown function " + input.path("function"));
        };
    }

    private static Metrics.Value object(Metrics metrics, JsonNode input) throws MetricException {
        JsonNode described = input.path("describedObject");
        Metrics.Value value =
                metrics.object(
                        input.path("metric").asString(""),
                        described.path("kind").asString(""),
                        described.path("name").asString(""));
        if (value.error() != null) {
            throw new MetricException(value.error());
        }
        return value;
    }

    private static void groupPods(JsonNode vector, JsonNode input, JsonNode expected) {
        Map<String, Sampled> samples = new LinkedHashMap<>();
        for (JsonNode item : input.path("metrics")) {
            Metrics.Sample sample = READER.sample(item);
            samples.put(
                    sample.pod(),
                    new Sampled(sample.value(), sample.timestamp(), sample.windowMicros()));
        }
        PodGroups groups =
                PodGroups.of(
                        READER.pods(input.path("pods")),
                        samples,
                        input.path("resource").asString(""),
                        VectorReader.settings(vector),
                        NOW);
        equal(expected, "readyPodCount", groups.ready());
        assertThat(new TreeSet<>(groups.unready()))
                .as("unready")
                .isEqualTo(names(expected, "unready"));
        assertThat(new TreeSet<>(groups.missing()))
                .as("missing")
                .isEqualTo(names(expected, "missing"));
        assertThat(new TreeSet<>(groups.ignored()))
                .as("ignored")
                .isEqualTo(names(expected, "ignored"));
    }

    private static Set<String> names(JsonNode expected, String key) {
        TreeSet<String> names = new TreeSet<>();
        expected.path(key).forEach(name -> names.add(name.asString()));
        return names;
    }

    private static void podRequests(JsonNode vector, JsonNode input, JsonNode expected) {
        JsonNode error = expected.path("errorContains");
        try {
            Map<String, Long> requests =
                    PodRequests.of(
                            READER.pods(input.path("pods")),
                            input.path("container").asString(""),
                            input.path("resource").asString(""),
                            VectorReader.settings(vector).podLevelResources());
            assertThat(error.isString()).as("no error, but expected " + error).isFalse();
            assertThat(requests).isEqualTo(VectorReader.amounts(expected.path("requestsMilli")));
        } catch (MetricException e) {
            assertThat(error.isString()).as("error: " + e.getMessage()).isTrue();
            assertThat(e).hasMessageContaining(error.asString());
        }
    }

    private static void utilizationRatio(JsonNode input, JsonNode expected) {
        JsonNode error = expected.path("errorContains");
        try {
            Calculator.UtilizationRatio ratio =
                    Calculator.utilizationRatio(
                            VectorReader.amounts(input.path("metricsMilli")),
                            VectorReader.amounts(input.path("requestsMilli")),
                            input.path("target").asInt());
            assertThat(error.isString()).as("no error, but expected " + error).isFalse();
            assertThat(ratio.ratio()).isEqualTo(expected.path("ratio").asDouble());
            equal(expected, "utilization", ratio.utilization());
            equal(expected, "rawValue", ratio.average());
        } catch (MetricException e) {
            assertThat(error.isString()).as("error: " + e.getMessage()).isTrue();
            assertThat(e).hasMessageContaining(error.asString());
        }
    }

    private static void usageRatio(JsonNode input, JsonNode expected) {
        Calculator.UsageRatio ratio =
                Calculator.usageRatio(
                        VectorReader.amounts(input.path("metricsMilli")),
                        input.path("target").asLong());
        assertThat(ratio.ratio()).isEqualTo(expected.path("ratio").asDouble());
        equal(expected, "usage", ratio.average());
    }

    private static void limited(JsonNode expected, Normalizer.Limited limited) {
        equal(expected, "replicas", limited.replicas());
        if (expected.path("reason").isString()) {
            assertThat(limited.reason()).isEqualTo(expected.path("reason").asString());
        }
    }

    private static Normalizer.Limited legacyLimits(JsonNode vector, JsonNode input) {
        return Normalizer.limitLegacy(
                input.path("currentReplicas").asInt(),
                input.path("desiredReplicas").asInt(),
                input.path("minReplicas").asInt(),
                input.path("maxReplicas").asInt(),
                VectorReader.settings(vector));
    }

    private static void legacyStabilize(JsonNode vector, JsonNode input, JsonNode expected) {
        Normalizer.Stabilized stabilized =
                Normalizer.stabilizeLegacy(
                        READER.recommendations(input.path("recommendations")),
                        input.path("desiredReplicas").asInt(),
                        VectorReader.settings(vector).downscaleStabilizationMicros(),
                        NOW);
        equal(expected, "replicas", stabilized.replicas());
        equal(expected, "recommendationCount", stabilized.recommendations().size());
    }

    private static Normalizer.Limited behaviorRate(JsonNode input) {
        Behavior behavior = VectorReader.behavior(input.path("behavior"));
        if (behavior == null) {
            behavior = new Behavior(Behavior.filledUp(null), Behavior.filledDown(null));
        }
        return Normalizer.limit(
                input.path("currentReplicas").asInt(),
                input.path("desiredReplicas").asInt(),
                input.path("minReplicas").asInt(),
                input.path("maxReplicas").asInt(),
                behavior,
                READER.events(input.path("scaleUpEvents")),
                READER.events(input.path("scaleDownEvents")),
                NOW);
    }

    private static void behaviorStabilize(JsonNode input, JsonNode expected) {
        Normalizer.Stabilized stabilized =
                Normalizer.stabilize(
                        READER.recommendations(input.path("recommendations")),
                        input.path("currentReplicas").asInt(),
                        input.path("desiredReplicas").asInt(),
                        VectorReader.micros(input.path("scaleUpWindowSeconds").asDouble(0)),
                        VectorReader.micros(input.path("scaleDownWindowSeconds").asDouble(0)),
                        NOW);
        equal(expected, "replicas", stabilized.replicas());
        if (expected.path("recommendations").isArray()) {
            assertThat(
                            stabilized.recommendations().stream()
                                    .map(History.Recommendation::replicas)
                                    .toList())
                    .isEqualTo(
                            expected.path("recommendations")
                                    .valueStream()
                                    .map(JsonNode::asInt)
                                    .toList());
        }
    }

    private static Behavior.Rules rules(JsonNode input) {
        Behavior.Rules rules = VectorReader.rules(input.path("rules"));
        return rules == null ? Behavior.Rules.NONE : rules;
    }

    private static void rateLimit(JsonNode input, JsonNode expected) {
        int current = input.path("currentReplicas").asInt();
        List<History.ScaleEvent> ups = READER.events(input.path("scaleUpEvents"));
        List<History.ScaleEvent> downs = READER.events(input.path("scaleDownEvents"));
        boolean up = input.path("direction").asString("").equals("up");
        equal(
                expected,
                "limit",
                up
                        ? Normalizer.upLimit(current, rules(input), ups, downs, NOW)
                        : Normalizer.downLimit(current, rules(input), ups, downs, NOW));
    }

    private static void storeEvent(JsonNode input, JsonNode expected) {
        List<History.ScaleEvent> events = READER.events(input.path("events"));
        equal(
                expected,
                "changeInPeriodBefore",
                History.changeWithin(events, input.path("queryPeriodSeconds").asInt(), NOW));
        int change =
                Math.abs(
                        input.path("newReplicas").asInt() - input.path("previousReplicas").asInt());
        List<History.ScaleEvent> after =
                input.path("rules").isObject()
                        ? History.stored(events, rules(input), change, NOW)
                        : events; // without behavior nothing is stored
        if (expected.path("events").isArray()) {
            assertThat(after).as("events").hasSize(expected.path("events").size());
            for (int i = 0; i < after.size(); i++) {
                JsonNode event = expected.path("events").get(i);
                equal(event, "change", after.get(i).change());
                if (event.path("outdated").isBoolean()) {
                    assertThat(after.get(i).outdated())
                            .as("outdated")
                            .isEqualTo(event.path("outdated").asBoolean());
                }
                if (event.path("at").isNumber()) {
                    assertThat(after.get(i).at()).as("at").isEqualTo(READER.time(event.path("at")));
                }
            }
        }
    }

    private static void defaults(JsonNode input, JsonNode expected) {
        Map<String, Object> rules =
                input.path("rules").isObject() ? VectorReader.tree(input.path("rules")) : Map.of();
        boolean up = input.path("direction").asString("").equals("up");
        same(expected, up ? Defaults.scaleUp(rules) : Defaults.scaleDown(rules));
    }

    /** Compares as JSON; null is absent. */
    private static void same(JsonNode expected, Map<String, @Nullable Object> found) {
        assertThat(VectorReader.tree(MAPPER.valueToTree(found)))
                .isEqualTo(VectorReader.tree(expected));
    }

    private static void validation(JsonNode vector, JsonNode input, JsonNode expected) {
        Map<String, Object> spec = VectorReader.tree(input.path("hpa"));
        JsonNode old = input.path("oldHpa");
        List<Problem> problems =
                Validation.spec(
                        spec,
                        old.isObject() ? VectorReader.tree(old) : null,
                        VectorReader.settings(vector).scaleToZero());
        assertThat(problems.isEmpty())
                .as("valid; found " + problems)
                .isEqualTo(expected.path("valid").asBoolean());
        if (expected.path("firstErrorContains").isString()) {
            assertThat(problems.getFirst().toString())
                    .contains(expected.path("firstErrorContains").asString());
        }
        if (expected.path("errors").isArray()) {
            assertThat(problems)
                    .extracting(Problem::toString)
                    .containsExactlyElementsOf(
                            expected.path("errors").valueStream().map(JsonNode::asString).toList());
        }
    }

    private static void selector(JsonNode input, JsonNode expected) {
        JsonNode error = expected.path("errorContains");
        try {
            Selector selector = Selector.parse(input.path("selector").asString());
            assertThat(error.isString()).as("no error, but expected " + error).isFalse();
            assertThat(selector.matches(VectorReader.texts(input.path("labels"))))
                    .isEqualTo(expected.path("matches").asBoolean());
        } catch (MetricException e) {
            assertThat(e.text()).isEqualTo(error.asString("no error"));
        }
    }

    private static void quantityText(JsonNode input, JsonNode expected) {
        String text = input.path("text").asString();
        if (expected.path("milli").isNull()) {
            assertThatThrownBy(() -> Quantity.milli(text))
                    .isInstanceOf(IllegalArgumentException.class);
            return;
        }
        assertThat(Quantity.sign(text)).isEqualTo(expected.path("sign").asInt());
        equal(expected, "milli", Quantity.milli(text));
        if (expected.path("double").isNumber()) {
            assertThat(Quantity.approximate(text)).isEqualTo(expected.path("double").asDouble());
        }
    }

    private static void statusQuantity(JsonNode input, JsonNode expected) {
        String resource = input.path("resource").asString("");
        long milli = input.path("rawMilli").asLong();
        String format = Quantity.isBinary(resource) ? "BinarySI" : "DecimalSI";
        assertThat(format).isEqualTo(expected.path("format").asString());
        if (expected.path("text").isString()) {
            assertThat(Quantity.ofResource(resource, milli))
                    .isEqualTo(expected.path("text").asString());
        }
        assertThat(Quantity.milli(Quantity.ofResource(resource, milli)))
                .isEqualTo(expected.path("valueMilli").asLong());
    }
}
