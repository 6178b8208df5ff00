package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.observe.Observation.Change;
import dev.headroom.lab.observe.Observation.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The CPU utilization that the autoscaler's own status told, from moment to moment.
 *
 * @param history of the HorizontalPodAutoscaler
 * @param why it is unknown, where it is
 */
record Utilization(List<Change> history, String why) {

    static Utilization of(DeploymentRecord deployment, Seen seen) {
        DeploymentRecord.Autoscaler autoscaler = deployment.target().autoscaler();
        if (autoscaler == null) {
            return new Utilization(
                    List.of(),
                    "no HorizontalPodAutoscaler targets the " + deployment.target().kind());
        }
        List<Change> history =
                seen.changesOf("HorizontalPodAutoscaler").stream()
                        .filter(c -> c.name().equals(autoscaler.name()))
                        .toList();
        String why =
                autoscaler.cpuTargetPercent() == null
                        ? "the HorizontalPodAutoscaler has no target for the utilization of CPU"
                        : seen.why(
                                "the HorizontalPodAutoscaler's status told none",
                                "watch of HorizontalPodAutoscaler");
        return new Utilization(history, why);
    }

    List<@Nullable Double> seen(List<Sample> samples) {
        return at(samples, Utilization::current);
    }

    List<@Nullable Double> target(List<Sample> samples) {
        return at(samples, hpa -> percent(hpa.path("spec").path("metrics"), "target"));
    }

    private List<@Nullable Double> at(
            List<Sample> samples, Function<JsonNode, @Nullable Double> field) {
        List<@Nullable Double> values = new ArrayList<>();
        int next = 0;
        Double value = null;
        for (Sample sample : samples) {
            while (next < history.size() && history.get(next).at() <= sample.at()) {
                Change change = history.get(next++);
                value = change.change().equals("DELETED") ? null : field.apply(change.object());
            }
            values.add(value);
        }
        return values;
    }

    /** A pass that fails leaves the metrics of an earlier one in the status: they are not what it saw. */
    private static @Nullable Double current(JsonNode hpa) {
        for (JsonNode condition : hpa.path("status").path("conditions")) {
            if (Seen.text(condition, "type").equals("ScalingActive")
                    && !Seen.text(condition, "status").equals("True")) {
                return null;
            }
        }
        return percent(hpa.path("status").path("currentMetrics"), "current");
    }

    private static @Nullable Double percent(JsonNode metrics, String which) {
        for (JsonNode metric : metrics) {
            for (String source : List.of("resource", "containerResource")) {
                JsonNode resource = metric.path(source);
                Integer percent = Seen.whole(resource, which, "averageUtilization");
                if (percent != null && Seen.text(resource, "name").equals("cpu")) {
                    return percent.doubleValue();
                }
            }
        }
        return null;
    }
}
