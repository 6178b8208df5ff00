package dev.headroom.lab.verdict;

import dev.headroom.lab.experiment.Threshold;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What more pods brought: in a closed loop the throughput of the last phase over that of the first, with a constant rate whether its last phase is back inside the
 * thresholds and without backlog.
 *
 * @param before the phase it is measured from; null where, with a constant rate, none is needed
 * @param ratio X2/X1; null with a constant rate
 * @param needed the ratio that is enough; null with a constant rate
 * @param enough null where it could not be told
 */
record Gain(
        @Nullable Phase before,
        Phase after,
        @Nullable Double ratio,
        @Nullable Double needed,
        @Nullable Boolean enough,
        List<Evidence> evidence) {

    /** Null where no phase with more pods is long enough. */
    static @Nullable Gain of(Run run) {
        Phase after = after(run);
        if (after == null) {
            return null;
        }
        return run.isClosedLoop() ? closed(run, after) : constant(run, after);
    }

    int from(Run run) {
        return before == null ? run.replicasAtStart() : before.size();
    }

    int to() {
        return after.size();
    }

    /** The last deciding phase with more pods than the load began with. */
    private static @Nullable Phase after(Run run) {
        Phase found = null;
        for (Phase phase : run.deciding()) {
            if (phase.size() > run.replicasAtStart()) {
                found = phase;
            }
        }
        return found;
    }

    /** The first phase with fewer pods that decides; where none does, one in which all pods were saturated for a few windows. */
    private static @Nullable Phase before(Run run, Phase after) {
        for (boolean strict : new boolean[] {true, false}) {
            for (Phase phase : run.phases()) {
                boolean fewer =
                        phase.size() > 0
                                && phase.size() < after.size()
                                && phase.start() < after.start();
                boolean enough =
                        strict
                                ? phase.decides()
                                : phase.windows() >= Constants.LEAST_WINDOWS_SATURATED
                                        && Boolean.TRUE.equals(phase.allSaturated());
                if (fewer && enough && phase.throughput() != null) {
                    return phase;
                }
            }
        }
        return null;
    }

    private static Gain closed(Run run, Phase after) {
        Phase before = before(run, after);
        Double x1 = before == null ? null : before.throughput();
        Double x2 = after.throughput();
        if (before == null || x1 == null || x2 == null || x1 <= 0) {
            return new Gain(before, after, null, null, null, List.of());
        }
        double ratio = x2 / x1;
        double needed = 1 + Constants.ENOUGH_GAIN * ((double) after.size() / before.size() - 1);
        List<Evidence> evidence =
                List.of(
                        throughput(run, before, x1),
                        throughput(run, after, x2),
                        new Evidence(
                                after.start(),
                                "throughput grew by the factor "
                                        + Text.number(ratio)
                                        + "; from "
                                        + before.size()
                                        + " to "
                                        + Text.counted(after.size(), "pod", "pods")
                                        + ", "
                                        + Text.number(needed)
                                        + " is enough"
                                        + (beyond(ratio, before, after)
                                                ? "; more than pods alone can give, so each was slower before than later (code that is still being compiled, caches that fill)"
                                                : ""),
                                Text.number(ratio),
                                "5-verdict.json phases"));
        return new Gain(before, after, ratio, needed, ratio >= needed, evidence);
    }

    /** A factor larger than that of the pods is no gain of theirs, and nobody should plan with it. */
    boolean isBeyondThePods() {
        return before != null && ratio != null && beyond(ratio, before, after);
    }

    private static boolean beyond(double ratio, Phase before, Phase after) {
        return ratio > Constants.BEYOND_THE_PODS * after.size() / before.size();
    }

    private static Evidence throughput(Run run, Phase phase, double x) {
        return new Evidence(
                phase.start(),
                Text.counted(phase.size(), "pod", "pods")
                        + " from "
                        + run.since(phase.start())
                        + " to "
                        + run.since(phase.end())
                        + ": "
                        + Text.rate(x)
                        + " good answers, the "
                        + (phase.bursts() ? "mean" : "median")
                        + " of "
                        + Text.counted(phase.windows(), "window", "windows")
                        + (phase.bursts() ? ", since they come in bursts" : ""),
                Text.rate(x),
                run.load().windows().isEmpty()
                        ? "4-observations.jsonl answers per pod"
                        : "3-load.json windows");
    }

    private static Gain constant(Run run, Phase after) {
        List<Window> windows =
                run.windows().stream()
                        .filter(w -> w.from() >= after.settled() && w.to() <= after.end())
                        .toList();
        List<Evidence> evidence = new ArrayList<>();
        Boolean inside = backlog(windows, after, evidence);
        for (Threshold threshold : run.experiment().expect().thresholds()) {
            if (!Thresholds.isLatency(threshold)) {
                continue;
            }
            long known =
                    windows.stream().filter(w -> Thresholds.holdsIn(w, threshold) != null).count();
            long held =
                    windows.stream()
                            .filter(w -> Boolean.TRUE.equals(Thresholds.holdsIn(w, threshold)))
                            .count();
            if (known == 0) {
                inside = Boolean.FALSE.equals(inside) ? inside : null;
                continue;
            }
            evidence.add(
                    new Evidence(
                            after.start(),
                            held
                                    + " of "
                                    + known
                                    + " windows of the last phase are inside "
                                    + threshold.metric().word()
                                    + " "
                                    + threshold.expression(),
                            held + " of " + known,
                            "3-load.json windows"));
            if (known - held >= Constants.HARM_WINDOWS) {
                inside = false;
            }
        }
        return new Gain(null, after, null, null, inside, evidence);
    }

    /** True where all that was due was answered; null where what was due is not known. */
    private static @Nullable Boolean backlog(
            List<Window> windows, Phase after, List<Evidence> evidence) {
        double due = 0;
        double good = 0;
        for (Window window : windows) {
            if (window.due() != null) {
                due += window.due();
                good += window.good();
            }
        }
        if (due <= 0) {
            return null;
        }
        double part = good / due;
        evidence.add(
                new Evidence(
                        after.start(),
                        Text.percent(part)
                                + " of the requests due in the last phase were answered in it",
                        Text.percent(part),
                        "3-load.json windows"));
        return part >= 1 - Constants.RATE_MISSED;
    }

    /** Pods that are in the last phase and were not there when the load began. */
    List<PodShare> added(Run run) {
        List<PodShare> added = new ArrayList<>();
        for (PodShare pod : after.pods()) {
            boolean before =
                    run.phases().stream()
                            .filter(p -> p.start() <= run.start() + 1000)
                            .anyMatch(p -> p.has(pod.pod()));
            if (!before) {
                added.add(pod);
            }
        }
        return added;
    }

    double fairShare() {
        return 1.0 / after.size();
    }

    /** The smallest share of the pods that were added; null where one is not known, or none was added. */
    @Nullable Double leastShare(Run run) {
        Double least = null;
        for (PodShare pod : added(run)) {
            if (pod.share() == null) {
                return null;
            }
            least = least == null ? pod.share() : Double.valueOf(Math.min(least, pod.share()));
        }
        return least;
    }
}
