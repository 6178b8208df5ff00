package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.HostSample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.report.Plot.Style;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The plots over time, all on one axis: the service's first, then what it ran on. */
final class Plots {
    private final DeploymentRecord deployment;
    private final Seen seen;
    private final Points points;

    private Plots(DeploymentRecord deployment, Seen seen, Points points) {
        this.deployment = deployment;
        this.seen = seen;
        this.points = points;
    }

    static List<Plot> of(
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            Seen seen,
            TimeAxis axis,
            Thinned thinned) {
        Points points = new Points(seen, axis, thinned);
        Plots plots = new Plots(deployment, seen, points);
        PodPlots pods = new PodPlots(points, seen, deployment.target().name());
        LoadPlots ofLoad = load == null ? null : new LoadPlots(load, axis, thinned);
        List<Plot> all = new ArrayList<>();
        all.add(plots.replicas());
        all.add(plots.utilization());
        all.add(pods.cpu());
        all.add(ofLoad != null && ofLoad.hasWindows() ? ofLoad.throughput() : pods.throughput());
        all.add(ofLoad != null && ofLoad.hasLatencies() ? ofLoad.latency() : plots.latency());
        all.add(pods.requests());
        all.add(pods.connections(ofLoad));
        all.add(pods.throttling());
        all.add(plots.host());
        if (ofLoad != null) {
            all.add(ofLoad.generator());
        }
        return all;
    }

    private Plot replicas() {
        return points.plot("replicas", "Replicas", "pods")
                .steps()
                .from(
                        "Desired is spec.replicas of the "
                                + deployment.target().kind()
                                + ", current and ready are of its status.")
                .line("desired", Style.VALUE, points.each(s -> s.replicas().desired()), 0)
                .line("current", Style.VALUE, points.each(s -> s.replicas().current()), 0)
                .line("ready", Style.VALUE, points.each(s -> s.replicas().ready()), 0)
                .build();
    }

    private Plot utilization() {
        Utilization utilization = Utilization.of(deployment, seen);
        return points.plot("utilization", "CPU utilization as the autoscaler saw it", "%")
                .steps()
                .from(
                        "Per cent of the CPU requests, from the status of the"
                                + " HorizontalPodAutoscaler; unknown while ScalingActive is not"
                                + " True.")
                .unknownSince(utilization.why())
                .line(
                        "utilization",
                        Style.VALUE,
                        points.shown(utilization.seen(points.samples())),
                        0)
                .line("target", Style.BOUND, points.shown(utilization.target(points.samples())), 0)
                .build();
    }

    private Plot latency() {
        return points.plot("latency", "Latency at the balancer", "ms")
                .from(
                        "Measured by the service's balancer, from a request's first byte to its"
                                + " answer's first byte; the load generator tells none by the"
                                + " second.")
                .unknownSince(
                        seen.why(
                                "neither the load generator nor a balancer told latencies by the"
                                        + " second",
                                "balancer"))
                .line("p50", Style.VALUE, points.service(ServiceSample::p50), 2)
                .line("p99", Style.VALUE, points.service(ServiceSample::p99), 2)
                .build();
    }

    private Plot host() {
        return points.plot("host", "CPU of this machine", "cores")
                .from(
                        "Host CPU seconds per second, of the machine of the load generator"
                                + (deployment.place().kind().equals("embedded")
                                        ? " and of the embedded cluster."
                                        : "."))
                .unknownSince(seen.why("the machine's CPUs were not watched", "host"))
                .line("everything on it", Style.VALUE, points.hostRate(HostSample::busySeconds), 2)
                .line("Headroom itself", Style.VALUE, points.hostRate(HostSample::labSeconds), 2)
                .line(
                        "taken by its hypervisor",
                        Style.VALUE,
                        points.hostRate(HostSample::stealSeconds),
                        2)
                .line(
                        "may use",
                        Style.BOUND,
                        points.shown(Rates.ofHost(points.samples(), HostSample::cpus)),
                        2)
                .build();
    }
}
