package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.ServiceLatency;
import dev.headroom.lab.verdict.VerdictRecord;
import dev.headroom.lab.verdict.VerdictRecord.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key figure of a run, as it stands beside the verdict: {@code replicas}, {@code 1 → 3 (1 to 3 allowed)}. */
record Glance(String what, String value) {

    static List<Glance> of(
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            Seen seen,
            VerdictRecord verdict) {
        List<Glance> all = new ArrayList<>();
        all.add(new Glance("load", load == null ? "none was sent" : load(load.plan())));
        all.add(new Glance("replicas", replicas(deployment, load, seen)));
        if (load != null) {
            all.add(
                    new Glance(
                            "good answers per second, median of each phase", throughput(verdict)));
            all.add(latency(load, seen));
            all.add(new Glance("failed", load.failed() + " of " + load.answers()));
        }
        return all;
    }

    private static String load(LoadRecord.Plan plan) {
        String connections = Plain.count(plan.connections(), "connection", "connections");
        String seconds = Plain.number(plan.durationSeconds(), 1, "s");
        return plan.mode() == LoadRecord.Mode.CLOSED
                ? connections + " in a closed loop, " + seconds
                : Plain.number(plan.ratePerSecond(), 1, "/s")
                        + " over "
                        + connections
                        + ", "
                        + seconds;
    }

    /** Ready ones: before the load, and the most during it. */
    private static String replicas(
            DeploymentRecord deployment, @Nullable LoadRecord load, Seen seen) {
        DeploymentRecord.Autoscaler autoscaler = deployment.target().autoscaler();
        String allowed =
                autoscaler == null
                        ? " (no autoscaler)"
                        : " ("
                                + autoscaler.minReplicas()
                                + " to "
                                + autoscaler.maxReplicas()
                                + " allowed)";
        Integer first = null;
        int most = 0;
        for (Sample sample : seen.samples()) {
            int ready = sample.replicas().ready();
            if (load == null || sample.at() <= load.start() || first == null) {
                first = ready;
                most = ready;
            } else if (sample.at() <= load.end()) {
                most = Math.max(most, ready);
            }
        }
        if (first == null) {
            return Plain.UNKNOWN + allowed;
        }
        return (most == first ? "" : first + " \u2192 ") + most + " ready" + allowed;
    }

    private static String throughput(VerdictRecord verdict) {
        List<String> figures = new ArrayList<>();
        for (Phase phase : verdict.phases()) {
            Double throughput = phase.throughput();
            if (throughput != null) {
                figures.add(Plain.number(throughput, 0));
            }
        }
        return figures.isEmpty() ? Plain.UNKNOWN : String.join(" \u2192 ", figures);
    }

    /** Of every answer where that is known: what wrk gives leaves out those that came after its time. */
    private static Glance latency(LoadRecord load, Seen seen) {
        LoadRecord.Latency latency = load.latency();
        boolean cutOff = latency != null && latency.cutOff();
        ServiceLatency balancer = seen.latency();
        if (balancer != null && (cutOff || latency == null)) {
            return latency("balancer", balancer.percentiles());
        }
        return latency(
                load.generator().name() + (cutOff ? ", cut off" : ""),
                latency == null ? Map.of() : latency.percentiles());
    }

    private static Glance latency(String by, Map<String, Double> percentiles) {
        String shown =
                percentiles.isEmpty()
                        ? Plain.UNKNOWN
                        : percentile(percentiles, "p50") + ", " + percentile(percentiles, "p99");
        return new Glance("latency p50, p99 (" + by + ")", shown);
    }

    private static String percentile(Map<String, Double> percentiles, String which) {
        return Plain.number(percentiles.get(which), 1, "ms");
    }
}
