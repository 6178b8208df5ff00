package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.Cause.Fix;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** More was asked for, or needed, there was room below the maximum, and yet the replicas did not rise. */
final class NotScaledRule implements Rule {
    @Override
    public Verdict verdict() {
        return Verdict.NOT_SCALED;
    }

    @Override
    public Outcome on(Run run) {
        boolean rose = run.rises().stream().anyMatch(r -> !Boolean.FALSE.equals(r.onLoad()));
        if (rose || run.isTooShortToHold()) {
            return Outcome.no();
        }
        if (Lacking.watch(run, "workload")) {
            return new Outcome.Lacks("the changes of " + run.workload());
        }
        if (run.autoscaler() == null) {
            return needed(run, "no HorizontalPodAutoscaler scales " + run.workload());
        }
        if (Lacking.watch(run, "HorizontalPodAutoscaler")) {
            return new Outcome.Lacks("the autoscaler's conditions");
        }
        if (run.passes().isEmpty()) {
            return run.replicasAtStart() < run.autoscaler().maxReplicas()
                    ? needed(run, "no controller has decided anything for " + run.hpa())
                    : Outcome.no();
        }
        List<SeenPass> unanswered =
                run.passes().stream()
                        .filter(p -> Boolean.TRUE.equals(p.asksForMore()) && p.current() < p.max())
                        .toList();
        return unanswered.size() < Constants.PASSES ? Outcome.no() : asked(run, unanswered);
    }

    private static Outcome asked(Run run, List<SeenPass> unanswered) {
        SeenPass most = MaximumRule.most(unanswered);
        Why why = why(run, unanswered.getLast());
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(
                new Evidence(
                        most.at(),
                        "in "
                                + Text.counted(unanswered.size(), "pass", "passes")
                                + " the autoscaler asked for "
                                + most.askedWords()
                                + ", with "
                                + Text.replicas(most.current())
                                + " and a maximum of "
                                + most.max(),
                        most.askedWords(),
                        most.asked() == null
                                ? run.hpa() + " status"
                                : "recomputed from metrics.k8s.io"));
        evidence.add(why.evidence());
        return new Outcome.Fires(
                new Cause.NotScaled(most.current(), most.asked(), why.words(), why.fix()),
                evidence);
    }

    private record Why(String words, Evidence evidence, @Nullable Fix fix) {}

    private static Why why(Run run, SeenPass pass) {
        if (pass.isMissed()) {
            return new Why(
                    "its controller is silent: the status did not follow the metrics",
                    evidence(
                            pass,
                            run,
                            "status.currentMetrics",
                            Passes.reported(pass.hpa())
                                    + " %, where the metrics give "
                                    + pass.utilization()
                                    + " %"),
                    null);
        }
        JsonNode up = Kube.at(pass.hpa(), "spec", "behavior", "scaleUp");
        if (Kube.text(up, "selectPolicy").equals("Disabled")) {
            return new Why(
                    "scaling up is disabled",
                    evidence(pass, run, "spec.behavior.scaleUp.selectPolicy", "Disabled"),
                    null);
        }
        String able = pass.reason("AbleToScale");
        if (Kube.isCondition(pass.hpa(), "AbleToScale", "False")) {
            return new Why(
                    "the autoscaler could not scale: " + pass.message("AbleToScale"),
                    evidence(pass, run, "status.conditions[AbleToScale]", able),
                    null);
        }
        if (able.equals("ScaleUpStabilized")) {
            Integer window = Kube.whole(up, "stabilizationWindowSeconds");
            double time =
                    run.seconds() - run.place().metricsWindowSeconds() - run.place().syncSeconds();
            double rest = Math.floor(time - Constants.PHASE_MILLIS / 1e3);
            return new Why(
                    "recent recommendations were lower, and a rise is held back by its stabilisation window",
                    evidence(pass, run, "status.conditions[AbleToScale]", able),
                    window == null || rest < 0 || rest >= window
                            ? null
                            : new Fix(
                                    run.hpa() + " spec.behavior.scaleUp.stabilizationWindowSeconds",
                                    String.valueOf(window),
                                    Text.number(rest),
                                    "at most: the load of "
                                            + Text.seconds(run.seconds())
                                            + " less a metrics window, a sync period and a phase"));
        }
        if (pass.reason("ScalingLimited").equals("ScaleUpLimit")) {
            return new Why(
                    "the scale-up policy allows no more in its period",
                    evidence(pass, run, "status.conditions[ScalingLimited]", "ScaleUpLimit"),
                    null);
        }
        return new Why(
                "the replicas did not follow",
                evidence(pass, run, "status.desiredReplicas", String.valueOf(pass.desired())),
                null);
    }

    private static Evidence evidence(SeenPass pass, Run run, String field, String value) {
        return new Evidence(pass.at(), field + " is " + value, value, run.hpa() + " " + field);
    }

    /** Where nobody asks, pods that are full or thresholds that are broken show that more was needed. */
    private static Outcome needed(Run run, String why) {
        Phase full = null;
        boolean known = false;
        for (Phase phase : run.deciding()) {
            Boolean saturated = phase.allSaturated();
            known |= saturated != null;
            full = Boolean.TRUE.equals(saturated) ? phase : full;
        }
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(new Evidence(null, why, "none", "2-deployment.json target.autoscaler"));
        evidence.addAll(run.harm().evidence());
        if (full != null) {
            evidence.add(TargetUnreachableRule.saturated(run, full));
        }
        if (evidence.size() > 1) {
            return new Outcome.Fires(
                    new Cause.NotScaled(run.replicasAtStart(), null, why, null), evidence);
        }
        return known ? Outcome.no() : new Outcome.Lacks(Lacking.saturation());
    }
}
