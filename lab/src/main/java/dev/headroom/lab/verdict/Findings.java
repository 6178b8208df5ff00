package dev.headroom.lab.verdict;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Finding;
import java.util.ArrayList;
import java.util.List;

/** What is worth saying beside any verdict. */
final class Findings {
    private Findings() {}

    static List<Finding> of(Run run, Verdict verdict) {
        List<Finding> findings = new ArrayList<>();
        limitedAtMaximum(run, verdict, findings);
        riseBeforeLoad(run, findings);
        notSettled(run, findings);
        differences(run, findings);
        silentAutoscaler(run, findings);
        cutOff(run, findings);
        endedEarly(run, findings);
        outages(run, findings);
        return findings;
    }

    private static void limitedAtMaximum(Run run, Verdict verdict, List<Finding> findings) {
        List<SeenPass> above = MaximumRule.limited(run);
        if (above.isEmpty() || verdict == Verdict.BOTTLENECK_MAX_REPLICAS) {
            return;
        }
        SeenPass most = MaximumRule.most(above);
        findings.add(
                new Finding(
                        "limited-at-max",
                        "At its maximum of "
                                + Text.replicas(most.max())
                                + " the autoscaler asked for "
                                + most.askedWords()
                                + ".",
                        List.of(MaximumRule.asked(run, above, most))));
    }

    private static void riseBeforeLoad(Run run, List<Finding> findings) {
        List<Evidence> evidence =
                run.rises().stream()
                        .filter(r -> Boolean.FALSE.equals(r.onLoad()))
                        .map(r ->
                                new Evidence(
                                        r.at(),
                                        "the replicas rose from "
                                                + r.from()
                                                + " to "
                                                + r.to()
                                                + " on samples from before the load",
                                        r.from() + " to " + r.to(),
                                        run.workload() + " spec.replicas"))
                        .toList();
        if (!evidence.isEmpty()) {
            findings.add(
                    new Finding(
                            "rise-before-load",
                            "Replicas rose under load on samples that had not seen it; that is no reaction to it.",
                            evidence));
        }
    }

    private static void notSettled(Run run, List<Finding> findings) {
        Observation.Mark baseline = run.timeline().mark("baseline");
        if (baseline != null && baseline.detail().startsWith("not settled")) {
            findings.add(
                    new Finding(
                            "baseline-not-settled",
                            "The load began before the replicas stood still where the idle service wants them; it is judged from the "
                                    + Text.replicas(run.replicasAtStart())
                                    + " that were found.",
                            List.of(
                                    new Evidence(
                                            baseline.at(),
                                            baseline.detail(),
                                            String.valueOf(run.replicasAtStart()),
                                            "4-observations.jsonl mark baseline"))));
        }
    }

    private static void differences(Run run, List<Finding> findings) {
        List<Evidence> evidence = new ArrayList<>();
        long compared = 0;
        for (SeenPass pass : run.passes()) {
            if (!pass.isSeen()) {
                continue;
            }
            compared++;
            String differs = pass.differs();
            if (differs != null) {
                evidence.add(
                        new Evidence(
                                pass.at(), differs, differs, run.hpa() + " status.currentMetrics"));
            }
        }
        if (!evidence.isEmpty()) {
            findings.add(
                    new Finding(
                            "recomputation-differs",
                            "In "
                                    + evidence.size()
                                    + " of "
                                    + Text.counted(compared, "pass", "passes")
                                    + " the autoscaler reports another utilization than the recorded metrics give.",
                            evidence));
        }
    }

    /** A controller that was stopped: what it had decided by then may have been enough, but nobody decided anything after it. */
    private static void silentAutoscaler(Run run, List<Finding> findings) {
        Long written = null;
        List<SeenPass> due = new ArrayList<>();
        for (SeenPass pass : run.passes()) {
            if (pass.isSeen()) {
                written = pass.at();
                due.clear();
            } else if (pass.didNotCome()) {
                due.add(pass);
            }
        }
        if (due.size() < Constants.PASSES_TO_BE_SILENT
                || Lacking.watch(run, "HorizontalPodAutoscaler")) {
            return;
        }
        String since =
                written == null ? "before the load began" : run.since(written) + " into the load";
        SeenPass last = due.getLast();
        Integer says = Passes.reported(last.hpa());
        findings.add(
                new Finding(
                        "autoscaler-silent",
                        "The autoscaler's controller stopped: nothing was decided in the last "
                                + due.size()
                                + " sync periods that it was due in.",
                        List.of(
                                new Evidence(
                                        last.at(),
                                        "the status was last written "
                                                + since
                                                + ", and says "
                                                + says
                                                + " %; in "
                                                + due.size()
                                                + " sync periods of "
                                                + Text.seconds(run.place().syncSeconds())
                                                + " since then the metrics gave something else",
                                        due.size() + " sync periods",
                                        run.hpa() + " status.currentMetrics"))));
    }

    private static void outages(Run run, List<Finding> findings) {
        List<Evidence> evidence = new ArrayList<>();
        double seconds = 0;
        for (Timeline.Outage outage : run.timeline().outages()) {
            long from = Math.max(outage.from(), run.start());
            long to = Math.min(outage.to(), run.end());
            if (to > from) {
                seconds += (to - from) / 1e3;
                evidence.add(
                        new Evidence(
                                from,
                                "no sample from "
                                        + run.since(from)
                                        + " to "
                                        + run.since(to)
                                        + " into the load",
                                Text.seconds((to - from) / 1e3),
                                "4-observations.jsonl gap"));
            }
        }
        if (!evidence.isEmpty()) {
            findings.add(
                    new Finding(
                            "unobserved",
                            "For "
                                    + Text.seconds(seconds)
                                    + " of the load the Kubernetes API could not be observed: what changed meanwhile is seen late, or not at all.",
                            evidence));
        }
    }

    private static void cutOff(Run run, List<Finding> findings) {
        LoadRecord.Latency own = run.load().latency();
        if (own == null || !run.latencies().cutOff()) {
            return;
        }
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(
                new Evidence(
                        null,
                        run.load().generator().name()
                                + " gives a median of "
                                + percentile(own, "p50")
                                + " and a p99 of "
                                + percentile(own, "p99")
                                + ", of the "
                                + Text.number(own.counted())
                                + " answers that were in time",
                        percentile(own, "p50"),
                        "3-load.json latency (cut off)"));
        Double mean = run.latencies().littleMean();
        if (mean != null) {
            evidence.add(
                    new Evidence(
                            null,
                            Text.number(run.latencies().connections())
                                    + " connections over the throughput give a mean of "
                                    + Text.millis(mean),
                            Text.millis(mean),
                            "3-load.json connections, answers"));
        }
        Observation.ServiceLatency balancer = run.timeline().latency();
        if (balancer != null) {
            evidence.add(
                    new Evidence(
                            null,
                            "the balancer measured a mean of "
                                    + Text.millis(balancer.mean())
                                    + " over "
                                    + Text.number(balancer.count())
                                    + " answers",
                            Text.millis(balancer.mean()),
                            "4-observations.jsonl latency"));
        }
        findings.add(
                new Finding(
                        "latency-cut-off",
                        Text.number(run.load().errors().timeout())
                                + " of "
                                + Text.number(run.load().answers())
                                + " answers came after "
                                + Text.seconds(run.load().plan().timeoutSeconds())
                                + " and are missing from "
                                + run.load().generator().name()
                                + "'s latencies.",
                        evidence));
    }

    private static String percentile(LoadRecord.Latency latency, String name) {
        Double value = latency.percentiles().get(name);
        return value == null ? "unknown" : Text.millis(value);
    }

    private static void endedEarly(Run run, List<Finding> findings) {
        LoadRecord.Ended ended = run.load().ended();
        if (ended.how() != LoadRecord.Ended.How.COMPLETED) {
            String cause = ended.cause() == null ? ended.how().toString() : ended.cause();
            findings.add(
                    new Finding(
                            "ended-early",
                            "The load ended after "
                                    + Text.seconds(run.seconds())
                                    + " of "
                                    + Text.seconds(run.load().plan().durationSeconds())
                                    + ": "
                                    + cause,
                            List.of(
                                    new Evidence(
                                            run.end(),
                                            cause,
                                            Text.seconds(run.seconds()),
                                            "3-load.json ended"))));
        }
    }
}
