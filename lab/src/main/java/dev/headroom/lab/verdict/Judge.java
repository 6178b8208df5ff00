package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ShortestDuration;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.Cause.Fix;
import dev.headroom.lab.verdict.VerdictRecord.Counterfactual;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import dev.headroom.lab.verdict.VerdictRecord.Finding;
import dev.headroom.lab.verdict.VerdictRecord.Lack;
import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stage 5: one verdict from what the first four stages left. The rules are tried in the order of docs/verdicts.md; the first that holds is the verdict, the others that
 * hold are findings beside it, and one whose data is missing is named with what it lacked.
 *
 * <p>A pure function: the same files give the same verdict, byte for byte.
 */
public final class Judge {
    static final List<Rule> RULES =
            List.of(
                    new Soundness(),
                    new UnreadyRule(),
                    new MetricsMissingRule(),
                    new ContestedRule(),
                    new TargetUnreachableRule(),
                    new MissingRule(Verdict.CRASHING),
                    new MissingRule(Verdict.NOT_READY),
                    new MissingRule(Verdict.UNSCHEDULABLE),
                    new MaximumRule(),
                    new WithoutGainRule(),
                    new TooLateRule(),
                    new ScaledRule(),
                    new HeldRule(),
                    new NotScaledRule());

    /** What a load that was stopped before the shortest that makes sense can't show. */
    private static final Set<Verdict> NEED_THE_LOAD =
            EnumSet.of(
                    Verdict.BOTTLENECK_MAX_REPLICAS,
                    Verdict.SCALED_WITHOUT_GAIN,
                    Verdict.SCALED_TOO_LATE,
                    Verdict.SCALED,
                    Verdict.HELD,
                    Verdict.NOT_SCALED);

    private Judge() {}

    /**
     * Judges a run.
     *
     * @param load null where none was sent, since the target never became ready, or where the run ended before its record was written
     */
    public static VerdictRecord judge(
            Experiment experiment,
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            List<Observation> observations) {
        return load == null
                ? withoutLoad(experiment, deployment, new Timeline(observations))
                : underLoad(Run.of(experiment, deployment, load, new Timeline(observations)));
    }

    private static VerdictRecord underLoad(Run run) {
        List<Outcome.Fires> fired = new ArrayList<>();
        List<Lack> lacking = new ArrayList<>();
        for (Rule rule : RULES) {
            switch (rule.on(run)) {
                case Outcome.Fires fires -> fired.add(fires);
                case Outcome.Lacks lacks ->
                        lacking.add(new Lack(rule.verdict().word(), lacks.data()));
                case Outcome.DoesNotHold no -> {
                    // Nothing to say.
                }
            }
        }
        Outcome.Fires unobserved = Unobserved.in(run);
        if (unobserved != null && !isMeasurementAtFault(run, fired)) {
            // What is between two sights is not known, whatever both of them say.
            fired.clear();
            fired.add(unobserved);
        } else if (fired.isEmpty() || isTooEarly(run, fired.getFirst().cause().verdict())) {
            fired.addFirst(unclear(run, lacking));
        }
        Outcome.Fires first = fired.getFirst();
        Verdict verdict = first.cause().verdict();
        List<Finding> findings = new ArrayList<>();
        for (Outcome.Fires other : fired.subList(1, fired.size())) {
            findings.add(
                    new Finding(
                            other.cause().verdict().word(),
                            Sentences.of(other.cause()),
                            other.evidence()));
        }
        findings.addAll(Findings.of(run, verdict));
        String recomputing = recomputing(run);
        if (recomputing != null) {
            lacking.add(new Lack("asked for", recomputing));
        }
        return record(
                run.experiment(),
                first,
                findings,
                Counterfactuals.of(first.cause(), run),
                lacking,
                run.thresholds(),
                run.phases().stream().map(Phase::record).toList(),
                Reaction.of(run),
                run.place());
    }

    /** Whether the measurement was the limit, or failed: that says more than what was not observed of it. */
    private static boolean isMeasurementAtFault(Run run, List<Outcome.Fires> fired) {
        return run.load().ended().how() == LoadRecord.Ended.How.FAILED
                || !fired.isEmpty() && fired.getFirst().cause().verdict() == Verdict.INVALID;
    }

    /** Whether the load ended before anything can be said, or before this can be. */
    private static boolean isTooEarly(Run run, Verdict verdict) {
        return switch (run.load().ended().how()) {
            case FAILED -> true;
            case COMPLETED -> false;
            case INTERRUPTED -> NEED_THE_LOAD.contains(verdict) && isTooShort(run);
        };
    }

    private static boolean couldScale(Run run) {
        return run.autoscaler() != null && run.replicasAtStart() < run.autoscaler().maxReplicas();
    }

    private static boolean isTooShort(Run run) {
        return couldScale(run) ? run.isTooShortToScale() : run.isTooShortToHold();
    }

    /** Why what the autoscaler asked for could not be computed again; null where it could. */
    private static @Nullable String recomputing(Run run) {
        if (run.passes().isEmpty()) {
            return null;
        }
        String lacking = Recomputation.lacking(run.passes().getLast().hpa());
        if (lacking == null && run.timeline().metrics().isEmpty()) {
            lacking = "the metrics API's answers";
        }
        return lacking == null ? null : lacking + "; its conditions are used instead";
    }

    private static Outcome.Fires unclear(Run run, List<Lack> lacking) {
        LoadRecord.Ended ended = run.load().ended();
        if (ended.how() == LoadRecord.Ended.How.FAILED) {
            String why = "the load generator failed: " + ended.cause();
            return new Outcome.Fires(
                    new Cause.Unclear(why, null),
                    List.of(new Evidence(run.end(), why, "FAILED", "3-load.json ended")));
        }
        if (isTooShort(run)) {
            return tooShort(run, couldScale(run));
        }
        String why =
                lacking.isEmpty()
                        ? "no rule holds on what was seen"
                        : "data is missing: "
                                + String.join(
                                        "; ",
                                        lacking.stream()
                                                .map(l -> l.rule() + " lacks " + l.data())
                                                .toList());
        return new Outcome.Fires(new Cause.Unclear(why, null), List.of());
    }

    private static Outcome.Fires tooShort(Run run, boolean couldScale) {
        ShortestDuration shortest = run.shortest();
        double hold =
                run.place().metricsWindowSeconds()
                        + run.place().syncSeconds()
                        + Constants.PHASE_MILLIS / 1e3;
        String needed =
                couldScale
                        ? shortest.words()
                        : Text.seconds(hold) + " (metrics window + sync period + a phase)";
        double seconds = couldScale ? shortest.total().toSeconds() : Math.ceil(hold);
        String how =
                run.load().ended().how() == LoadRecord.Ended.How.COMPLETED
                        ? "lasted"
                        : "was stopped after";
        String why =
                "the load "
                        + how
                        + " "
                        + Text.seconds(run.seconds())
                        + "; the shortest that can show it is "
                        + needed;
        return new Outcome.Fires(
                new Cause.Unclear(
                        why,
                        new Fix(
                                "load duration",
                                Text.seconds(run.seconds()),
                                Text.seconds(seconds),
                                "the sum of what has to fit into it: " + needed)),
                List.of(
                        new Evidence(
                                run.end(),
                                why,
                                Text.seconds(run.seconds()),
                                "3-load.json start, end")));
    }

    private static VerdictRecord withoutLoad(
            Experiment experiment, DeploymentRecord deployment, Timeline timeline) {
        Outcome.Fires fires = NeverReady.of(deployment);
        if (fires == null) {
            fires =
                    new Outcome.Fires(
                            new Cause.Unclear(
                                    timeline.mark("load-start") == null
                                            ? "the target was ready, but no load was sent"
                                            : "the load began, but the run ended before what it measured was written",
                                    null),
                            List.of());
        }
        List<Expectation> thresholds =
                experiment.expect().thresholds().stream()
                        .map(t ->
                                new Expectation(
                                        t.metric().word(),
                                        t.expression(),
                                        null,
                                        null,
                                        "no load was sent"))
                        .toList();
        return record(
                experiment,
                fires,
                List.of(),
                List.of(),
                List.of(),
                thresholds,
                List.of(),
                List.of(),
                Place.of(deployment));
    }

    private static VerdictRecord record(
            Experiment experiment,
            Outcome.Fires fires,
            List<Finding> findings,
            List<Counterfactual> counterfactuals,
            List<Lack> lacking,
            List<Expectation> thresholds,
            List<VerdictRecord.Phase> phases,
            List<ReactionStep> reaction,
            Place place) {
        Verdict verdict = fires.cause().verdict();
        List<Expectation> expectations = new ArrayList<>();
        Verdict expected = experiment.expect().verdict();
        if (expected != null) {
            boolean unjudged = expected != verdict && verdict.isRefusal();
            expectations.add(
                    new Expectation(
                            "verdict",
                            expected.word(),
                            verdict.word(),
                            unjudged ? null : Boolean.valueOf(expected == verdict),
                            unjudged ? "the number was refused" : null));
        }
        for (Expectation threshold : thresholds) {
            expectations.add(verdict == Verdict.INVALID ? notJudged(threshold) : threshold);
        }
        return new VerdictRecord(
                VerdictRecord.SCHEMA,
                experiment.name(),
                verdict.word(),
                Sentences.of(fires.cause()),
                exitCode(verdict, expected, expectations),
                fires.evidence(),
                findings,
                counterfactuals,
                lacking,
                expectations,
                phases,
                reaction,
                Constants.all(place));
    }

    /** 3 before 99: a number that can't be trusted breaks no promise, and one that could not be had keeps none. */
    private static int exitCode(
            Verdict verdict, @Nullable Verdict expected, List<Expectation> expectations) {
        if (verdict.isRefusal() && verdict != expected
                || expected == null && phasesAreImpossible(verdict)) {
            return 3;
        }
        if (expectations.stream().anyMatch(e -> Boolean.FALSE.equals(e.met()))) {
            return 99;
        }
        boolean unjudged = expectations.stream().anyMatch(e -> e.met() == null);
        // Without load there is nothing to hold thresholds against; the verdict that was expected
        // says so.
        return unjudged && !(verdict == expected && phasesAreImpossible(verdict)) ? 3 : 0;
    }

    /** What a measurement that was itself the limit found neither keeps a promise nor breaks one. */
    private static Expectation notJudged(Expectation threshold) {
        return new Expectation(
                threshold.subject(),
                threshold.expected(),
                threshold.found(),
                null,
                threshold.note() == null ? "the measurement was the limit" : threshold.note());
    }

    private static boolean phasesAreImpossible(Verdict verdict) {
        return verdict == Verdict.NOT_READY
                || verdict == Verdict.CRASHING
                || verdict == Verdict.UNSCHEDULABLE;
    }
}
