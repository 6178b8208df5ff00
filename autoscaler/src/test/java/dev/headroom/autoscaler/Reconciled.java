package dev.headroom.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Vectors of a whole pass. */
final class Reconciled {
    private Reconciled() {}

    static void check(VectorReader reader, long now, JsonNode vector) {
        JsonNode input = vector.path("input");
        Autoscaler hpa =
                reader.autoscaler(
                        input.path("hpa"), reader.status(input.path("hpa").path("status")));
        Pass.Outcome outcome =
                Pass.run(
                        new Pass.Input(
                                hpa,
                                scale(input.path("scale")),
                                others(input.path("otherHpas")),
                                reader.pods(input.path("pods")),
                                reader.metrics(input),
                                reader.history(input.path("history")),
                                VectorReader.settings(vector),
                                now));
        check(vector.path("expected"), outcome);
        closely(reader, vector.path("expected"), outcome);
    }

    static Pass.Scale scale(JsonNode scale) {
        Deque<String> errors = new ArrayDeque<>();
        scale.path("updateErrors").forEach(e -> errors.add(e.asString("")));
        JsonNode error = scale.path("getError");
        return new Pass.Scale(
                scale.path("specReplicas").asInt(0),
                scale.path("statusReplicas").asInt(0),
                scale.path("selector").asString(""),
                scale.path("found").asBoolean(true),
                error.isString() ? error.stringValue() : null,
                replicas -> {
                    String next = errors.poll();
                    return next == null || next.isEmpty() ? null : next;
                });
    }

    static List<Pass.Other> others(JsonNode others) {
        List<Pass.Other> list = new ArrayList<>();
        others.forEach(o ->
                list.add(
                        new Pass.Other(
                                o.path("name").asString(), o.path("selector").asString(""))));
        return list;
    }

    private static void check(JsonNode expected, Pass.Outcome outcome) {
        if (expected.path("desiredReplicas").isNumber()) {
            assertThat(outcome.status().desiredReplicas())
                    .as("desiredReplicas")
                    .isEqualTo(expected.path("desiredReplicas").asInt());
        }
        if (expected.has("scaledTo")) {
            assertThat(outcome.scaledTo())
                    .as("scaledTo")
                    .isEqualTo(VectorReader.integer(expected.path("scaledTo")));
        }
        if (expected.path("conditions").isArray()) {
            assertThat(
                            outcome.status().conditions().stream()
                                    .map(c -> c.type() + "=" + c.status() + " " + c.reason())
                                    .toList())
                    .as("conditions")
                    .isEqualTo(
                            expected.path("conditions")
                                    .valueStream()
                                    .map(c ->
                                            c.path("type").asString()
                                                    + "="
                                                    + c.path("status").asString()
                                                    + " "
                                                    + c.path("reason").asString())
                                    .toList());
        }
        if (expected.path("hasError").isBoolean()) {
            assertThat(outcome.error() != null)
                    .as("has an error: " + outcome.error())
                    .isEqualTo(expected.path("hasError").asBoolean());
        }
        if (expected.path("errorContains").isString()) {
            assertThat(outcome.error()).contains(expected.path("errorContains").asString());
        }
        text(expected, "action", outcome.action());
        text(expected, "errorLabel", outcome.errorLabel());
        expected.path("metricResults")
                .properties()
                .forEach(entry ->
                        assertThat(outcome.metricResults().get(entry.getKey()))
                                .as(entry.getKey())
                                .isEqualTo(
                                        new Pass.MetricResult(
                                                entry.getValue().path("action").asString(),
                                                entry.getValue().path("error").asString())));
        if (expected.path("cpuUtilization").isNumber()) {
            assertThat(outcome.status().currentMetrics())
                    .as("a metric with utilization")
                    .anyMatch(m ->
                            Integer.valueOf(expected.path("cpuUtilization").asInt())
                                    .equals(m.averageUtilization()));
        }
        events(expected, outcome);
        if (expected.path("noNegativeConditions").asBoolean(false)) {
            assertThat(outcome.status().conditions())
                    .noneMatch(c ->
                            c.status().equals("False")
                                    && (c.type().equals("AbleToScale")
                                            || c.type().equals("ScalingActive")));
        }
    }

    /** What vectors from the oracle say beyond SCHEMA.md: every text, every time, and what is remembered. */
    private static void closely(VectorReader reader, JsonNode expected, Pass.Outcome outcome) {
        Autoscaler.Status status = outcome.status();
        if (expected.path("currentReplicas").isNumber()) {
            assertThat(status.currentReplicas())
                    .isEqualTo(expected.path("currentReplicas").asInt());
        }
        if (expected.has("lastScaleTime")) {
            JsonNode at = expected.path("lastScaleTime");
            assertThat(status.lastScaleTime())
                    .as("lastScaleTime")
                    .isEqualTo(at.isNumber() ? Long.valueOf(reader.time(at)) : null);
        }
        if (expected.path("conditions").path(0).has("message")) {
            assertThat(status.conditions())
                    .as("conditions, with messages and times")
                    .isEqualTo(reader.status(expected).conditions());
        }
        if (expected.path("currentMetrics").isArray()) {
            assertThat(status.currentMetrics().stream().map(Sequences::metric).toList())
                    .isEqualTo(
                            expected.path("currentMetrics")
                                    .valueStream()
                                    .map(Sequences::metric)
                                    .toList());
        }
        if (expected.path("events").isArray()) {
            assertThat(outcome.events().stream().map(Reconciled::text).toList())
                    .isEqualTo(
                            expected.path("events").valueStream().map(Reconciled::text).toList());
        }
        if (expected.path("history").isObject()) {
            assertThat(outcome.history())
                    .as("history")
                    .isEqualTo(reader.history(expected.path("history")));
        }
    }

    private static String text(Pass.Event event) {
        return (event.warning() ? "Warning " : "Normal ") + event.reason() + ": " + event.message();
    }

    private static String text(JsonNode event) {
        return event.path("type").asString()
                + " "
                + event.path("reason").asString()
                + ": "
                + event.path("message").asString();
    }

    private static void events(JsonNode expected, Pass.Outcome outcome) {
        if (expected.has("rescaleEventMessage")) {
            JsonNode message = expected.path("rescaleEventMessage");
            assertThat(
                            outcome.events().stream()
                                    .filter(e -> e.reason().equals("SuccessfulRescale"))
                                    .map(Pass.Event::message)
                                    .toList())
                    .isEqualTo(message.isString() ? List.of(message.stringValue()) : List.of());
        }
        if (expected.path("eventReasons").isArray()) {
            assertThat(outcome.events().stream().map(Pass.Event::reason).toList())
                    .isEqualTo(
                            expected.path("eventReasons")
                                    .valueStream()
                                    .map(JsonNode::asString)
                                    .toList());
        }
    }

    private static void text(JsonNode expected, String key, String found) {
        if (expected.path(key).isString()) {
            assertThat(found).as(key).isEqualTo(expected.path(key).asString());
        }
    }
}
