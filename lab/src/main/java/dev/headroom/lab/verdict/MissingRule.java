package dev.headroom.lab.verdict;

import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.Pods.Trouble;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Pods that are wanted are missing for long: one rule each for crashing, not ready and unschedulable. */
final class MissingRule implements Rule {
    private final Verdict verdict;

    MissingRule(Verdict verdict) {
        this.verdict = verdict;
    }

    @Override
    public Verdict verdict() {
        return verdict;
    }

    /** A stretch in which fewer pods were ready than wanted. */
    private record Stretch(long from, long to, boolean ended) {}

    @Override
    public Outcome on(Run run) {
        for (Stretch stretch : stretches(run)) {
            if (stretch.to() - stretch.from() < Constants.MISSING_MILLIS
                    || isSlowStart(run, stretch)) {
                continue;
            }
            if (Lacking.watch(run, "Pod")) {
                return new Outcome.Lacks("the statuses of pods");
            }
            for (String pod : run.timeline().pods()) {
                Outcome outcome = judge(run, stretch, pod);
                if (outcome != null) {
                    return outcome;
                }
            }
            Outcome outcome = verdict == Verdict.NOT_READY ? notCreated(run, stretch) : null;
            if (outcome != null) {
                return outcome;
            }
        }
        return Outcome.no();
    }

    /** Pods that could not even be created (a quota, an admission webhook) have no status: the event of their owner tells. */
    private @Nullable Outcome notCreated(Run run, Stretch stretch) {
        for (Timeline.Event event : run.timeline().events()) {
            if (event.reason().equals("FailedCreate")
                    && event.at() >= stretch.from()
                    && event.at() <= stretch.to()) {
                String owner = event.kind() + "/" + event.name();
                return fires(
                        run,
                        stretch,
                        owner,
                        new Trouble(verdict, event.reason(), event.message()),
                        "Event of " + owner);
            }
        }
        return null;
    }

    private static List<Stretch> stretches(Run run) {
        List<Stretch> stretches = new ArrayList<>();
        Long from = null;
        long before = run.start();
        for (Sample sample : run.timeline().samples(run.start(), run.end())) {
            boolean unseen = run.timeline().isUnseen(before + 1);
            if (from != null && unseen) {
                // Whether they were missing all that time is not known.
                stretches.add(new Stretch(from, before, false));
                from = null;
            }
            before = sample.at();
            boolean missing = sample.replicas().desired() > sample.replicas().ready();
            if (missing && from == null) {
                from = sample.at();
            } else if (!missing && from != null) {
                stretches.add(new Stretch(from, sample.at(), true));
                from = null;
            }
        }
        if (from != null) {
            boolean unseen = run.timeline().isUnseen(before + 1);
            stretches.add(new Stretch(from, unseen ? before : run.end(), false));
        }
        return stretches;
    }

    /** All that was missing were pods that had never been ready before, started once, and came with a phase to spare. */
    private static boolean isSlowStart(Run run, Stretch stretch) {
        if (!stretch.ended() || run.end() - stretch.to() < Constants.PHASE_MILLIS) {
            return false;
        }
        for (String pod : run.timeline().pods()) {
            Long ready = run.timeline().since("Pod", pod, Kube::isReady);
            JsonNode object = run.timeline().at("Pod", pod, stretch.to());
            boolean lost = Pods.lost(run.timeline(), pod, stretch.from(), stretch.to()) != null;
            boolean restarted = object != null && Kube.restarts(object) > 0;
            if (lost || restarted || (object != null && ready == null)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Outcome judge(Run run, Stretch stretch, String pod) {
        long middle = stretch.from() + (stretch.to() - stretch.from()) / 2;
        for (long at : new long[] {stretch.to(), middle}) {
            JsonNode object = run.timeline().at("Pod", pod, at);
            Trouble trouble = object == null ? null : Pods.trouble(object);
            if (trouble != null && trouble.verdict() == verdict) {
                return fires(run, stretch, "Pod/" + pod, trouble, "Pod/" + pod + " status");
            }
        }
        return null;
    }

    private Outcome fires(Run run, Stretch stretch, String object, Trouble trouble, String source) {
        double seconds = (stretch.to() - stretch.from()) / 1e3;
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(
                new Evidence(
                        stretch.from(),
                        "fewer pods were ready than wanted for "
                                + Text.seconds(seconds)
                                + ", from "
                                + run.since(stretch.from())
                                + " into the load",
                        Text.seconds(seconds),
                        "4-observations.jsonl replicas"));
        evidence.add(
                new Evidence(
                        stretch.to(),
                        object
                                + ": "
                                + trouble.reason()
                                + (trouble.message().isEmpty() ? "" : ": " + trouble.message()),
                        trouble.reason(),
                        source));
        run.timeline().events().stream()
                .filter(e ->
                        object.equals("Pod/" + e.name())
                                && e.at() >= stretch.from()
                                && e.at() <= stretch.to())
                .filter(e ->
                        e.reason().equals("Unhealthy")
                                || e.reason().equals("BackOff")
                                || e.reason().startsWith("Failed"))
                .findFirst()
                .ifPresent(e ->
                        evidence.add(
                                new Evidence(
                                        e.at(), e.message(), e.reason(), "Event of " + object)));
        return new Outcome.Fires(
                new Cause.Missing(
                        verdict, object, trouble.reason(), trouble.message(), seconds, false),
                evidence);
    }
}
