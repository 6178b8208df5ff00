package dev.headroom.lab.verdict;

import java.time.Instant;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Recordings in another time: slower by a factor, or at another hour. */
final class Slower {
    /** Amounts of time: what a counter of seconds has counted takes as much longer as all else. */
    private static final Set<String> AMOUNTS =
            Set.of(
                    "cpuSeconds",
                    "throttledSeconds",
                    "runQueueSeconds",
                    "busySeconds",
                    "stealSeconds",
                    "labSeconds",
                    "durationSeconds",
                    "timeoutSeconds",
                    "mean",
                    "min",
                    "stdev",
                    "max",
                    "p50",
                    "p75",
                    "p90",
                    "p95",
                    "p99",
                    "p99.9",
                    "lagP99Millis");

    private static final Set<String> PERIODS =
            Set.of(
                    "syncPeriodSeconds",
                    "metricsWindowSeconds",
                    "downscaleStabilizationSeconds",
                    "cpuInitializationPeriodSeconds",
                    "initialReadinessDelaySeconds");

    private final long start;
    private final double factor;

    private Slower(long start, double factor) {
        this.start = start;
        this.factor = factor;
    }

    static Recording by(Recording run, double factor) {
        Slower slower = new Slower(run.start(), factor);
        run.lines().forEach(slower::all);
        slower.all(run.load());
        slower.all(run.deployment());
        for (JsonNode setting : run.deployment().path("settings")) {
            if (PERIODS.contains(setting.path("name").asString())) {
                double seconds = Double.parseDouble(setting.path("value").asString());
                ((ObjectNode) setting).put("value", String.valueOf(seconds * factor));
            }
        }
        Recording.object(run.load(), "plan").remove("ratePerSecond");
        double rate = run.load().path("windows").path(0).path("due").asDouble() / factor;
        if (!run.load().path("windows").isEmpty()) {
            Recording.object(run.load(), "plan").put("ratePerSecond", rate);
        }
        return run;
    }

    static Recording shift(Recording run, long millis) {
        Slower shifted = new Slower(run.start(), 1);
        shifted.by = millis;
        run.lines().forEach(shifted::all);
        shifted.all(run.load());
        shifted.all(run.deployment());
        return run;
    }

    private long by;

    private void all(JsonNode node) {
        if (node instanceof ArrayNode items) {
            items.forEach(this::all);
        }
        if (!(node instanceof ObjectNode object)) {
            return;
        }
        for (String name : object.propertyNames().stream().toList()) {
            JsonNode value = object.path(name);
            if (value.isNumber()) {
                number(object, name, value);
            } else if (value.isString()) {
                text(object, name, value.stringValue());
            } else {
                all(value);
            }
        }
    }

    private void number(ObjectNode object, String name, JsonNode value) {
        if (Set.of("at", "start", "end", "from", "to").contains(name)) {
            object.put(name, instant(value.asLong()));
        } else if (AMOUNTS.contains(name)) {
            object.put(name, value.asDouble() * factor);
        } else if (name.equals("cpuCores")) {
            object.put(name, value.asDouble());
        }
    }

    private void text(ObjectNode object, String name, String text) {
        if (name.equals("window")) {
            Long micros = Kube.microseconds(text);
            if (micros != null) {
                object.put(name, micros * factor / 1e6 + "s");
            }
        } else if (text.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z")) {
            object.put(
                    name,
                    Instant.ofEpochMilli(instant(Instant.parse(text).toEpochMilli())).toString());
        }
    }

    private long instant(long at) {
        return start + by + Math.round((at - start) * factor);
    }
}
