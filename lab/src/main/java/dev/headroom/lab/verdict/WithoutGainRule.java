package dev.headroom.lab.verdict;

import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.observe.TrafficSource;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods were added and had a phase to show what they are good for, and it is not enough. */
final class WithoutGainRule implements Rule {
    /** Connections that a kubelet's probes and the observer open at each pod in a second. */
    private static final double OTHERS_PER_SECOND = 1.5;

    @Override
    public Verdict verdict() {
        return Verdict.SCALED_WITHOUT_GAIN;
    }

    @Override
    public Outcome on(Run run) {
        if (run.loadRises().isEmpty()) {
            return Outcome.no();
        }
        if (run.reachesOnePod()) {
            return new Outcome.Lacks(Lacking.wayIn());
        }
        Gain gain = Gain.of(run);
        if (gain == null) {
            return Outcome.no();
        }
        if (gain.enough() == null) {
            return new Outcome.Lacks(
                    gain.before() == null && run.isClosedLoop() && !run.windows().isEmpty()
                            ? "a phase before the scale-out that is long enough"
                            : run.isClosedLoop() ? Lacking.answers() : "latencies by window");
        }
        double half = Constants.ENOUGH_SHARE * gain.fairShare();
        List<PodShare> idle =
                gain.added(run).stream()
                        .filter(p -> p.share() != null && p.share() < half)
                        .toList();
        // Where the new pods are idle, what grew is what the old ones do: they were still warming
        // up.
        if (gain.enough() && idle.isEmpty()) {
            return Outcome.no();
        }
        List<Evidence> evidence = new ArrayList<>(gain.evidence());
        boolean pinned = !idle.isEmpty() && pinned(run, gain, idle, evidence);
        String why = why(run, gain, idle, pinned, evidence);
        return new Outcome.Fires(
                new Cause.WithoutGain(
                        gain, pinned, why, (gain.after().end() - gain.after().start()) / 1e3),
                evidence);
    }

    private static String why(
            Run run, Gain gain, List<PodShare> idle, boolean pinned, List<Evidence> evidence) {
        if (!idle.isEmpty()) {
            for (PodShare pod : gain.after().pods()) {
                evidence.add(share(gain, pod));
            }
            return pinned
                    ? "connections are pinned to the pods that were there when they were opened"
                    : "the new pods get less than half their fair share of the requests";
        }
        Double busy =
                Soundness.busy(run.timeline().samples(gain.after().settled(), gain.after().end()));
        if (busy != null && busy >= Constants.HOST_FULL) {
            evidence.add(
                    new Evidence(
                            gain.after().start(),
                            "the host was full: " + Text.percent(busy) + " of its CPUs",
                            Text.percent(busy),
                            "4-observations.jsonl host.busySeconds"));
            return "the host is full";
        }
        if (gain.added(run).stream().anyMatch(p -> p.share() == null)) {
            return idleByCpu(run, gain, evidence)
                    ? "the new pods stay idle, so the connections seem to stay with the old ones (the answers of each pod are unknown)"
                    : "why is unknown, since the answers of each pod are";
        }
        return Boolean.FALSE.equals(gain.after().anySaturated())
                ? "no pod is saturated, so something other than their CPU is the limit"
                : "the new pods get their share, so something they have in common is the limit";
    }

    /** Whether the new pods use less than half of what a pod uses on average, by their CPU. */
    private static boolean idleByCpu(Run run, Gain gain, List<Evidence> evidence) {
        var samples = run.timeline().samples(gain.after().settled(), gain.after().end());
        double sum = 0;
        double most = 0;
        for (PodShare pod : gain.after().pods()) {
            var cpu = Counters.growth(samples, pod.pod(), p -> p.cpuSeconds());
            if (cpu == null) {
                return false;
            }
            sum += cpu.perSecond();
            most = gain.added(run).contains(pod) ? Math.max(most, cpu.perSecond()) : most;
        }
        if (most >= Constants.ENOUGH_SHARE * gain.fairShare() * sum) {
            return false;
        }
        evidence.add(
                new Evidence(
                        gain.after().start(),
                        "the new pods use at most "
                                + Text.cores(most)
                                + " of CPU, of "
                                + Text.cores(sum)
                                + " in all",
                        Text.cores(most),
                        "4-observations.jsonl pods.cpuSeconds"));
        return true;
    }

    private static Evidence share(Gain gain, PodShare pod) {
        String share = pod.share() == null ? "unknown" : Text.percent(pod.share());
        return new Evidence(
                gain.after().start(),
                "pod "
                        + pod.pod()
                        + " gave "
                        + share
                        + " of the answers; its fair share is "
                        + Text.percent(gain.fairShare()),
                share,
                "4-observations.jsonl answers per pod");
    }

    /** Whether connections stay: fewer than half as many as are open were opened during the phase, so that the new pods could not get their part. */
    private static boolean pinned(
            Run run, Gain gain, List<PodShare> idle, List<Evidence> evidence) {
        var samples = run.timeline().samples(gain.after().settled(), gain.after().end());
        TrafficSource source = TrafficSource.in(samples);
        if (source == null || samples.isEmpty()) {
            return false;
        }
        double opened = 0;
        int open = 0;
        int openOnIdle = 0;
        for (PodShare pod : gain.after().pods()) {
            var grown =
                    Counters.growth(
                            samples,
                            pod.pod(),
                            p -> {
                                Traffic traffic = source.of(p);
                                return traffic == null ? null : Long.valueOf(traffic.connections());
                            });
            Integer now = open(samples, pod.pod(), source);
            if (grown == null || now == null) {
                return false;
            }
            opened += grown.amount();
            open += now;
            openOnIdle += idle.contains(pod) ? now : 0;
        }
        // Pods that are asked themselves count the probes and the observer among their connections.
        double others =
                source == TrafficSource.OWN
                        ? OTHERS_PER_SECOND
                                * gain.after().size()
                                * (gain.after().end() - gain.after().settled())
                                / 1e3
                        : 0;
        boolean pinned = opened - others < Constants.PINNED * Math.max(1, open);
        if (pinned) {
            evidence.add(
                    new Evidence(
                            gain.after().start(),
                            "the new pods hold "
                                    + openOnIdle
                                    + " of "
                                    + Text.counted(open, "connection", "connections")
                                    + ", and "
                                    + Text.number(opened)
                                    + " were opened in the "
                                    + Text.seconds(
                                            (gain.after().end() - gain.after().settled()) / 1e3)
                                    + " of the phase: a Service balances connections, not requests",
                            openOnIdle + " of " + open,
                            "4-observations.jsonl connections per pod, by " + source.words()));
        }
        return pinned;
    }

    private static @Nullable Integer open(
            List<Observation.Sample> samples, String pod, TrafficSource source) {
        Integer open = null;
        for (var sample : samples) {
            var found = sample.pod(pod);
            Traffic traffic = found == null ? null : source.of(found);
            open = traffic == null ? open : Integer.valueOf(traffic.open());
        }
        return open;
    }
}
