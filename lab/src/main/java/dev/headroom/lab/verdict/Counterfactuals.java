package dev.headroom.lab.verdict;

import dev.headroom.lab.verdict.Cause.Fix;
import dev.headroom.lab.verdict.Latencies.Value;
import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one setting that would have changed a verdict, with its value: only what can be computed from the run. */
final class Counterfactuals {
    private Counterfactuals() {}

    static List<Counterfactual> of(Cause cause, Run run) {
        return switch (cause) {
            case Cause.Unsound c -> fix(c.fix(), true);
            case Cause.UnreadyUnderLoad c -> timeout(c, run);
            case Cause.TargetUnreachable c -> reachable(c, run);
            case Cause.AtMaximum c -> ReplicasNeeded.of(c, run);
            case Cause.WithoutGain c -> connectionAge(c);
            case Cause.TooLate c -> earlier(c, run);
            case Cause.NotScaled c -> fix(c.fix(), false);
            case Cause.Unclear c -> fix(c.fix(), true);
            // What would mend these is a thing to do, not a number to compute.
            case Cause.MetricsMissing c -> List.of();
            case Cause.Contested c -> List.of();
            case Cause.Missing c -> List.of();
            case Cause.Scaled c -> List.of();
            case Cause.Held c -> List.of();
        };
    }

    private static List<Counterfactual> fix(@Nullable Fix fix, boolean atLeast) {
        return fix == null
                ? List.of()
                : List.of(
                        new Counterfactual(
                                fix.setting(), fix.was(), fix.value(), atLeast, fix.why()));
    }

    /** A probe waits as long as any request: its timeout has to be above what requests took. */
    private static List<Counterfactual> timeout(Cause.UnreadyUnderLoad c, Run run) {
        Value slow = run.latencies().percentile(99);
        if (slow == null || slow.atLeast()) {
            slow = run.latencies().mean();
        }
        Double was = c.timeoutSeconds();
        if (slow == null || was == null || slow.millis() / 1e3 <= was) {
            return List.of();
        }
        long seconds = (long) Math.ceil(slow.millis() / 1e3);
        return List.of(
                new Counterfactual(
                        run.workload() + " readinessProbe.timeoutSeconds",
                        Text.number(was),
                        Text.number(seconds),
                        true,
                        "answers took "
                                + slow.words()
                                + " under this load, and a probe waits its turn as any request; "
                                + "at least, since a probe that fails now and then is enough to lose readiness"));
    }

    private static List<Counterfactual> reachable(Cause.TargetUnreachable c, Run run) {
        double above = 1 + run.place().tolerance();
        List<Counterfactual> settings = new ArrayList<>();
        int target = (int) Math.ceil(c.limitPercent() / above) - 1;
        if (target >= 1) {
            settings.add(
                    new Counterfactual(
                            run.hpa() + " target averageUtilization",
                            c.targetPercent() + " %",
                            target + " %",
                            false,
                            "at most: "
                                    + Text.percent(c.limitPercent() / 100)
                                    + " over the target has to exceed 1 and the tolerance of "
                                    + Text.number(run.place().tolerance())));
        }
        double limit = c.request() * c.targetPercent() / 100 * above;
        settings.add(
                new Counterfactual(
                        "CPU limit of a pod",
                        Text.cores(c.limit()),
                        Text.cores((Math.floor(limit * 1000 + 1e-6) + 1) / 1000),
                        true,
                        "requests of "
                                + Text.cores(c.request())
                                + " at "
                                + c.targetPercent()
                                + " % and the tolerance are "
                                + Text.cores(limit)
                                + ", which utilization has to exceed"));
        return settings;
    }

    /** New pods get their share once the old connections have ended: in time for a look at it. */
    private static List<Counterfactual> connectionAge(Cause.WithoutGain c) {
        double seconds = Math.floor(c.readySeconds() - Constants.LEAST_WINDOWS);
        return !c.pinned() || seconds < 1
                ? List.of()
                : List.of(
                        new Counterfactual(
                                "maximum age of a connection",
                                "more than " + Text.seconds(c.readySeconds()),
                                Text.seconds(seconds),
                                false,
                                "at most: the new pods were ready for "
                                        + Text.seconds(c.readySeconds())
                                        + " of the load, and "
                                        + Text.counted(Constants.LEAST_WINDOWS, "window", "windows")
                                        + " of them have to come after every old connection has ended"));
    }

    private static List<Counterfactual> earlier(Cause.TooLate c, Run run) {
        Double late = c.lateBySeconds();
        Integer enough = c.enough();
        if (late != null) {
            return List.of(
                    new Counterfactual(
                            "load duration",
                            Text.seconds(run.load().plan().durationSeconds()),
                            Text.seconds(Math.ceil(run.load().plan().durationSeconds() + late)),
                            true,
                            "a phase of "
                                    + Text.seconds(Constants.PHASE_MILLIS / 1e3)
                                    + " with the new pods ready"));
        }
        var autoscaler = run.autoscaler();
        return enough == null || autoscaler == null
                ? List.of()
                : List.of(
                        new Counterfactual(
                                run.hpa() + " spec.minReplicas",
                                String.valueOf(autoscaler.minReplicas()),
                                String.valueOf(enough),
                                false,
                                "with as many pods the thresholds held in the last phase, so there is nothing to wait for"));
    }
}
