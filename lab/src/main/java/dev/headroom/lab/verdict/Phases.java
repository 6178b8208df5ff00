package dev.headroom.lab.verdict;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.observe.TrafficSource;
import dev.headroom.lab.verdict.Counters.Growth;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Cuts the load into phases. */
final class Phases {
    /** By how much a sample may come early and still belong to the window that it ends. */
    private static final long JITTER_MILLIS = 150;

    /** As much as one window counts for where samples are missing. */
    private static final long LONGEST_WINDOW_MILLIS = 3000;

    /** Part of a phase's answers whose latency has to be known. */
    private static final double COVERED = 0.8;

    private final LoadRecord load;
    private final Timeline timeline;
    private final List<Window> windows;
    private final @Nullable TrafficSource source;

    private Phases(LoadRecord load, Timeline timeline, List<Window> windows) {
        this.load = load;
        this.timeline = timeline;
        this.windows = windows;
        this.source = TrafficSource.in(timeline.samples(load.start(), load.end()));
    }

    static List<Phase> of(LoadRecord load, Timeline timeline, List<Window> windows) {
        List<Phase> phases = new Phases(load, timeline, windows).cut();
        // All by one measure, or they could not be compared.
        return phases.stream().anyMatch(Phases::answersInBursts)
                ? phases.stream().map(Phase::byMean).toList()
                : phases;
    }

    /** A service that answers a thousand requests at once and then none for seconds: what half of the seconds had is luck. */
    private static boolean answersInBursts(Phase phase) {
        Double median = phase.throughput();
        Double mean = phase.meanThroughput();
        return phase.decides()
                && median != null
                && mean != null
                && Math.max(median, mean) > Constants.BURSTS * Math.min(median, mean);
    }

    private List<Phase> cut() {
        List<Phase> phases = new ArrayList<>();
        List<Sample> samples = timeline.samples(load.start(), load.end());
        Set<String> serving = null;
        long start = load.start();
        for (Sample sample : samples) {
            Set<String> now = serving(sample);
            if (serving == null) {
                serving = now;
            } else if (!serving.equals(now)) {
                phases.add(phase(serving, start, sample.at()));
                serving = now;
                start = sample.at();
            }
        }
        if (serving != null) {
            phases.add(phase(serving, start, load.end()));
        }
        return List.copyOf(phases);
    }

    private static Set<String> serving(Sample sample) {
        Set<String> serving = new HashSet<>();
        for (PodSample pod : sample.pods()) {
            if (pod.ready()) {
                serving.add(pod.pod());
            }
        }
        return serving;
    }

    private Phase phase(Set<String> serving, long start, long end) {
        long from = start + Constants.SETTLING_MILLIS - JITTER_MILLIS;
        long to = end + JITTER_MILLIS;
        List<Sample> samples = timeline.samples(from, end);
        List<Window> settled =
                windows.stream().filter(w -> w.from() >= from && w.to() <= to).toList();
        List<Double> good = settled.stream().map(Window::good).sorted().toList();
        int whole = (int) Math.max(0, (end - start - Constants.SETTLING_MILLIS + 500) / 1000);
        int count = windows.isEmpty() ? whole : seconds(settled);
        Double mean = mean(settled, Window::good);
        Double throughput = median(good);
        Double answers = mean(settled, Window::answers);
        // What the first tells of the service is of the second before it, which is no part of the
        // stretch.
        List<Sample> within = samples.stream().skip(1).toList();
        Service service = service(within);
        boolean constant = load.plan().mode() == LoadRecord.Mode.CONSTANT_RATE;
        Double latency = constant ? service.mean() : little(answers, service.open());
        return new Phase(
                start,
                end,
                count,
                throughput,
                mean,
                false,
                answers,
                latency,
                covers(service, answers, (end - from) / 1e3) ? service.mean() : null,
                first(within),
                service.open(),
                pods(serving, samples));
    }

    /** Seconds that were seen: one that was missed is in the window after it, unless the look was away for long. */
    private static int seconds(List<Window> windows) {
        long millis = 0;
        for (Window window : windows) {
            millis += Math.min(window.to() - window.from(), LONGEST_WINDOW_MILLIS);
        }
        return (int) Math.round(millis / 1e3);
    }

    /** Over all of some windows, each by its length; null without any. */
    private static @Nullable Double mean(List<Window> windows, ToDoubleFunction<Window> rate) {
        double sum = 0;
        double seconds = 0;
        for (Window window : windows) {
            double length = (window.to() - window.from()) / 1e3;
            sum += rate.applyAsDouble(window) * length;
            seconds += length;
        }
        return seconds == 0 ? null : Double.valueOf(sum / seconds);
    }

    /** N/X: with those connections that were open, since one that is refused waits for no answer. */
    private @Nullable Double little(@Nullable Double answers, @Nullable Double open) {
        if (answers == null || answers == 0) {
            return null;
        }
        double n = open == null ? connections(load) : Math.min(open, connections(load));
        return n / answers * 1e3;
    }

    /** How many connections the closed loop had. */
    static double connections(LoadRecord load) {
        Integer opened = load.connections().opened();
        return opened == null || opened > load.plan().connections()
                ? load.plan().connections()
                : opened;
    }

    static @Nullable Double median(List<Double> sorted) {
        int n = sorted.size();
        return n == 0 ? null : Double.valueOf((sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2);
    }

    /**
     * What the balancer saw of a phase.
     *
     * @param steady whether about as many connections were open throughout
     */
    private record Service(
            @Nullable Double mean, long count, @Nullable Double open, boolean steady) {}

    /**
     * Whether what the balancer measured is of the phase as a whole: of all its seconds, and with about as many connections throughout. Pods that are unready take
     * no new ones while old ones end, and Little's law is one of steady states.
     */
    private boolean covers(Service service, @Nullable Double answers, double seconds) {
        boolean all = answers != null && service.count() >= COVERED * answers * seconds;
        return all && (service.steady() || load.plan().mode() != LoadRecord.Mode.CLOSED);
    }

    private static Service service(List<Sample> samples) {
        double sum = 0;
        long count = 0;
        double open = 0;
        double least = Double.MAX_VALUE;
        double most = 0;
        int readings = 0;
        for (Sample sample : samples) {
            ServiceSample service = sample.service();
            if (service == null) {
                continue;
            }
            open += service.open();
            least = Math.min(least, service.open());
            most = Math.max(most, service.open());
            readings++;
            Double mean = service.mean();
            if (mean != null) {
                sum += mean * service.count();
                count += service.count();
            }
        }
        return new Service(
                count == 0 ? null : Double.valueOf(sum / count),
                count,
                readings == 0 ? null : Double.valueOf(open / readings),
                least >= (1 - Constants.LITTLE) * most);
    }

    /** The mean latency of as many answers, from the first on, as there are connections. */
    private @Nullable Double first(List<Sample> samples) {
        double left = connections(load);
        double waited = 0;
        double answered = 0;
        for (Sample sample : samples) {
            ServiceSample service = sample.service();
            if (service == null || service.mean() == null || left <= 0) {
                continue;
            }
            double count = Math.min(left, service.count());
            waited += count * service.mean();
            answered += count;
            left -= count;
        }
        return answered == 0 ? null : Double.valueOf(waited / answered);
    }

    private List<PodShare> pods(Set<String> serving, List<Sample> samples) {
        List<String> names = timeline.pods().stream().filter(serving::contains).toList();
        List<@Nullable Double> answers = new ArrayList<>();
        double total = 0;
        boolean known = source != null;
        for (String name : names) {
            Double grown = source == null ? null : answers(samples, name, source);
            answers.add(grown);
            known &= grown != null;
            total += grown == null ? 0 : grown;
        }
        List<PodShare> pods = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Double own = answers.get(i);
            Double share = known && total > 0 && own != null ? Double.valueOf(own / total) : null;
            pods.add(pod(names.get(i), share, samples));
        }
        return pods;
    }

    private static @Nullable Double answers(
            List<Sample> samples, String pod, TrafficSource source) {
        Growth growth =
                Counters.growth(
                        samples,
                        pod,
                        p -> {
                            Traffic traffic = source.of(p);
                            return traffic == null ? null : Long.valueOf(traffic.answers());
                        });
        return growth == null ? null : Double.valueOf(growth.perSecond());
    }

    private static PodShare pod(String name, @Nullable Double share, List<Sample> samples) {
        Growth cpu = Counters.growth(samples, name, PodSample::cpuSeconds);
        Double limit = null;
        for (Sample sample : samples) {
            PodSample pod = sample.pod(name);
            limit = pod == null || pod.limitCores() == null ? limit : pod.limitCores();
        }
        Double ofLimit =
                cpu == null || limit == null || limit <= 0
                        ? null
                        : Double.valueOf(cpu.perSecond() / limit);
        Growth periods = Counters.growth(samples, name, PodSample::periods);
        Growth throttledPeriods = Counters.growth(samples, name, PodSample::throttledPeriods);
        Double throttled =
                periods == null || throttledPeriods == null || periods.amount() <= 0
                        ? null
                        : Double.valueOf(throttledPeriods.amount() / periods.amount());
        return new PodShare(name, share, ofLimit, throttled, saturated(ofLimit, throttled));
    }

    /** True as soon as one of both shows it; false only where the CPU is known to be below. */
    private static @Nullable Boolean saturated(
            @Nullable Double cpuOfLimit, @Nullable Double throttled) {
        if (throttled != null && throttled >= Constants.SATURATED_THROTTLED) {
            return true;
        }
        return cpuOfLimit == null ? null : Boolean.valueOf(cpuOfLimit >= Constants.SATURATED_CPU);
    }
}
