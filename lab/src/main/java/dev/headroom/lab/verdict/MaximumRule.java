package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The autoscaler asks for more than its maximum, while every pod is full, and that does harm or left no room to scale at all. */
final class MaximumRule implements Rule {
    @Override
    public Verdict verdict() {
        return Verdict.BOTTLENECK_MAX_REPLICAS;
    }

    @Override
    public Outcome on(Run run) {
        if (run.autoscaler() == null || run.isTooShortToHold()) {
            return Outcome.no();
        }
        if (Lacking.watch(run, "HorizontalPodAutoscaler")) {
            return new Outcome.Lacks("the autoscaler's conditions");
        }
        List<SeenPass> above = limited(run);
        if (above.size() < Constants.PASSES) {
            return Outcome.no();
        }
        int max = above.getLast().max();
        Phase phase = atMaximum(run, above);
        Boolean saturated = phase == null ? null : phase.allSaturated();
        if (Boolean.FALSE.equals(saturated)) {
            return Outcome.no();
        }
        boolean possible = run.replicasAtStart() < max;
        Harm.InWindows windows = Harm.windows(run, above.getFirst().at(), run.end());
        List<Evidence> harm = new ArrayList<>(run.harm().evidence());
        if (windows.evidence() != null) {
            harm.add(windows.evidence());
        }
        if (possible && harm.isEmpty()) {
            return run.harm().overall() == null || windows.done() == null
                    ? new Outcome.Lacks(Lacking.thresholds(run))
                    : Outcome.no();
        }
        if (phase == null || saturated == null) {
            return new Outcome.Lacks(Lacking.saturation());
        }
        return fires(run, above, phase, possible, harm);
    }

    /** Passes at the maximum that asked for more than it. */
    static List<SeenPass> limited(Run run) {
        return run.passes().stream()
                .filter(p -> p.current() >= p.max() && Boolean.TRUE.equals(p.asksAboveMax()))
                .toList();
    }

    /** The last phase that decides and reaches into the passes. */
    private static @Nullable Phase atMaximum(Run run, List<SeenPass> above) {
        Phase found = null;
        for (Phase phase : run.deciding()) {
            if (phase.size() > 0 && phase.end() >= above.getFirst().at()) {
                found = phase;
            }
        }
        return found;
    }

    private static Outcome fires(
            Run run, List<SeenPass> above, Phase phase, boolean possible, List<Evidence> harm) {
        SeenPass most = most(above);
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(asked(run, above, most));
        above.stream()
                .filter(SeenPass::tooMany)
                .findFirst()
                .ifPresent(p ->
                        evidence.add(
                                new Evidence(
                                        p.at(),
                                        p.message("ScalingLimited"),
                                        "ScalingLimited=True, TooManyReplicas",
                                        run.hpa() + " status.conditions[ScalingLimited]")));
        evidence.add(TargetUnreachableRule.saturated(run, phase));
        if (!possible) {
            evidence.add(
                    new Evidence(
                            run.start(),
                            "no scale-out was possible: "
                                    + Text.replicas(run.replicasAtStart())
                                    + " when the load began, and the maximum is "
                                    + most.max(),
                            String.valueOf(most.max()),
                            run.hpa() + " spec.maxReplicas"));
        }
        evidence.addAll(harm);
        return new Outcome.Fires(
                new Cause.AtMaximum(most.max(), most.asked(), above.size(), possible, phase),
                evidence);
    }

    /** The pass that asked for the most. */
    static SeenPass most(List<SeenPass> passes) {
        SeenPass most = passes.getFirst();
        for (SeenPass pass : passes) {
            Integer best = most.asked();
            Integer asked = pass.asked();
            if (asked != null && (best == null || asked > best)) {
                most = pass;
            }
        }
        return most;
    }

    static Evidence asked(Run run, List<SeenPass> above, SeenPass most) {
        return new Evidence(
                most.at(),
                "at the maximum of "
                        + Text.replicas(most.max())
                        + " the autoscaler asked for "
                        + most.askedWords()
                        + (most.utilization() == null
                                ? ""
                                : " at " + most.utilization() + " % of the requested CPU")
                        + "; above the maximum in "
                        + Text.counted(above.size(), "pass", "passes"),
                most.askedWords(),
                most.asked() == null
                        ? run.hpa() + " status.conditions[ScalingLimited]"
                        : "recomputed from metrics.k8s.io");
    }
}
