package dev.headroom.lab.verdict;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Kubernetes objects as JSON trees: the few fields that the rules read. */
final class Kube {
    private static final Pattern GO_DURATION = Pattern.compile("([0-9.]+)(h|ms|us|µs|ns|m|s)");

    private Kube() {}

    static JsonNode at(JsonNode node, String... path) {
        JsonNode found = node;
        for (String key : path) {
            found = found.path(key);
        }
        return found;
    }

    /** Empty where it is missing. */
    static String text(JsonNode node, String... path) {
        return at(node, path).asString("");
    }

    static @Nullable Integer whole(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isNumber() ? Integer.valueOf(found.asInt()) : null;
    }

    /** Milliseconds since the epoch; null where it is no time. */
    static @Nullable Long time(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        try {
            return found.isString() ? Instant.parse(found.stringValue()).toEpochMilli() : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    static @Nullable JsonNode condition(JsonNode object, String type) {
        for (JsonNode condition : at(object, "status", "conditions")) {
            if (text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return null;
    }

    static boolean isCondition(JsonNode object, String type, String status) {
        JsonNode condition = condition(object, type);
        return condition != null && text(condition, "status").equals(status);
    }

    static boolean isReady(JsonNode pod) {
        return isCondition(pod, "Ready", "True");
    }

    static boolean isDeleted(JsonNode object) {
        return at(object, "metadata", "deletionTimestamp").isString();
    }

    static boolean isRunning(JsonNode pod) {
        for (JsonNode container : at(pod, "status", "containerStatuses")) {
            if (!container.path("state").path("running").isObject()) {
                return false;
            }
        }
        return at(pod, "status", "containerStatuses").size() > 0;
    }

    static int restarts(JsonNode pod) {
        int sum = 0;
        for (JsonNode container : at(pod, "status", "containerStatuses")) {
            sum += container.path("restartCount").asInt(0);
        }
        return sum;
    }

    /** A duration as Go writes it, {@code 14.02s} or {@code 1m0s}, in microseconds; null where it is none. */
    static @Nullable Long microseconds(String text) {
        Matcher part = GO_DURATION.matcher(text);
        double sum = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            double unit =
                    switch (part.group(2)) {
                        case "h" -> 3600e6;
                        case "m" -> 60e6;
                        case "s" -> 1e6;
                        case "ms" -> 1e3;
                        case "ns" -> 1e-3;
                        default -> 1;
                    };
            sum += Double.parseDouble(part.group(1)) * unit;
            end = part.end();
        }
        return end == 0 || end != text.length() ? null : Long.valueOf(Math.round(sum));
    }
}
