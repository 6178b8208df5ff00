package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.Pods.Lost;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Pods lose their readiness under load, so that the autoscaler leaves them out and asks for no more.
 *
 * <p>An unready pod's CPU counts for nothing in its first minutes ({@code --horizontal-pod-autoscaler-cpu-initialization-period}); later it does, and then this is not the cause.
 */
final class UnreadyRule implements Rule {
    @Override
    public Verdict verdict() {
        return Verdict.UNREADY_UNDER_LOAD;
    }

    @Override
    public Outcome on(Run run) {
        if (run.autoscaler() == null) {
            return Outcome.no();
        }
        Lost first = null;
        for (String pod : run.timeline().pods()) {
            Lost lost = Pods.lost(run.timeline(), pod, run.start(), run.end());
            if (lost != null && (first == null || lost.at() < first.at())) {
                first = lost;
            }
        }
        if (first == null) {
            return Outcome.no();
        }
        Lost lost = first;
        List<SeenPass> blind =
                run.passes().stream()
                        .filter(p -> p.at() >= lost.at() && leavesOut(run, p))
                        .filter(p -> Boolean.FALSE.equals(p.active()) || !asksForMore(p))
                        .toList();
        if (blind.size() < Constants.PASSES) {
            return Outcome.no();
        }
        SeenPass last = blind.getLast();
        Integer would = Passes.hadAllCounted(run.deployment(), run.timeline(), run.place(), last);
        if (would != null && would <= last.current()) {
            // Counting them would have changed nothing.
            return Outcome.no();
        }
        return fires(run, lost, blind, would);
    }

    private static boolean asksForMore(SeenPass pass) {
        return Boolean.TRUE.equals(pass.asksForMore());
    }

    /** Whether a running pod that had been ready is left out in a pass, since it is unready and young. */
    private static boolean leavesOut(Run run, SeenPass pass) {
        for (String name : run.timeline().pods()) {
            JsonNode pod = run.timeline().at("Pod", name, pass.at());
            if (pod == null || Kube.isReady(pod) || Kube.isDeleted(pod) || !Kube.isRunning(pod)) {
                continue;
            }
            Long start = Kube.time(pod, "status", "startTime");
            Lost lost = Pods.lost(run.timeline(), name, run.start(), pass.at());
            if (lost != null
                    && start != null
                    && (pass.at() - start) / 1e3 < run.place().cpuInitializationSeconds()) {
                return true;
            }
        }
        return false;
    }

    private static Outcome fires(
            Run run, Lost lost, List<SeenPass> blind, @Nullable Integer would) {
        JsonNode probe = Pods.probe(lost.object());
        String words = probe == null ? "the readiness probe" : Pods.words(probe);
        SeenPass last = blind.getLast();
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(
                new Evidence(
                        lost.at(),
                        "pod "
                                + lost.pod()
                                + " lost its readiness "
                                + run.since(lost.at())
                                + " into the load, "
                                + Text.seconds(lost.ageSeconds())
                                + " old; it has "
                                + words,
                        "Ready=False",
                        "Pod/" + lost.pod() + " status.conditions"));
        run.timeline().events().stream()
                .filter(e -> e.reason().equals("Unhealthy") && e.name().equals(lost.pod()))
                .filter(e -> e.at() > run.start() && e.message().startsWith("Readiness"))
                .findFirst()
                .ifPresent(e ->
                        evidence.add(
                                new Evidence(
                                        e.at(),
                                        e.message(),
                                        "Unhealthy",
                                        "Event of Pod/" + lost.pod())));
        evidence.add(
                new Evidence(
                        blind.getFirst().at(),
                        "in "
                                + Text.counted(blind.size(), "pass", "passes")
                                + " the autoscaler left out unready pods younger than "
                                + Text.seconds(run.place().cpuInitializationSeconds())
                                + " and "
                                + (Boolean.FALSE.equals(last.active())
                                        ? "had no metrics: " + last.message("ScalingActive")
                                        : "asked for " + last.askedWords()),
                        Boolean.FALSE.equals(last.active())
                                ? last.reason("ScalingActive")
                                : last.askedWords(),
                        run.hpa() + " status.conditions[ScalingActive]"));
        if (would != null) {
            evidence.add(
                    new Evidence(
                            last.at(),
                            "had it counted them it would have asked for " + would,
                            String.valueOf(would),
                            "recomputed from metrics.k8s.io"));
        }
        return new Outcome.Fires(
                new Cause.UnreadyUnderLoad(
                        lost.pod(),
                        words,
                        probe == null
                                ? null
                                : Double.valueOf(probe.path("timeoutSeconds").asInt(1)),
                        lost.ageSeconds(),
                        blind.size(),
                        last.current(),
                        would),
                evidence);
    }
}
