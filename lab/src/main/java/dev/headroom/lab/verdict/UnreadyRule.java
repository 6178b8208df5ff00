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
 * <p>See {@link LeftOut} for when a pod's CPU counts for nothing; where it does count, this is not the cause.
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
        if (Lacking.watch(run, "Pod") || Lacking.watch(run, "HorizontalPodAutoscaler")) {
            return new Outcome.Lacks("the statuses of pods and the autoscaler's conditions");
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
        Lost lost = first.in(run.place());
        List<Blind> blind = new ArrayList<>();
        int unknown = 0;
        for (SeenPass pass : run.passes()) {
            boolean blinded = LeftOut.isBlinded(run, pass);
            if (pass.at() < lost.at() || !(blinded || asksForNoMore(run, pass))) {
                continue;
            }
            Integer would =
                    Passes.hadAllCounted(run.deployment(), run.timeline(), run.place(), pass);
            unknown += would == null && !blinded ? 1 : 0;
            // Where counting them would have changed nothing, they are not the cause.
            if (would == null ? blinded : would > pass.current()) {
                blind.add(new Blind(pass, would));
            }
        }
        if (blind.size() >= Constants.PASSES) {
            return fires(run, lost, blind);
        }
        return blind.size() + unknown >= Constants.PASSES
                ? new Outcome.Lacks("what the autoscaler would have asked for with those pods")
                : Outcome.no();
    }

    /** A pass that left pods out, and what it would have asked for with them. */
    private record Blind(SeenPass pass, @Nullable Integer would) {}

    private static boolean asksForNoMore(Run run, SeenPass pass) {
        return Boolean.TRUE.equals(pass.active())
                && Boolean.FALSE.equals(pass.asksForMore())
                && LeftOut.any(run, pass);
    }

    private static Outcome fires(Run run, Lost lost, List<Blind> blind) {
        JsonNode probe = Pods.probe(lost.object());
        String words = probe == null ? "the readiness probe" : Pods.words(probe);
        SeenPass last = blind.getLast().pass();
        Integer would = blind.getLast().would();
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
                        blind.getFirst().pass().at(),
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
