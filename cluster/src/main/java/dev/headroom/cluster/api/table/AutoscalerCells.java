package dev.headroom.cluster.api.table;

import dev.headroom.cluster.api.base.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The TARGETS column of autoscalers: {@code cpu: 35%/50%}. */
final class AutoscalerCells {
    private static final int SHOWN = 2;

    private AutoscalerCells() {}

    static String targets(JsonNode autoscaler) {
        List<String> all = new ArrayList<>();
        int i = 0;
        for (JsonNode metric : autoscaler.path("spec").path("metrics")) {
            all.add(target(metric, autoscaler.path("status").path("currentMetrics").path(i++)));
        }
        if (all.isEmpty()) {
            return "<none>";
        }
        String shown = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() > SHOWN ? shown + " + " + (all.size() - SHOWN) + " more..." : shown;
    }

    private static String target(JsonNode spec, JsonNode status) {
        return switch (Json.text(spec, "type")) {
            case "Resource" ->
                    resource(spec.path("resource"), status.path("resource").path("current"));
            case "ContainerResource" ->
                    resource(
                            spec.path("containerResource"),
                            status.path("containerResource").path("current"));
            case "Pods" ->
                    status.path("pods").path("current").path("averageValue").asString("<unknown>")
                            + "/"
                            + spec.path("pods").path("target").path("averageValue").asString("");
            case "Object" ->
                    valued(
                            spec.path("object").path("target"),
                            status.path("object").path("current"));
            case "External" ->
                    valued(
                            spec.path("external").path("target"),
                            status.path("external").path("current"));
            default -> "<unknown type>";
        };
    }

    private static String resource(JsonNode spec, JsonNode current) {
        JsonNode target = spec.path("target");
        String name = Json.text(spec, "name") + ": ";
        if (target.hasNonNull("averageValue")) {
            return name
                    + current.path("averageValue").asString("<unknown>")
                    + "/"
                    + target.path("averageValue").asString("");
        }
        JsonNode used = current.path("averageUtilization");
        JsonNode wanted = target.path("averageUtilization");
        return name
                + (used.isNumber() ? used.asInt() + "%" : "<unknown>")
                + "/"
                + (wanted.isNumber() ? wanted.asInt() + "%" : "<auto>");
    }

    private static String valued(JsonNode target, JsonNode current) {
        if (target.hasNonNull("averageValue")) {
            return current.path("averageValue").asString("<unknown>")
                    + "/"
                    + target.path("averageValue").asString("")
                    + " (avg)";
        }
        return current.path("value").asString("<unknown>")
                + "/"
                + target.path("value").asString("");
    }
}
