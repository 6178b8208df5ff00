package dev.headroom.lab.verdict;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.Threshold;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.HostSample;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Replicas;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.ServiceSample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run put together by hand, of what one rule looks at and nothing else. A recorded run seldom stands exactly on a bound; this one does.
 *
 * <p>Times are seconds since the load began. As it is, ten connections are open for a minute and nothing is seen.
 */
final class Small {
    static final long START = 3_600_000;

    LoadRecord.Mode mode = LoadRecord.Mode.CLOSED;
    @Nullable Double rate;
    int connections = 10;
    @Nullable Integer opened = 10;
    double planned = 60;
    double end = 60;
    long files;
    long answers;
    long late;
    LoadRecord.@Nullable Latency latency;
    final List<LoadRecord.Window> generated = new ArrayList<>();
    final List<LoadRecord.Use> use = new ArrayList<>();
    final List<Observation> seen = new ArrayList<>();

    int replicas = 1;
    DeploymentRecord.@Nullable Autoscaler autoscaler;
    final List<DeploymentRecord.Container> containers = new ArrayList<>();

    final List<Threshold> thresholds = new ArrayList<>();
    final List<Expectation> judged = new ArrayList<>();
    final List<Window> windows = new ArrayList<>();
    final List<Phase> phases = new ArrayList<>();
    final List<SeenPass> passes = new ArrayList<>();
    final List<Rise.Write> writes = new ArrayList<>();
    final List<Rise> rises = new ArrayList<>();

    static long at(double seconds) {
        return START + Math.round(seconds * 1000);
    }

    Small see(Observation... observations) {
        seen.addAll(List.of(observations));
        return this;
    }

    /** Under a constant rate. */
    Small atRate(double perSecond) {
        mode = LoadRecord.Mode.CONSTANT_RATE;
        rate = perSecond;
        return this;
    }

    /** With an autoscaler named web, its target 50 %. */
    Small scaledUpTo(int max) {
        autoscaler = new DeploymentRecord.Autoscaler("web", 1, max, 50);
        return this;
    }

    LoadRecord load() {
        return new LoadRecord(
                LoadRecord.SCHEMA,
                new LoadRecord.Generator("headroom", "1", List.of(), 1, files, ""),
                new LoadRecord.Plan(
                        mode, "http://127.0.0.1/", 1, connections, rate, planned, 2, null),
                START,
                at(end),
                new LoadRecord.Ended(LoadRecord.Ended.How.COMPLETED, null),
                new LoadRecord.Connections(connections, opened, "a test"),
                answers,
                0,
                Map.of(),
                new LoadRecord.Errors(0, 0, 0, 0, late),
                0,
                latency,
                generated,
                use);
    }

    Timeline timeline() {
        return new Timeline(seen);
    }

    DeploymentRecord deployment() {
        return new DeploymentRecord(
                DeploymentRecord.SCHEMA,
                0,
                0,
                new DeploymentRecord.Place("embedded", null, "", "", "", List.of()),
                List.of(),
                new DeploymentRecord.Target(
                        "web",
                        80,
                        "/",
                        "Deployment",
                        "web",
                        replicas,
                        Map.of("app", "web"),
                        containers,
                        autoscaler),
                new DeploymentRecord.Rollout(true, 5, replicas, replicas, List.of()),
                null,
                List.of(),
                new DeploymentRecord.Program("", "", "", "", 1, 1));
    }

    Run run() {
        Timeline timeline = timeline();
        return new Run(
                new Experiment(
                        "small",
                        List.of(),
                        null,
                        new Experiment.Target("web", "/"),
                        new Experiment.Wrk(
                                1, connections, Duration.ofMinutes(1), null, Duration.ofSeconds(2)),
                        Map.of(),
                        new Experiment.Timeouts(Duration.ZERO, Duration.ZERO),
                        new Experiment.Expect(null, thresholds)),
                deployment(),
                load(),
                timeline,
                Place.of(deployment()),
                windows,
                phases,
                passes,
                writes,
                rises,
                Latencies.of(load(), timeline),
                judged,
                Harm.of(judged));
    }

    // --- parts

    /** A phase with a window for every second after its settling. */
    static Phase phase(double from, double to, @Nullable Double throughput, PodShare... pods) {
        return new Phase(
                at(from),
                at(to),
                (int) Math.max(0, to - from - 5),
                throughput,
                throughput,
                false,
                throughput,
                null,
                null,
                null,
                null,
                List.of(pods));
    }

    static PodShare pod(String name, @Nullable Double share, @Nullable Boolean saturated) {
        return new PodShare(name, share, null, null, saturated);
    }

    static PodShare pod(String name) {
        return pod(name, null, null);
    }

    /** Good answers, and what is known of the rest: requests due, a second, and the 99th percentile. */
    static Window window(
            double from, double to, double good, @Nullable Double due, @Nullable Double p99) {
        return new Window(at(from), at(to), good, good, null, due, null, null, null, p99, null);
    }

    static Sample sample(double at, PodSample... pods) {
        return sample(at, null, null, pods);
    }

    static Sample sample(
            double at,
            @Nullable HostSample host,
            @Nullable ServiceSample service,
            PodSample... pods) {
        int n = pods.length;
        return new Sample(at(at), new Replicas(n, n, n), List.of(pods), host, service);
    }

    /** A ready pod by the seconds of CPU that it used and waited for. */
    static PodSample using(String name, @Nullable Double cpu, @Nullable Double waited) {
        return new PodSample(name, true, cpu, null, null, null, null, null, waited, null, null);
    }

    /** A ready pod by what the balancer counted for it. */
    static PodSample serving(String name, @Nullable Traffic balancer) {
        return new PodSample(name, true, null, null, null, null, null, null, null, null, balancer);
    }

    static Traffic answered(long answers, long failed) {
        return new Traffic(answers, failed, 0, 0);
    }
}
