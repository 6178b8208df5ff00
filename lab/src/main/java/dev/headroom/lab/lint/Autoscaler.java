package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A HorizontalPodAutoscaler of any version, read alike. */
record Autoscaler(Manifest object) {
    /** What is aimed at where none is named: the API server's default. */
    private static final int DEFAULT_UTILIZATION = 80;

    /**
     * One metric of it.
     *
     * @param type {@code Resource}, {@code ContainerResource}, {@code Pods}, {@code Object} or {@code External}
     * @param resource {@code cpu} or {@code memory}; empty for other types
     * @param container of a {@code ContainerResource}; else empty
     * @param target with {@code averageUtilization} or another
     * @param key where it stands
     */
    record Metric(String type, String resource, String container, JsonNode target, String key) {
        boolean ofRequest() {
            return target.path("averageUtilization").isNumber();
        }

        boolean counts(Workload.Container candidate) {
            return container.isEmpty() || container.equals(candidate.name());
        }
    }

    JsonNode spec() {
        return object.object().path("spec");
    }

    JsonNode reference() {
        return spec().path("scaleTargetRef");
    }

    String targetTitle() {
        return reference().path("kind").asString("?")
                + "/"
                + reference().path("name").asString("?");
    }

    int minReplicas() {
        return spec().path("minReplicas").asInt(1);
    }

    int maxReplicas() {
        return spec().path("maxReplicas").asInt(minReplicas());
    }

    List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        for (int i = 0; i < spec().path("metrics").size(); i++) {
            JsonNode metric = spec().path("metrics").path(i);
            String type = metric.path("type").asString("");
            String part =
                    type.isEmpty() ? "" : Character.toLowerCase(type.charAt(0)) + type.substring(1);
            JsonNode source = metric.path(part);
            boolean ofResource = type.equals("Resource") || type.equals("ContainerResource");
            metrics.add(
                    new Metric(
                            type,
                            ofResource ? source.path("name").asString("") : "",
                            source.path("container").asString(""),
                            source.path("target"),
                            "spec.metrics[" + i + "]." + part + ".target"));
        }
        if (metrics.isEmpty()) {
            String key = "targetCPUUtilizationPercentage";
            int percent = spec().path(key).asInt(DEFAULT_UTILIZATION);
            JsonNode target =
                    JsonNodeFactory.instance.objectNode().put("averageUtilization", percent);
            metrics.add(new Metric("Resource", "cpu", "", target, "spec." + key));
        }
        return metrics;
    }
}
