package dev.headroom.lab.report;

import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.observe.TrafficSource;
import dev.headroom.lab.report.Plot.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Plots with a line for each pod, in a color that is its own in all of them. */
final class PodPlots {
    private final Points points;
    private final Seen seen;
    private final String workload;
    private final List<String> pods;
    private final @Nullable TrafficSource traffic;

    /**
     * @param workload whose name all pods have in theirs
     */
    PodPlots(Points points, Seen seen, String workload) {
        this.points = points;
        this.seen = seen;
        this.workload = workload;
        pods = seen.pods();
        traffic = TrafficSource.in(seen.samples());
    }

    Plot cpu() {
        Plot.Builder plot =
                points.plot("pod-cpu", "CPU per pod", "millicores")
                        .from(
                                "CPU seconds that the kubelet counted, per second, in node CPU;"
                                        + " against the sum of the containers' limits.")
                        .unknownSince(seen.why("the node told no CPU use of the pods", "node "));
        ofEachPod(plot, 0, pod -> millicores(points.rate(pod, PodSample::cpuSeconds)));
        for (Double limit : limits()) {
            List<@Nullable Double> bound =
                    points.each(sample -> applies(limit, sample) ? limit * 1000 : null);
            plot.line("limit " + Plain.number(limit * 1000, 0) + "m", Style.BOUND, bound, 0);
        }
        return plot.build();
    }

    private static boolean applies(Double limit, Sample sample) {
        return sample.pods().stream().anyMatch(p -> limit.equals(p.limitCores()));
    }

    private SortedSet<Double> limits() {
        SortedSet<Double> limits = new TreeSet<>();
        for (Sample sample : points.samples()) {
            for (PodSample pod : sample.pods()) {
                Double limit = pod.limitCores();
                if (limit != null) {
                    limits.add(limit);
                }
            }
        }
        return limits;
    }

    Plot throttling() {
        Plot.Builder plot =
                points.plot("throttling", "Throttling per pod", "% of scheduling periods")
                        .from(
                                "Scheduling periods in which the pod met its CPU limit, over all"
                                        + " of its periods in that second; unknown where it ran in"
                                        + " none.")
                        .unknownSince(
                                seen.why(
                                        "the node told no scheduling periods of the pods",
                                        "node "));
        ofEachPod(
                plot,
                1,
                pod ->
                        Rates.percentOf(
                                points.readings(pod, PodSample::throttledPeriods),
                                points.readings(pod, PodSample::periods)));
        return plot.build();
    }

    /** Answers of all pods, where the load generator counts none by the second. */
    Plot throughput() {
        Plot.Builder plot =
                points.plot("throughput", "Throughput", "answers per second")
                        .unknownSince(noTraffic());
        TrafficSource source = traffic;
        if (source == null) {
            return plot.build();
        }
        return plot.from("Answers of all pods, counted by " + words(source) + ".")
                .line("answers", Style.VALUE, points.total(source, pods, Traffic::answers), 1)
                .line("failed", Style.VALUE, points.total(source, pods, Traffic::failed), 1)
                .build();
    }

    Plot requests() {
        Plot.Builder plot =
                points.plot("requests", "Requests per pod", "answers per second")
                        .unknownSince(noTraffic());
        TrafficSource source = traffic;
        if (source == null) {
            return plot.build();
        }
        plot.from("Counted by " + words(source) + ".");
        ofEachPod(plot, 1, pod -> points.rate(source, pod, Traffic::answers));
        return plot.build();
    }

    /**
     * Open connections.
     *
     * @param load what else counted them, where it did
     */
    Plot connections(@Nullable LoadPlots load) {
        TrafficSource source = traffic;
        if (source == null && load != null && load.hasWindows()) {
            return load.connections(noTraffic());
        }
        Plot.Builder plot =
                points.plot("connections", "Connections", "open").unknownSince(noTraffic());
        if (source == null) {
            return plot.build();
        }
        // Below those of the pods: where there is one, they are the same.
        plot.from("Open connections, counted by " + words(source) + ".")
                .line("all (balancer)", Style.TOTAL, points.service(ServiceSample::open), 0);
        ofEachPod(plot, 0, pod -> points.readings(pod, p -> open(source, p)));
        return plot.build();
    }

    private static String words(TrafficSource source) {
        return source == TrafficSource.BALANCER
                ? "the service's balancer"
                : "the pods' own /metrics";
    }

    private static @Nullable Integer open(TrafficSource source, PodSample pod) {
        Traffic counted = source.of(pod);
        return counted == null ? null : counted.open();
    }

    private String noTraffic() {
        return seen.why("nothing counted requests per pod", "balancer", "pods' own metrics");
    }

    private void ofEachPod(
            Plot.Builder plot, int decimals, Function<String, List<@Nullable Double>> values) {
        for (int i = 0; i < pods.size(); i++) {
            String pod = pods.get(i);
            plot.line(
                    Plain.shortPod(workload, pod),
                    Style.VALUE,
                    i,
                    points.shown(values.apply(pod)),
                    decimals);
        }
    }

    private static List<@Nullable Double> millicores(List<@Nullable Double> cores) {
        List<@Nullable Double> product = new ArrayList<>();
        cores.forEach(v -> product.add(v == null ? null : Double.valueOf(v * 1000)));
        return product;
    }
}
