package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.verdict.Counters.Growth;
import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The maximum that would not have been reached: exact where the demand is known (a constant rate), else the least that can be said. */
final class ReplicasNeeded {
    private ReplicasNeeded() {}

    static List<Counterfactual> of(Cause.AtMaximum c, Run run) {
        Phase phase = c.phase();
        Double x = phase.throughput();
        Double one = x == null || phase.size() == 0 ? null : Double.valueOf(x / phase.size());
        String setting = run.hpa() + " spec.maxReplicas";
        Double rate = run.load().plan().ratePerSecond();
        if (rate != null && one != null && one > 0) {
            return List.of(forRate(c, run, rate, one, setting));
        }
        Integer asked = c.asked();
        if (asked == null) {
            return List.of();
        }
        return List.of(
                new Counterfactual(
                        setting,
                        String.valueOf(c.max()),
                        String.valueOf(asked),
                        true,
                        "what the autoscaler asked for at this utilization; at least, since the CPU of saturated pods can't exceed their limits"
                                + (run.isClosedLoop()
                                        ? ", and in a closed loop clients wait for their answers, so that the demand is unknown"
                                        : "")
                                + (one == null ? "" : "; one pod saturates at " + Text.rate(one))));
    }

    private static Counterfactual forRate(
            Cause.AtMaximum c, Run run, double rate, double one, String setting) {
        int carry = (int) Math.ceil(rate / one - 1e-9);
        Double cores = coresPerAnswer(run, c.phase(), one * c.phase().size());
        DeploymentRecord.Autoscaler autoscaler = run.autoscaler();
        Integer target = autoscaler == null ? null : autoscaler.cpuTargetPercent();
        Double request = request(run);
        int needed = carry;
        String why =
                "the least n for which n times the "
                        + Text.rate(one)
                        + " of one saturated pod carries "
                        + Text.rate(rate)
                        + " is "
                        + carry;
        if (cores != null && target != null && request != null) {
            int settled = (int) Math.ceil(rate * cores / (request * target / 100.0) - 1e-9);
            needed = Math.max(carry, settled);
            why +=
                    "; at "
                            + Text.number(cores * 1e6)
                            + " µs of CPU an answer the target of "
                            + target
                            + " % asks for "
                            + settled;
        }
        return new Counterfactual(
                setting, String.valueOf(c.max()), String.valueOf(needed), false, why);
    }

    /** Null where a pod's CPU is unknown. */
    private static @Nullable Double coresPerAnswer(Run run, Phase phase, double throughput) {
        var samples = run.timeline().samples(phase.settled(), phase.end());
        double cores = 0;
        for (PodShare pod : phase.pods()) {
            Growth cpu = Counters.growth(samples, pod.pod(), p -> p.cpuSeconds());
            if (cpu == null) {
                return null;
            }
            cores += cpu.perSecond();
        }
        return cores / throughput;
    }

    private static @Nullable Double request(Run run) {
        double sum = 0;
        for (DeploymentRecord.Container container : run.deployment().target().containers()) {
            Double request = container.cpuRequestCores();
            if (request == null) {
                return null;
            }
            sum += request;
        }
        return sum <= 0 ? null : Double.valueOf(sum);
    }
}
