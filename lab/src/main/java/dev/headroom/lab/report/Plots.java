package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.HostSample;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Replicas;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.report.Plot.Style;
import dev.headroom.lab.report.Rates.TrafficSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The plots over time, all on one axis. */
final class Plots {
    private final DeploymentRecord deployment;
    private final @Nullable LoadRecord load;
    private final Seen seen;
    private final TimeAxis axis;
    private final List<Sample> samples;
    private final int[] shown;
    private final List<String> pods;
    private final @Nullable TrafficSource traffic;

    private Plots(
            DeploymentRecord deployment, @Nullable LoadRecord load, Seen seen, TimeAxis axis) {
        this.deployment = deployment;
        this.load = load;
        this.seen = seen;
        this.axis = axis;
        samples = seen.samples();
        shown =
                IntStream.range(0, samples.size())
                        .filter(i -> axis.shows(samples.get(i).at()))
                        .toArray();
        pods = seen.pods();
        traffic = TrafficSource.in(samples);
    }

    static List<Plot> of(
            DeploymentRecord deployment, @Nullable LoadRecord load, Seen seen, TimeAxis axis) {
        Plots plots = new Plots(deployment, load, seen, axis);
        List<Plot> all = new ArrayList<>();
        all.add(plots.replicas());
        all.add(plots.utilization());
        all.add(plots.podCpu());
        all.add(plots.throttling());
        all.add(plots.throughput());
        all.add(plots.latency());
        all.add(plots.requests());
        all.add(plots.connections());
        all.add(plots.host());
        if (load != null) {
            all.add(plots.generator(load));
        }
        return all;
    }

    private Plot replicas() {
        return sampled("replicas", "Replicas", "replicas")
                .steps()
                .from(
                        "Desired is spec.replicas of the "
                                + deployment.target().kind()
                                + ", current and ready are of its status.")
                .line("desired", Style.VALUE, replicas(Replicas::desired), 0)
                .line("current", Style.VALUE, replicas(Replicas::current), 0)
                .line("ready", Style.VALUE, replicas(Replicas::ready), 0)
                .build();
    }

    private Plot utilization() {
        Utilization utilization = Utilization.of(deployment, seen);
        return sampled("utilization", "CPU utilization as the autoscaler saw it", "%")
                .steps()
                .from(
                        "Per cent of the CPU requests, from the status of the"
                                + " HorizontalPodAutoscaler; unknown while ScalingActive is not"
                                + " True.")
                .unknownSince(utilization.why())
                .line("utilization", Style.VALUE, shown(utilization.seen(samples)), 0)
                .line("target", Style.BOUND, shown(utilization.target(samples)), 0)
                .build();
    }

    private Plot podCpu() {
        Plot.Builder plot =
                sampled("pod-cpu", "CPU per pod", "millicores")
                        .from(
                                "CPU seconds that the kubelet counted, per second, in node CPU;"
                                        + " against the sum of the containers' limits.")
                        .unknownSince(seen.why("the node told no CPU use of the pods", "node "));
        for (String pod : pods) {
            List<@Nullable Double> cores =
                    Rates.perSecond(samples, Rates.readings(samples, pod, PodSample::cpuSeconds));
            plot.line(label(pod), Style.VALUE, shown(times(cores, 1000)), 0);
        }
        for (Double limit : limits()) {
            List<@Nullable Double> bound = new ArrayList<>();
            for (int i : shown) {
                boolean applies =
                        samples.get(i).pods().stream().anyMatch(p -> limit.equals(p.limitCores()));
                bound.add(applies ? Double.valueOf(limit * 1000) : null);
            }
            plot.line("limit " + Plain.number(limit * 1000, 0) + "m", Style.BOUND, bound, 0);
        }
        return plot.build();
    }

    private TreeSet<Double> limits() {
        TreeSet<Double> limits = new TreeSet<>();
        for (Sample sample : samples) {
            for (PodSample pod : sample.pods()) {
                Double limit = pod.limitCores();
                if (limit != null) {
                    limits.add(limit);
                }
            }
        }
        return limits;
    }

    private Plot throttling() {
        Plot.Builder plot =
                sampled("throttling", "Throttling per pod", "% of scheduling periods")
                        .from(
                                "Scheduling periods in which the pod met its CPU limit, over all"
                                        + " of its periods in that second; unknown where it ran in"
                                        + " none.")
                        .unknownSince(
                                seen.why(
                                        "the node told no scheduling periods of the pods",
                                        "node "));
        for (String pod : pods) {
            plot.line(
                    label(pod),
                    Style.VALUE,
                    shown(
                            Rates.percentOf(
                                    Rates.readings(samples, pod, PodSample::throttledPeriods),
                                    Rates.readings(samples, pod, PodSample::periods))),
                    1);
        }
        return plot.build();
    }

    private Plot throughput() {
        Plot.Builder plot;
        if (load != null && !load.windows().isEmpty()) {
            plot = windowed(load, "throughput", "Throughput", "per second");
            plot.from("Counted by the load generator; good answers are those that did not fail.");
            plot.line("good answers", Style.VALUE, windows(load, w -> w.answers() - w.failed()), 1);
            plot.line("failed", Style.VALUE, windows(load, LoadRecord.Window::failed), 1);
            if (load.plan().ratePerSecond() != null) {
                plot.line("due", Style.BOUND, windows(load, LoadRecord.Window::due), 1);
            }
            return plot.build();
        }
        plot = sampled("throughput", "Throughput", "per second").unknownSince(noTraffic());
        TrafficSource source = traffic;
        if (source == null) {
            return plot.build();
        }
        return plot.from("Answers of all pods, counted by " + source.words() + ".")
                .line("answers", Style.VALUE, total(source, Traffic::answers), 1)
                .line("failed", Style.VALUE, total(source, Traffic::failed), 1)
                .build();
    }

    private Plot latency() {
        if (load != null && load.windows().stream().anyMatch(w -> w.p50() != null)) {
            return windowed(load, "latency", "Latency", "ms")
                    .from(
                            load.plan().mode() == LoadRecord.Mode.CONSTANT_RATE
                                    ? "Measured by the load generator, from when a request was due."
                                    : "Measured by the load generator, from when a request was"
                                            + " sent.")
                    .line("p50", Style.VALUE, latencies(load, LoadRecord.Window::p50), 2)
                    .line("p99", Style.VALUE, latencies(load, LoadRecord.Window::p99), 2)
                    .build();
        }
        return sampled("latency", "Latency at the balancer", "ms")
                .from(
                        "Measured by the service's balancer, from a request's first byte to its"
                                + " answer's first byte; the load generator tells none by the"
                                + " second.")
                .unknownSince(
                        seen.why(
                                "neither the load generator nor a balancer told latencies by the"
                                        + " second",
                                "balancer"))
                .line("p50", Style.VALUE, service(ServiceSample::p50), 2)
                .line("p99", Style.VALUE, service(ServiceSample::p99), 2)
                .build();
    }

    private Plot requests() {
        Plot.Builder plot =
                sampled("requests", "Requests per pod", "per second").unknownSince(noTraffic());
        TrafficSource source = traffic;
        if (source == null) {
            return plot.build();
        }
        plot.from("Answers per second, counted by " + source.words() + ".");
        for (String pod : pods) {
            plot.line(label(pod), Style.VALUE, shown(rate(source, pod, Traffic::answers)), 1);
        }
        return plot.build();
    }

    private Plot connections() {
        Plot.Builder plot = sampled("connections", "Connections", "open").unknownSince(noTraffic());
        TrafficSource source = traffic;
        if (source == null) {
            if (load == null || load.windows().isEmpty()) {
                return plot.build();
            }
            return windowed(load, "connections", "Connections", "open")
                    .from(
                            "Open at the load generator; those of each pod are unknown: "
                                    + noTraffic()
                                    + ".")
                    .line("all", Style.VALUE, windowValues(load, LoadRecord.Window::open), 0)
                    .build();
        }
        plot.from("Open connections, counted by " + source.words() + ".");
        plot.line("all (balancer)", Style.VALUE, service(ServiceSample::open), 0);
        for (String pod : pods) {
            plot.line(
                    label(pod),
                    Style.VALUE,
                    shown(Rates.readings(samples, pod, p -> open(source, p))),
                    0);
        }
        return plot.build();
    }

    private static @Nullable Integer open(TrafficSource source, PodSample pod) {
        Traffic counted = source.of(pod);
        return counted == null ? null : counted.open();
    }

    private Plot host() {
        return sampled("host", "CPU of this machine", "cores")
                .from(
                        "Host CPU seconds per second, of the machine of the load generator"
                                + (deployment.place().kind().equals("embedded")
                                        ? " and of the embedded cluster."
                                        : "."))
                .unknownSince(seen.why("the machine's CPUs were not watched", "host"))
                .line("everything on it", Style.VALUE, host(HostSample::busySeconds), 2)
                .line("Headroom itself", Style.VALUE, host(HostSample::labSeconds), 2)
                .line("taken by its hypervisor", Style.VALUE, host(HostSample::stealSeconds), 2)
                .line("may use", Style.BOUND, shown(Rates.ofHost(samples, HostSample::cpus)), 2)
                .build();
    }

    private Plot generator(LoadRecord of) {
        Plot.Builder plot =
                Plot.titled("generator", "CPU of the load generator", "cores")
                        .from("Read once a second by its driver.")
                        .unknownSince("it was not read");
        of.use().forEach(u -> at(plot, u.at()));
        List<@Nullable Double> cores = new ArrayList<>();
        List<@Nullable Double> bound = new ArrayList<>();
        of.use()
                .forEach(u -> {
                    cores.add(u.cpuCores());
                    bound.add(of.generator().cpus());
                });
        return plot.line("used", Style.VALUE, cores, 2)
                .line("may use", Style.BOUND, bound, 2)
                .build();
    }

    private String noTraffic() {
        return seen.why("nothing counted requests per pod", "balancer", "pods' own metrics");
    }

    /** A pod's name without that of its workload, which all have in common. */
    private String label(String pod) {
        String common = deployment.target().name() + "-";
        return pod.startsWith(common) && pod.length() > common.length()
                ? pod.substring(common.length())
                : pod;
    }

    private Plot.Builder sampled(String id, String title, String unit) {
        Plot.Builder plot = Plot.titled(id, title, unit);
        for (int i : shown) {
            at(plot, samples.get(i).at());
        }
        return plot;
    }

    private Plot.Builder windowed(LoadRecord of, String id, String title, String unit) {
        Plot.Builder plot = Plot.titled(id, title, unit);
        of.windows().forEach(w -> at(plot, w.at()));
        return plot;
    }

    private void at(Plot.Builder plot, long at) {
        plot.times(List.of(axis.seconds(at)));
    }

    private List<@Nullable Double> shown(List<@Nullable Double> values) {
        List<@Nullable Double> some = new ArrayList<>();
        for (int i : shown) {
            some.add(values.get(i));
        }
        return some;
    }

    private List<@Nullable Double> replicas(Function<Replicas, Integer> field) {
        List<@Nullable Double> values = new ArrayList<>();
        samples.forEach(s -> values.add(field.apply(s.replicas()).doubleValue()));
        return shown(values);
    }

    private List<@Nullable Double> service(Function<ServiceSample, @Nullable Number> field) {
        List<@Nullable Double> values = new ArrayList<>();
        for (Sample sample : samples) {
            ServiceSample service = sample.service();
            Number value = service == null ? null : field.apply(service);
            values.add(value == null ? null : Double.valueOf(value.doubleValue()));
        }
        return shown(values);
    }

    private List<@Nullable Double> host(java.util.function.ToDoubleFunction<HostSample> field) {
        return shown(Rates.perSecond(samples, Rates.ofHost(samples, field)));
    }

    private List<@Nullable Double> rate(
            TrafficSource source, String pod, Function<Traffic, Long> field) {
        return Rates.perSecond(
                samples,
                Rates.readings(
                        samples,
                        pod,
                        p -> {
                            Traffic counted = source.of(p);
                            return counted == null ? null : field.apply(counted);
                        }));
    }

    private List<@Nullable Double> total(TrafficSource source, Function<Traffic, Long> field) {
        List<List<@Nullable Double>> rates = new ArrayList<>();
        pods.forEach(p -> rates.add(rate(source, p, field)));
        return shown(Rates.total(samples, pods, rates));
    }

    private static List<@Nullable Double> times(List<@Nullable Double> values, double factor) {
        List<@Nullable Double> product = new ArrayList<>();
        values.forEach(v -> product.add(v == null ? null : Double.valueOf(v * factor)));
        return product;
    }

    /** Counts of windows as rates: a window may be a little longer or shorter than a second. */
    private static List<@Nullable Double> windows(
            LoadRecord load, Function<LoadRecord.Window, Long> count) {
        List<@Nullable Double> rates = new ArrayList<>();
        long before = load.start();
        for (LoadRecord.Window window : load.windows()) {
            double seconds = (window.at() - before) / 1e3;
            rates.add(seconds > 0 ? Double.valueOf(count.apply(window) / seconds) : null);
            before = window.at();
        }
        return rates;
    }

    private static List<@Nullable Double> latencies(
            LoadRecord load, Function<LoadRecord.Window, @Nullable Double> field) {
        List<@Nullable Double> values = new ArrayList<>();
        load.windows().forEach(w -> values.add(field.apply(w)));
        return values;
    }

    private static List<@Nullable Double> windowValues(
            LoadRecord load, Function<LoadRecord.Window, Integer> field) {
        List<@Nullable Double> values = new ArrayList<>();
        load.windows().forEach(w -> values.add(field.apply(w).doubleValue()));
        return values;
    }
}
