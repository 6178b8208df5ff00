package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The autoscaler has no metric to go by, and not only because pods are new. */
final class MetricsMissingRule implements Rule {
    private static final Pattern CONTAINER =
            Pattern.compile("missing request for \\S+ in container (\\S+)");

    @Override
    public Verdict verdict() {
        return Verdict.METRICS_MISSING;
    }

    @Override
    public Outcome on(Run run) {
        if (run.autoscaler() == null) {
            return Outcome.no();
        }
        List<SeenPass> blind =
                run.passes().stream()
                        .filter(p -> Boolean.FALSE.equals(p.active()))
                        .filter(p -> p.reason("ScalingActive").startsWith("FailedGet"))
                        .filter(p -> !isWaitingForFirstMetrics(run, p))
                        .filter(p -> !LeftOut.isBlinded(run, p))
                        .toList();
        if (blind.size() < Constants.PASSES) {
            return Lacking.watch(run, "HorizontalPodAutoscaler")
                    ? new Outcome.Lacks("the autoscaler's conditions")
                    : Outcome.no();
        }
        SeenPass last = blind.getLast();
        String reason = last.reason("ScalingActive");
        String message = last.message("ScalingActive");
        String container = container(message);
        if (container == null && Lacking.watch(run, "Pod")) {
            return new Outcome.Lacks("the statuses of pods, which may be new or unready");
        }
        return new Outcome.Fires(
                new Cause.MetricsMissing(reason, message, container, blind.size()),
                List.of(
                        new Evidence(
                                blind.getFirst().at(),
                                "ScalingActive is False in "
                                        + Text.counted(blind.size(), "pass", "passes")
                                        + " under load: "
                                        + message,
                                reason,
                                run.hpa() + " status.conditions[ScalingActive]")));
    }

    /** A new pod is without metrics for a window or two. */
    private static boolean isWaitingForFirstMetrics(Run run, SeenPass pass) {
        long normal = run.place().metricsWindowMillis() + run.place().syncMillis();
        for (String name : run.timeline().pods()) {
            JsonNode pod = run.timeline().at("Pod", name, pass.at());
            Long created = pod == null ? null : Kube.time(pod, "metadata", "creationTimestamp");
            if (created != null && run.place().there(pass.at()) - created < normal) {
                return !hasMissingRequest(pass);
            }
        }
        return false;
    }

    private static boolean hasMissingRequest(SeenPass pass) {
        return container(pass.message("ScalingActive")) != null;
    }

    private static @Nullable String container(String message) {
        Matcher matcher = CONTAINER.matcher(message);
        return matcher.find() ? matcher.group(1) : null;
    }
}
