package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** No pass asked for more than there was, and the thresholds held. */
final class HeldRule implements Rule {
    @Override
    public Verdict verdict() {
        return Verdict.HELD;
    }

    @Override
    public Outcome on(Run run) {
        if (Boolean.TRUE.equals(run.harm().overall()) || run.isTooShortToHold()) {
            return Outcome.no();
        }
        for (SeenPass pass : run.passes()) {
            if (Boolean.TRUE.equals(pass.asksForMore())) {
                return Outcome.no();
            }
        }
        if (run.harm().overall() == null) {
            return new Outcome.Lacks(Lacking.thresholds(run));
        }
        return run.autoscaler() == null ? withoutAutoscaler(run) : byPasses(run);
    }

    private static Outcome byPasses(Run run) {
        if (run.passes().stream().anyMatch(p -> p.asksForMore() == null)
                || run.passes().stream().filter(p -> sawLoad(run, p)).count() < Constants.PASSES) {
            return new Outcome.Lacks("what the autoscaler asked for in each pass");
        }
        Integer most = null;
        for (SeenPass pass : run.passes()) {
            Integer asked = pass.asked();
            most = asked != null && (most == null || asked > most) ? asked : most;
        }
        SeenPass last = run.passes().getLast();
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(
                new Evidence(
                        last.at(),
                        "in "
                                + Text.counted(run.passes().size(), "pass", "passes")
                                + " under load the autoscaler asked for "
                                + (most == null ? "no more than there was" : "at most " + most)
                                + ", with "
                                + Text.replicas(last.current())
                                + (last.utilization() == null
                                        ? ""
                                        : "; at the end CPU was at "
                                                + last.utilization()
                                                + " % of the request"),
                        most == null ? "no more" : String.valueOf(most),
                        most == null ? run.hpa() + " status" : "recomputed from metrics.k8s.io"));
        addThresholds(run, evidence);
        return new Outcome.Fires(
                new Cause.Held(last.current(), most, run.passes().size()), evidence);
    }

    /** Whether all of its metrics window lay within the load. */
    private static boolean sawLoad(Run run, SeenPass pass) {
        return pass.at() - run.start() >= run.place().metricsWindowMillis();
    }

    /** Without an autoscaler nothing is asked for: then pods that are not full, and thresholds, have to show it. */
    private static Outcome withoutAutoscaler(Run run) {
        Phase last = null;
        Boolean saturated = false;
        for (Phase phase : run.deciding()) {
            last = phase;
            Boolean any = phase.anySaturated();
            saturated = any == null || saturated == null ? null : Boolean.valueOf(saturated || any);
        }
        if (last == null || saturated == null) {
            return new Outcome.Lacks(Lacking.saturation());
        }
        if (saturated || run.experiment().expect().thresholds().isEmpty()) {
            return Outcome.no();
        }
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(
                new Evidence(
                        last.start(),
                        "there is no autoscaler, and no pod was saturated",
                        "not saturated",
                        "4-observations.jsonl pods.cpuSeconds"));
        addThresholds(run, evidence);
        return new Outcome.Fires(new Cause.Held(last.size(), null, 0), evidence);
    }

    private static void addThresholds(Run run, List<Evidence> evidence) {
        for (var threshold : run.thresholds()) {
            evidence.add(
                    new Evidence(
                            null,
                            "the threshold "
                                    + threshold.subject()
                                    + " "
                                    + threshold.expected()
                                    + " held: "
                                    + nullable(threshold.found()),
                            nullable(threshold.found()),
                            "3-load.json"));
        }
    }

    private static String nullable(@Nullable String text) {
        return text == null ? "unknown" : text;
    }
}
