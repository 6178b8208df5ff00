package dev.headroom.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Vectors of what the real controller decided, pass after pass, in one world. */
final class Sequences {
    private static final Pattern ANY_POD = Pattern.compile("of Pod \\S+");

    private Sequences() {}

    static void check(JsonNode vector) {
        Settings settings = VectorReader.settings(vector);
        History history = History.NEVER_SEEN;
        Autoscaler.Status status = Autoscaler.Status.NEW;
        JsonNode hpa = null;
        int number = 0;
        for (JsonNode step : vector.path("steps")) {
            number++;
            hpa = step.path("hpa").isObject() ? step.path("hpa") : hpa;
            long now = VectorReader.micros(1_700_000_000.0 + step.path("at").asDouble());
            VectorReader reader = new VectorReader(now);
            Pass.Outcome outcome =
                    Pass.run(
                            new Pass.Input(
                                    reader.autoscaler(
                                            java.util.Objects.requireNonNull(hpa), status),
                                    Reconciled.scale(step.path("scale")),
                                    Reconciled.others(step.path("otherHpas")),
                                    reader.pods(step.path("pods")),
                                    reader.metrics(step),
                                    history,
                                    settings,
                                    now));
            String place = vector.path("id").asString() + " step " + number;
            assertThat(told(outcome)).as(place).isEqualTo(expected(step.path("expected")));
            history = outcome.history();
            status = outcome.status();
        }
    }

    private static Map<String, @Nullable Object> expected(JsonNode expected) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("desiredReplicas", expected.path("desiredReplicas").asInt());
        told.put("currentReplicas", expected.path("currentReplicas").asInt());
        told.put("scaledTo", VectorReader.integer(expected.path("scaledTo")));
        List<String> conditions = new ArrayList<>();
        for (JsonNode c : expected.path("conditions")) {
            conditions.add(
                    text(
                            c.path("type").asString(),
                            c.path("status").asString(),
                            c.path("reason").asString(),
                            c.path("message").asString()));
        }
        told.put("conditions", conditions);
        List<String> metrics = new ArrayList<>();
        for (JsonNode m : expected.path("currentMetrics")) {
            metrics.add(metric(m));
        }
        told.put("currentMetrics", metrics);
        return told;
    }

    private static Map<String, @Nullable Object> told(Pass.Outcome outcome) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("desiredReplicas", outcome.status().desiredReplicas());
        told.put("currentReplicas", outcome.status().currentReplicas());
        told.put("scaledTo", outcome.scaledTo());
        told.put(
                "conditions",
                outcome.status().conditions().stream()
                        .map(c -> text(c.type(), c.status(), c.reason(), c.message()))
                        .toList());
        told.put(
                "currentMetrics",
                outcome.status().currentMetrics().stream()
                        .filter(m -> !m.type().isEmpty())
                        .map(Sequences::metric)
                        .toList());
        return told;
    }

    private static String text(String type, String status, String reason, String message) {
        String any = ANY_POD.matcher(message).replaceAll("of Pod <any>");
        return type + "=" + status + " " + reason + ": " + any;
    }

    static String metric(JsonNode status) {
        return metric(
                status.path("type").asString(""),
                VectorReader.integer(status.path("averageUtilization")),
                VectorReader.amount(status.path("averageValueMilli")),
                VectorReader.amount(status.path("valueMilli")));
    }

    static String metric(MetricStatus status) {
        return metric(
                status.type(), status.averageUtilization(), status.averageValue(), status.value());
    }

    private static String metric(
            String type,
            @Nullable Integer utilization,
            @Nullable Long average,
            @Nullable Long value) {
        return type + ": " + utilization + " %, average " + average + ", value " + value;
    }
}
