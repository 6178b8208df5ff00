package dev.headroom.lab.verdict;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.HostSample;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.Cause.Fix;
import dev.headroom.lab.verdict.Counters.Growth;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether the measurement itself was the limit: then nothing it shows is the service's. */
final class Soundness implements Rule {
    /** Files that a generator has open besides its connections. */
    private static final int OTHER_FILES = 64;

    private static final int BALANCER_FILES = 160;

    @Override
    public Verdict verdict() {
        return Verdict.INVALID;
    }

    @Override
    public Outcome on(Run run) {
        List<Evidence> evidence = new ArrayList<>();
        Fix fix = connections(run, evidence);
        if (fix == null) {
            fix = joined(run, evidence);
        }
        generator(run, evidence);
        host(run, evidence);
        new Conservation(run).check(evidence);
        if (!evidence.isEmpty()) {
            return new Outcome.Fires(new Cause.Unsound(evidence.getFirst().what(), fix), evidence);
        }
        List<String> unknown = unknown(run);
        return unknown.isEmpty() ? Outcome.no() : new Outcome.Lacks(Text.list(unknown));
    }

    /** What could not be checked. */
    private static List<String> unknown(Run run) {
        List<String> unknown = new ArrayList<>();
        if (run.isClosedLoop() && run.load().connections().opened() == null) {
            unknown.add("how many connections were open");
        }
        if (run.load().use().isEmpty()) {
            unknown.add("the load generator's own CPU");
        }
        List<Phase> serving = run.deciding().stream().filter(p -> p.size() > 0).toList();
        if (!serving.isEmpty() && serving.stream().noneMatch(p -> host(run, p))) {
            unknown.add("the host's CPU and the pods' waits for it");
        }
        if (run.timeline().latency() == null) {
            unknown.add("the balancer's count of answers");
        }
        return unknown;
    }

    private static boolean host(Run run, Phase phase) {
        List<Sample> samples = run.timeline().samples(phase.settled(), phase.end());
        return busy(samples) != null
                && phase.pods().stream()
                        .anyMatch(p ->
                                Counters.growth(samples, p.pod(), PodSample::runQueueSeconds)
                                        != null);
    }

    private static @Nullable Fix connections(Run run, List<Evidence> evidence) {
        LoadRecord load = run.load();
        int asked = load.connections().asked();
        Integer opened = load.connections().opened();
        long files = load.generator().openFilesLimit();
        boolean tooFewFiles = files > 0 && files < asked && (opened == null || opened < asked);
        boolean missed =
                run.isClosedLoop()
                        && opened != null
                        && opened < asked * (1 - Constants.CONNECTIONS_MISSED);
        if (!missed && !tooFewFiles) {
            return null;
        }
        evidence.add(
                new Evidence(
                        load.start(),
                        "the load generator "
                                + hadOpen(opened == null ? "fewer" : Text.number(opened), asked)
                                + (tooFewFiles ? mayOpen(files) : ""),
                        opened == null ? "unknown" : Text.number(opened),
                        "3-load.json connections: " + load.connections().source()));
        return files > 0 && files < asked + OTHER_FILES
                ? ulimit(
                        files,
                        asked + OTHER_FILES,
                        "a file for each of the "
                                + Text.number(asked)
                                + " connections, and "
                                + OTHER_FILES
                                + " for the generator's own")
                : null;
    }

    /** Clients whose connections nobody accepts are connected all the same: the embedded cluster's balancer has two files for each. */
    private static @Nullable Fix joined(Run run, List<Evidence> evidence) {
        LoadRecord load = run.load();
        int asked = load.connections().asked();
        long files = load.generator().openFilesLimit();
        long needed = 2L * asked + BALANCER_FILES;
        double most =
                run.timeline().samples().stream()
                        .map(Sample::service)
                        .filter(Objects::nonNull)
                        .mapToDouble(ServiceSample::open)
                        .max()
                        .orElse(0);
        if (!run.isClosedLoop()
                || files <= 0
                || files >= needed
                || most <= 0
                || most >= asked * (1 - Constants.CONNECTIONS_MISSED)) {
            return null;
        }
        evidence.add(
                new Evidence(
                        load.start(),
                        "the balancer " + hadOpen(Text.number(most), asked) + mayOpen(files),
                        Text.number(most),
                        "4-observations.jsonl service.open"));
        return ulimit(
                files,
                needed,
                "two files for each of the "
                        + Text.number(asked)
                        + " connections, and "
                        + BALANCER_FILES
                        + " for the rest of the embedded cluster");
    }

    private static String hadOpen(String connections, int asked) {
        return "had "
                + connections
                + " connections open at most, of "
                + Text.number(asked)
                + " asked for";
    }

    private static String mayOpen(long files) {
        return "; it may open only " + Text.counted(files, "file", "files");
    }

    private static Fix ulimit(long files, long needed, String why) {
        return new Fix("ulimit -n", String.valueOf(files), String.valueOf(needed), why);
    }

    private static void generator(Run run, List<Evidence> evidence) {
        LoadRecord load = run.load();
        int full = 0;
        int late = 0;
        int counted = 0;
        for (LoadRecord.Use use : load.use()) {
            Boolean saturated = saturatedAt(run, use.at());
            Double lag = use.lagP99Millis();
            late += lag != null && lag > mostLag(run, saturated) ? 1 : 0;
            counted++;
            if (Boolean.FALSE.equals(saturated)
                    && use.part(load.generator().cpus()) >= Constants.GENERATOR_CPU) {
                full++;
            }
        }
        double least = Constants.GENERATOR_WINDOWS * counted;
        if (full > 0 && full >= least) {
            evidence.add(
                    new Evidence(
                            null,
                            "the load generator used "
                                    + Text.percent(Constants.GENERATOR_CPU)
                                    + " or more of its "
                                    + Text.number(load.generator().cpus())
                                    + " CPUs in "
                                    + full
                                    + " of "
                                    + Text.counted(counted, "second", "seconds")
                                    + " while no pod was saturated",
                            full + " of " + counted,
                            "3-load.json use.cpuCores"));
        }
        if (late > 0 && late >= least) {
            evidence.add(
                    new Evidence(
                            null,
                            "the load generator's loop was late by more than "
                                    + Text.millis(Constants.GENERATOR_LAG_MILLIS)
                                    + " (p99) in "
                                    + late
                                    + " of "
                                    + Text.counted(counted, "second", "seconds"),
                            late + " of " + counted,
                            "3-load.json use.lagP99Millis"));
        }
        rate(run, evidence);
    }

    /**
     * How late its loop may be, milliseconds. In a closed loop it adds to each latency once, and takes nothing from pods that are full: there it must only be small against what
     * is measured.
     */
    private static double mostLag(Run run, @Nullable Boolean saturated) {
        Latencies.Value mean = run.latencies().mean();
        return !run.isClosedLoop() || Boolean.FALSE.equals(saturated) || mean == null
                ? Constants.GENERATOR_LAG_MILLIS
                : Math.max(Constants.GENERATOR_LAG_MILLIS, Constants.LITTLE * mean.millis());
    }

    /** Null between phases, and where it is not known. */
    private static @Nullable Boolean saturatedAt(Run run, long at) {
        for (Phase phase : run.phases()) {
            if (at > phase.settled() && at <= phase.end()) {
                return phase.anySaturated();
            }
        }
        return null;
    }

    private static void rate(Run run, List<Evidence> evidence) {
        Double rate = run.load().plan().ratePerSecond();
        if (rate == null || run.load().windows().isEmpty()) {
            return;
        }
        long due = run.load().windows().stream().mapToLong(LoadRecord.Window::due).sum();
        double seconds = (run.load().windows().getLast().at() - run.start()) / 1e3;
        double wanted = rate * Math.min(seconds, run.load().plan().durationSeconds());
        if (wanted > 0 && Math.abs(due - wanted) > Constants.RATE_MISSED * wanted + rate / 2) {
            evidence.add(
                    new Evidence(
                            null,
                            "the load generator made "
                                    + Text.number(due)
                                    + " requests due where the rate of "
                                    + Text.rate(rate)
                                    + " wants "
                                    + Text.number(wanted),
                            Text.percent(due / wanted),
                            "3-load.json windows.due"));
        }
        answered(run, wanted, evidence);
    }

    /** What is due and not answered is a backlog: of the pods where one is full, else of the connections that the load may use. */
    private static void answered(Run run, double wanted, List<Evidence> evidence) {
        long answers = run.load().windows().stream().mapToLong(LoadRecord.Window::answers).sum();
        double least = (1 - Constants.RATE_MISSED) * wanted - run.load().plan().connections();
        List<Phase> deciding = run.deciding();
        boolean free =
                !deciding.isEmpty()
                        && deciding.stream().allMatch(p -> Boolean.FALSE.equals(p.anySaturated()));
        if (free && run.load().failed() == 0 && answers < least) {
            evidence.add(
                    new Evidence(
                            null,
                            "the rate was missed: "
                                    + Text.number(answers)
                                    + " of "
                                    + Text.number(wanted)
                                    + " requests due were answered on "
                                    + Text.counted(
                                            run.load().plan().connections(),
                                            "connection",
                                            "connections")
                                    + ", while no pod was saturated",
                            Text.percent(answers / wanted),
                            "3-load.json windows"));
        }
    }

    /** The host was full while a pod that was not saturated waited for a CPU. */
    private static void host(Run run, List<Evidence> evidence) {
        for (Phase phase : run.deciding()) {
            List<Sample> samples = run.timeline().samples(phase.settled(), phase.end());
            Double busy = busy(samples);
            if (busy == null || busy < Constants.HOST_FULL) {
                continue;
            }
            for (PodShare pod : phase.pods()) {
                Growth waited = Counters.growth(samples, pod.pod(), PodSample::runQueueSeconds);
                Growth ran = Counters.growth(samples, pod.pod(), PodSample::cpuSeconds);
                if (waited == null || ran == null || !Boolean.FALSE.equals(pod.saturated())) {
                    continue;
                }
                double running = ran.perSecond() * run.place().cpuScale();
                double part = waited.perSecond() / (waited.perSecond() + running);
                if (part >= Constants.WAITING && waited.perSecond() >= Constants.LEAST_WAITING) {
                    evidence.add(
                            new Evidence(
                                    phase.start(),
                                    "the host was full ("
                                            + Text.percent(busy)
                                            + " of its CPUs) while pod "
                                            + pod.pod()
                                            + ", below its limit, waited for a CPU "
                                            + Text.percent(part)
                                            + " of the time it would run",
                                    Text.percent(busy),
                                    "4-observations.jsonl host.busySeconds, runQueueSeconds"));
                    return;
                }
            }
        }
    }

    /** Part of the host's CPUs in use or taken away; null where it is not watched. */
    static @Nullable Double busy(List<Sample> samples) {
        Sample first = null;
        Sample last = null;
        for (Sample sample : samples) {
            if (sample.host() != null) {
                first = first == null ? sample : first;
                last = sample;
            }
        }
        HostSample from = first == null ? null : first.host();
        HostSample to = last == null ? null : last.host();
        if (from == null
                || to == null
                || first == null
                || last == null
                || last.at() == first.at()) {
            return null;
        }
        double used =
                to.busySeconds() - from.busySeconds() + to.stealSeconds() - from.stealSeconds();
        return used / (to.cpus() * (last.at() - first.at()) / 1e3);
    }
}
