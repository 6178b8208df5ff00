package dev.headroom.lab.verdict;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.List;

/** What must add up whatever the service does: Little's law in a closed loop, and answers counted at both ends. */
final class Conservation {
    private final Run run;

    Conservation(Run run) {
        this.run = run;
    }

    void check(List<Evidence> evidence) {
        if (run.isClosedLoop()) {
            whole(evidence);
            run.deciding().forEach(p -> phase(p, evidence));
        }
        counts(evidence);
    }

    /** The generator's own figures over the whole load; wrk's don't qualify, since it corrects its mean for omission. */
    private void whole(List<Evidence> evidence) {
        LoadRecord.Latency own = run.load().latency();
        Double little = run.latencies().littleMean();
        if (own == null
                || run.latencies().cutOff()
                || little == null
                || run.load().windows().isEmpty()) {
            return;
        }
        if (fails(little, own.mean(), own.mean(), run.seconds())) {
            evidence.add(
                    new Evidence(
                            null,
                            "Little's law fails over the load: "
                                    + Text.number(run.latencies().connections())
                                    + " connections over the throughput give "
                                    + Text.millis(little)
                                    + ", but the load generator measured a mean of "
                                    + Text.millis(own.mean())
                                    + " (a script with think time is no closed loop in this sense)",
                            Text.millis(own.mean()),
                            "3-load.json latency.mean"));
        }
    }

    private void phase(Phase phase, List<Evidence> evidence) {
        Double little = phase.meanLatencyMillis();
        Double measured = phase.balancerMeanMillis();
        Double first = phase.balancerFirstMillis();
        double seconds = (phase.end() - phase.settled()) / 1e3;
        // With fewer answers than there are connections, those that came say nothing of those that
        // are still waited for.
        if (little == null
                || measured == null
                || little > seconds * 1e3
                || !fails(
                        little,
                        measured,
                        first == null ? measured : Math.max(first, measured),
                        seconds)) {
            return;
        }
        evidence.add(
                new Evidence(
                        phase.start(),
                        "Little's law fails in the phase from "
                                + run.since(phase.start())
                                + ": "
                                + Text.number(connections(phase))
                                + " connections over the throughput give "
                                + Text.millis(little)
                                + ", but the balancer measured a mean of "
                                + Text.millis(measured)
                                + ": requests wait outside of the service",
                        Text.millis(measured),
                        "4-observations.jsonl service.mean"));
    }

    private double connections(Phase phase) {
        Double answers = phase.answers();
        Double mean = phase.meanLatencyMillis();
        return answers == null || mean == null ? 0 : answers * mean / 1e3;
    }

    /**
     * Requests that were in flight at an end of the stretch are in one of the figures only, and those that waited for a pod that was still
     * being compiled waited longer than later ones.
     *
     * @param cutOff how long such a request waited at most, in milliseconds
     */
    private static boolean fails(double little, double measured, double cutOff, double seconds) {
        double apart = Math.abs(little - measured);
        double cut = little * Math.min(1, cutOff / (seconds * 1e3));
        return apart > Constants.LITTLE * little + cut && apart > Constants.LITTLE_FLOOR_MILLIS;
    }

    private void counts(List<Evidence> evidence) {
        Observation.ServiceLatency balancer = run.timeline().latency();
        if (balancer == null) {
            return;
        }
        long answers = run.load().answers();
        double inFlight = run.load().plan().connections();
        double apart = Math.abs(answers - balancer.count());
        if (apart > inFlight + Constants.COUNTS * Math.max(answers, balancer.count())) {
            evidence.add(
                    new Evidence(
                            null,
                            "counts do not add up: the load generator has "
                                    + Text.number(answers)
                                    + " answers, the balancer "
                                    + Text.number(balancer.count())
                                    + ", and at most "
                                    + Text.number(inFlight)
                                    + " were in flight",
                            Text.number(apart),
                            "3-load.json answers, 4-observations.jsonl latency.count"));
        }
    }
}
