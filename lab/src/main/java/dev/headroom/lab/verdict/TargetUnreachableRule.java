package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CPU can't exceed its limit, and at its limit the utilization is still no reason for more pods. */
final class TargetUnreachableRule implements Rule {
    @Override
    public Verdict verdict() {
        return Verdict.TARGET_UNREACHABLE;
    }

    @Override
    public Outcome on(Run run) {
        DeploymentRecord.Autoscaler autoscaler = run.autoscaler();
        Integer target = autoscaler == null ? null : autoscaler.cpuTargetPercent();
        if (autoscaler == null || target == null) {
            return Outcome.no();
        }
        Double request = sum(run, true);
        Double limit = sum(run, false);
        if (request == null || limit == null || request <= 0) {
            // Without a limit there is no bound, and without a request no utilization.
            return Outcome.no();
        }
        double percent = 100 * limit / request;
        double most = target * (1 + run.place().tolerance());
        if (percent > most + 1e-9 || !run.loadRises().isEmpty()) {
            return Outcome.no();
        }
        Phase full = null;
        boolean known = false;
        for (Phase phase : run.deciding()) {
            Boolean saturated = phase.allSaturated();
            known |= saturated != null;
            full = Boolean.TRUE.equals(saturated) ? phase : full;
        }
        if (full == null) {
            return known ? Outcome.no() : new Outcome.Lacks(Lacking.saturation());
        }
        return new Outcome.Fires(
                new Cause.TargetUnreachable(percent, target, request, limit),
                List.of(
                        new Evidence(
                                null,
                                "a pod may use "
                                        + Text.cores(limit)
                                        + " and requests "
                                        + Text.cores(request)
                                        + ": its utilization can't exceed "
                                        + Text.percent(percent / 100)
                                        + ", and only above "
                                        + Text.percent(most / 100)
                                        + " (the target of "
                                        + target
                                        + " % and its tolerance) would more be asked for",
                                Text.percent(percent / 100),
                                "2-deployment.json target.containers"),
                        saturated(run, full)));
    }

    /** Null where a container lacks it. */
    private static @Nullable Double sum(Run run, boolean requests) {
        double sum = 0;
        for (DeploymentRecord.Container container : run.deployment().target().containers()) {
            Double cores = requests ? container.cpuRequestCores() : container.cpuLimitCores();
            if (cores == null) {
                return null;
            }
            sum += cores;
        }
        return sum;
    }

    /** What shows that the pods of a phase are full. */
    static Evidence saturated(Run run, Phase phase) {
        StringBuilder each = new StringBuilder();
        for (PodShare pod : phase.pods()) {
            each.append(each.isEmpty() ? "" : "; ").append(pod.pod());
            if (pod.cpuOfLimit() != null) {
                each.append(" at ").append(Text.percent(pod.cpuOfLimit())).append(" of its limit");
            }
            if (pod.throttled() != null) {
                each.append(", throttled in ")
                        .append(Text.percent(pod.throttled()))
                        .append(" of its periods");
            }
        }
        Double cpu = phase.pods().getFirst().cpuOfLimit();
        return new Evidence(
                phase.start(),
                "every serving pod was saturated from "
                        + run.since(phase.start())
                        + " to "
                        + run.since(phase.end())
                        + ": "
                        + each,
                cpu == null ? "throttled" : Text.percent(cpu),
                "4-observations.jsonl pods.cpuSeconds, throttledPeriods");
    }
}
