package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pods came, and brought something, but not before harm was done; or they came so late that nothing can be seen of it. */
final class TooLateRule implements Rule {
    @Override
    public Verdict verdict() {
        return Verdict.SCALED_TOO_LATE;
    }

    @Override
    public Outcome on(Run run) {
        List<Rise> rises = run.loadRises();
        if (rises.isEmpty()) {
            return Outcome.no();
        }
        if (run.reachesOnePod()) {
            return new Outcome.Lacks(Lacking.wayIn());
        }
        Gain gain = Gain.of(run);
        if (gain == null) {
            return withoutPhase(run, rises);
        }
        if (!Boolean.TRUE.equals(gain.enough())) {
            return gain.enough() == null ? new Outcome.Lacks("the gain") : Outcome.no();
        }
        Harm.InWindows windows = onTheWay(run, gain);
        List<Evidence> evidence = new ArrayList<>(run.harm().evidence());
        if (windows.evidence() != null) {
            evidence.add(windows.evidence());
        }
        if (evidence.isEmpty()) {
            return run.harm().overall() == null || windows.done() == null
                    ? new Outcome.Lacks(Lacking.thresholds(run))
                    : Outcome.no();
        }
        List<ReactionStep> steps = Reaction.of(run);
        evidence.addAll(gain.evidence());
        evidence.addAll(evidence(run, steps));
        return new Outcome.Fires(
                new Cause.TooLate(
                        gain.from(run),
                        gain.to(),
                        "harm was done before they helped",
                        Reaction.slowest(steps),
                        null,
                        enough(run, gain)),
                evidence);
    }

    /** Harm between the moment the scale-out was due and the last phase. */
    static Harm.InWindows onTheWay(Run run, Gain gain) {
        return Harm.windows(run, due(run), gain.after().settled());
    }

    /** One sync period after the first sample above the target, or after the settling where that is not known. */
    private static long due(Run run) {
        for (ReactionStep step : Reaction.of(run)) {
            Long at = step.at();
            if (step.name().equals("first sample above target") && at != null) {
                return at + run.place().syncMillis();
            }
        }
        return run.start() + run.place().metricsWindowMillis() + run.place().syncMillis();
    }

    /** The replicas of the last phase, where its windows keep the thresholds. */
    private static @Nullable Integer enough(Run run, Gain gain) {
        Harm.InWindows last = Harm.windows(run, gain.after().settled(), gain.after().end());
        return Boolean.FALSE.equals(last.done()) ? gain.to() : null;
    }

    private static Outcome withoutPhase(Run run, List<Rise> rises) {
        if (run.isTooShortToScale()) {
            return Outcome.no();
        }
        if (Lacking.watch(run, "Pod")) {
            return new Outcome.Lacks("when the new pods became ready");
        }
        List<ReactionStep> steps = Reaction.of(run);
        Long ready = firstReady(run);
        if (run.timeline().isUnseen(run.end() - 1)
                || ready != null && run.timeline().isSeenLate(ready)) {
            return new Outcome.Lacks("when the new pods became ready");
        }
        if (ready != null && run.end() - ready >= Constants.PHASE_MILLIS) {
            // They had the time; that no phase shows it has another reason.
            return Outcome.no();
        }
        double late =
                ready == null
                        ? Constants.PHASE_MILLIS / 1e3
                        : (Constants.PHASE_MILLIS - (run.end() - ready)) / 1e3;
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(
                new Evidence(
                        ready,
                        ready == null
                                ? "none of the pods that were asked for became ready before the load ended"
                                : "the first of the pods that were asked for became ready "
                                        + Text.seconds((run.end() - ready) / 1e3)
                                        + " before the load ended; a phase needs "
                                        + Text.seconds(Constants.PHASE_MILLIS / 1e3),
                        ready == null ? "not ready" : run.since(ready),
                        "Pod status.conditions[Ready]"));
        evidence.addAll(evidence(run, steps));
        return new Outcome.Fires(
                new Cause.TooLate(
                        rises.getFirst().from(),
                        rises.getLast().to(),
                        "the load ended before they could show a gain",
                        Reaction.slowest(steps),
                        late,
                        null),
                evidence);
    }

    /** When the first pod that was created under load became ready; null where none did in time. */
    private static @Nullable Long firstReady(Run run) {
        Long first = null;
        for (String pod : run.timeline().pods()) {
            Long seen = run.timeline().since("Pod", pod, p -> true);
            Long ready = run.timeline().since("Pod", pod, Kube::isReady);
            boolean added = seen != null && seen > run.start();
            if (added && ready != null && ready <= run.end() && (first == null || ready < first)) {
                first = ready;
            }
        }
        return first;
    }

    private static List<Evidence> evidence(Run run, List<ReactionStep> steps) {
        List<Evidence> evidence = new ArrayList<>();
        ReactionStep slowest = Reaction.slowest(steps);
        if (slowest != null && slowest.seconds() != null && slowest.at() != null) {
            evidence.add(
                    new Evidence(
                            slowest.at(),
                            "the slowest step of the reaction is \""
                                    + slowest.name()
                                    + "\", "
                                    + Text.seconds(slowest.seconds())
                                    + " after the one before it and "
                                    + run.since(slowest.at())
                                    + " after the load began",
                            Text.seconds(slowest.seconds()),
                            slowest.source()));
        }
        return evidence;
    }
}
