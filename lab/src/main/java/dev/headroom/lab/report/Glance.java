package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.verdict.VerdictRecord;
import dev.headroom.lab.verdict.VerdictRecord.Phase;
import java.util.ArrayList;
import java.util.List;
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
            all.add(new Glance("good answers per second, by phase", throughput(verdict)));
            all.add(latency(load));
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

    private static Glance latency(LoadRecord load) {
        LoadRecord.Latency latency = load.latency();
        String by =
                load.generator().name() + (latency != null && latency.cutOff() ? ", cut off" : "");
        return new Glance(
                "latency p50, p99 (" + by + ")",
                latency == null
                        ? Plain.UNKNOWN
                        : percentile(latency, "p50") + ", " + percentile(latency, "p99"));
    }

    private static String percentile(LoadRecord.Latency latency, String which) {
        return Plain.number(latency.percentiles().get(which), 1, "ms");
    }
}
