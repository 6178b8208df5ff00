package dev.headroom.cluster.controller;

import dev.headroom.autoscaler.Autoscaler;
import dev.headroom.autoscaler.Condition;
import dev.headroom.autoscaler.MetricSpec;
import dev.headroom.autoscaler.MetricStatus;
import dev.headroom.autoscaler.Quantity;
import dev.headroom.autoscaler.Settings;
import dev.headroom.cluster.informer.Trees;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The status of an autoscaler as it stands in the object. */
final class AutoscalerStatus {
    private AutoscalerStatus() {}

    static ObjectNode tree(Autoscaler.Status status) {
        ObjectNode tree = Trees.object();
        tree.put("currentReplicas", status.currentReplicas());
        tree.put("desiredReplicas", status.desiredReplicas());
        if (status.lastScaleTime() != null) {
            tree.put("lastScaleTime", time(status.lastScaleTime()));
        }
        if (status.currentMetrics().isEmpty()) {
            tree.putNull("currentMetrics");
        } else {
            ArrayNode metrics = tree.putArray("currentMetrics");
            status.currentMetrics().forEach(metric -> metrics.add(metric(metric)));
        }
        ArrayNode conditions = tree.putArray("conditions");
        for (Condition condition : status.conditions()) {
            ObjectNode written = conditions.addObject();
            written.put("type", condition.type()).put("status", condition.status());
            if (condition.lastTransition() > Settings.ZERO_TIME) {
                written.put("lastTransitionTime", time(condition.lastTransition()));
            } else {
                written.putNull("lastTransitionTime");
            }
            written.put("reason", condition.reason()).put("message", condition.message());
        }
        return tree;
    }

    private static String time(long micros) {
        return Trees.time(Instant.ofEpochSecond(Math.floorDiv(micros, Settings.SECOND)));
    }

    private static ObjectNode metric(MetricStatus status) {
        ObjectNode tree = Trees.object().put("type", status.type());
        switch (status.spec()) {
            case null -> {}
            case MetricSpec.Resource m -> {
                ObjectNode source = tree.putObject("resource").put("name", m.name());
                source.set("current", current(status, m.name()));
            }
            case MetricSpec.ContainerResource m -> {
                ObjectNode source = tree.putObject("containerResource").put("name", m.name());
                source.put("container", m.container());
                source.set("current", current(status, m.name()));
            }
            case MetricSpec.Pods m -> {
                ObjectNode source = tree.putObject("pods");
                source.putObject("metric").put("name", m.metric());
                source.set("current", current(status, ""));
            }
            case MetricSpec.ObjectMetric m -> {
                ObjectNode source = tree.putObject("object");
                identify(source, m.metric(), m.selector());
                source.putObject("describedObject").put("kind", m.kind()).put("name", m.name());
                source.set("current", current(status, ""));
            }
            case MetricSpec.External m -> {
                ObjectNode source = tree.putObject("external");
                identify(source, m.metric(), m.selector());
                source.set("current", current(status, ""));
            }
            case MetricSpec.Unknown m -> {}
        }
        return tree;
    }

    private static void identify(
            ObjectNode source, String name, @Nullable Map<String, String> selector) {
        ObjectNode metric = source.putObject("metric").put("name", name);
        if (selector != null) {
            ObjectNode labels = metric.putObject("selector").putObject("matchLabels");
            selector.forEach(labels::put);
        }
    }

    private static ObjectNode current(MetricStatus status, String resource) {
        ObjectNode current = Trees.object();
        if (status.averageUtilization() != null) {
            current.put("averageUtilization", status.averageUtilization().intValue());
        }
        if (status.averageValue() != null) {
            current.put("averageValue", Quantity.ofResource(resource, status.averageValue()));
        }
        if (status.value() != null) {
            current.put("value", Quantity.ofResource(resource, status.value()));
        }
        return current;
    }
}
