package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.Threshold;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.VerdictRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run made up by hand: an autoscaler goes from 1 to 3 pods under 60 s of load, decided at 16 s and 31 s. {@code text} stands wherever a run could
 * bring along text of others: pod names, events, conditions, logs. With a gap, nothing could be read of the first pod from 40 s to 43 s.
 */
record SampleRun(String text, boolean wrk, boolean gap) {
    static final long START = 1_795_000_000_000L;
    static final int BEFORE = 20;
    static final int SECONDS = 60;

    static SampleRun plain() {
        return new SampleRun("", false, false);
    }

    /** The same run as wrk would have driven it: no windows, no histogram, latencies of the in-time few. */
    static SampleRun byWrk() {
        return new SampleRun("", true, false);
    }

    static SampleRun hostile(String text) {
        return new SampleRun(text, false, false);
    }

    static SampleRun withGap() {
        return new SampleRun("", false, true);
    }

    String html() {
        return Report.html(experiment(), deployment(), load(), observations(), verdict());
    }

    String markdown() {
        return Report.markdown(deployment(), load(), observations(), verdict());
    }

    String junit() {
        return Report.junit(load(), verdict());
    }

    String pod(int n) {
        return "iris-api-deployment-7d9c5b6f4-" + List.of("aaaaa", "bbbbb", "ccccc").get(n) + text;
    }

    Experiment experiment() {
        return new Experiment(
                "autoscaling",
                List.of(Path.of("/k8s")),
                new Experiment.Autoscaler(1, 3),
                new Experiment.Target("iris-api-service", "/predict" + text),
                new Experiment.Wrk(
                        4,
                        1000,
                        Duration.ofSeconds(SECONDS),
                        Path.of("/k8s/wrk-post.lua"),
                        Duration.ofSeconds(2)),
                Map.of(),
                new Experiment.Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(360)),
                new Experiment.Expect(
                        Verdict.SCALED,
                        List.of(
                                new Threshold(
                                        Threshold.Metric.HTTP_REQ_FAILED,
                                        Threshold.Aggregation.RATE,
                                        Double.NaN,
                                        Threshold.Operator.LESS,
                                        0.001))));
    }

    DeploymentRecord deployment() {
        return new DeploymentRecord(
                1,
                START - 40_000,
                START - 38_000,
                new DeploymentRecord.Place(
                        "embedded",
                        null,
                        "https://127.0.0.1:6443",
                        "v1.34.2",
                        "default",
                        List.of(
                                new DeploymentRecord.Node(
                                        "headroom" + text,
                                        Map.of("cpu", "2", "memory", "8Gi", "pods", "110"),
                                        Map.of("cpu", "2", "memory", "8Gi", "pods", "110"),
                                        "v1.34.2",
                                        "Linux",
                                        "6.1",
                                        "amd64"))),
                List.of(),
                new DeploymentRecord.Target(
                        "iris-api-service",
                        80,
                        "/predict",
                        "Deployment",
                        "iris-api-deployment",
                        1,
                        Map.of("app", "iris-api", "tier", "model", "a", "b"),
                        List.of(
                                new DeploymentRecord.Container(
                                        "iris-api", "iris-api:1", null, 0.25, 0.5, null, "64Mi")),
                        new DeploymentRecord.Autoscaler("iris-api-hpa", 1, 3, 50)),
                new DeploymentRecord.Rollout(true, 1.2, 1, 1, List.of()),
                new DeploymentRecord.WayIn(
                        "http://127.0.0.1:8080", "LoadBalancer", "the service has an address"),
                List.of(
                        new DeploymentRecord.Setting("cpuScale", "0.4", "chosen" + text),
                        new DeploymentRecord.Setting("cpuLimits", "cgroup-v2", "the node"),
                        new DeploymentRecord.Setting("syncPeriodSeconds", "15", "the cluster")),
                new DeploymentRecord.Program("0.1.0", "25", "Linux", "a CPU" + text, 2, 8L << 30));
    }

    LoadRecord load() {
        Histogram histogram = histogram();
        List<LoadRecord.Window> windows = new ArrayList<>();
        List<LoadRecord.Use> use = new ArrayList<>();
        for (int s = 1; s <= SECONDS; s++) {
            long at = START + s * 1000L;
            windows.add(
                    new LoadRecord.Window(
                            at,
                            rate(s),
                            rate(s),
                            0,
                            0,
                            1000,
                            1000.0 * 1000 / rate(s),
                            1500.0 * 1000 / rate(s),
                            2000.0 * 1000 / rate(s)));
            use.add(new LoadRecord.Use(at, 0.3 + s % 3 / 100.0, wrk ? null : 1.5, 1010));
        }
        long answers = windows.stream().mapToLong(LoadRecord.Window::answers).sum();
        return new LoadRecord(
                1,
                new LoadRecord.Generator(
                        wrk ? "wrk" : "headroom",
                        "4.1.0",
                        List.of("wrk", "-t4", "-c1000"),
                        2,
                        65536,
                        "Running 60s test" + text),
                new LoadRecord.Plan(
                        LoadRecord.Mode.CLOSED,
                        "http://127.0.0.1:8080/predict",
                        4,
                        1000,
                        null,
                        SECONDS,
                        2,
                        "wrk-post.lua"),
                START,
                START + SECONDS * 1000L,
                new LoadRecord.Ended(LoadRecord.Ended.How.COMPLETED, null),
                new LoadRecord.Connections(1000, 1000, "its sockets"),
                answers,
                0,
                wrk ? Map.of() : Map.of("200", answers),
                new LoadRecord.Errors(0, 0, 0, 0, wrk ? answers - 300 : 0),
                answers * 120,
                new LoadRecord.Latency(
                        "every answer from when it was sent",
                        wrk ? 300 : histogram.getTotalCount(),
                        wrk,
                        40.0,
                        101.5,
                        33.25,
                        420.0,
                        Map.of("p50", 96.125, "p75", 120.0, "p90", 150.0, "p99", 210.5),
                        wrk ? null : encoded(histogram)),
                wrk ? List.of() : windows,
                use);
    }

    /** Latencies in microseconds: 1 ms to 1000 ms, each once. */
    static Histogram histogram() {
        Histogram histogram = new Histogram(3);
        for (long millis = 1; millis <= 1000; millis++) {
            histogram.recordValue(millis * 1000);
        }
        return histogram;
    }

    private static String encoded(Histogram histogram) {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }

    /** Pods that serve at a second of the load. */
    static int serving(int second) {
        return second < 17 ? 1 : second < 32 ? 2 : 3;
    }

    private static long rate(int second) {
        return second <= 0 ? 0 : 5000L * serving(second);
    }

    List<Observation> observations() {
        List<Observation> all = new ArrayList<>();
        all.add(new Observation.Mark(START, "load-start", "CLOSED"));
        all.add(new Observation.Mark(START + SECONDS * 1000L, "load-end", "COMPLETED"));
        long[] answers = new long[3];
        double[] cpu = new double[3];
        for (int s = -BEFORE; s <= SECONDS; s++) {
            all.add(sample(s, answers, cpu));
        }
        all.add(hpa(-BEFORE, 1, 0, "True", "ValidMetricFound"));
        all.add(hpa(16, 2, 73, "True", "ValidMetricFound"));
        all.add(hpa(31, 3, 140, "True", "ValidMetricFound"));
        all.add(hpa(46, 3, 161, "True", "ValidMetricFound"));
        all.add(pod(-40_000, 0, false));
        all.add(pod(-38_000, 0, true));
        all.add(pod(16_050, 1, false));
        all.add(pod(17_000, 1, true));
        all.add(pod(31_050, 2, false));
        all.add(pod(32_000, 2, true));
        all.add(event(16_020, "SuccessfulRescale", "New size: 2" + text));
        all.add(event(31_020, "SuccessfulRescale", "New size: 3" + text));
        all.add(new Observation.Gap(START - 15_000, "pods' own metrics", "no /metrics" + text));
        all.add(
                new Observation.ServiceLatency(
                        START + SECONDS * 1000L,
                        START,
                        START + SECONDS * 1000L,
                        1000,
                        98.75,
                        Map.of("p50", 90.0),
                        new double[] {50, 100, 200, 400},
                        new long[] {250, 250, 400, 100, 0}));
        return firstAdded(all);
    }

    private Observation.Sample sample(int s, long[] answers, double[] cpu) {
        List<PodSample> pods = new ArrayList<>();
        int there = s < 16 ? 1 : s < 31 ? 2 : 3;
        for (int p = 0; p < there; p++) {
            boolean serves = p < serving(s) && s > 0;
            answers[p] += serves ? 5000 + 100 * p + s % 7 : 0;
            cpu[p] += serves ? 0.48 - 0.02 * p : 0.002;
            boolean unread = gap && p == 0 && s >= 40 && s <= 43;
            pods.add(
                    new PodSample(
                            pod(p),
                            p < serving(s),
                            unread ? null : Double.valueOf(cpu[p]),
                            0.5,
                            1L << 25,
                            (s + BEFORE) * 10L,
                            Math.max(0, s) * 3L,
                            0.0,
                            0.0,
                            null,
                            unread
                                    ? null
                                    : new Traffic(
                                            answers[p],
                                            0,
                                            s > 0 ? 1000 / serving(s) + 40 * p : 0,
                                            1000)));
        }
        return new Observation.Sample(
                START + s * 1000L,
                new Observation.Replicas(there, there, serving(s)),
                pods,
                new Observation.HostSample(2, 100 + s * 1.5, 0, 10 + s * 0.2, null),
                new Observation.ServiceSample(
                        s > 0 ? 1000 : 0,
                        0,
                        rate(s),
                        98.0,
                        s > 0 ? 90.5 : null,
                        150.0,
                        s > 0 ? 210.25 : null,
                        400.0));
    }

    Observation.Change hpa(int second, int desired, int utilization, String active, String reason) {
        ObjectNode hpa = Json.mapper().createObjectNode();
        ObjectNode resource =
                hpa.putObject("spec").putArray("metrics").addObject().putObject("resource");
        resource.put("name", "cpu").putObject("target").put("averageUtilization", 50);
        ObjectNode status = hpa.putObject("status").put("desiredReplicas", desired);
        ObjectNode current = status.putArray("currentMetrics").addObject().putObject("resource");
        current.put("name", "cpu").putObject("current").put("averageUtilization", utilization);
        ArrayNode conditions = status.putArray("conditions");
        conditions
                .addObject()
                .put("type", "ScalingActive")
                .put("status", active)
                .put("reason", reason)
                .put("message", "the HPA was able to count" + text);
        conditions
                .addObject()
                .put("type", "ScalingLimited")
                .put("status", desired == 3 ? "True" : "False")
                .put("reason", desired == 3 ? "TooManyReplicas" : "DesiredWithinRange")
                .put("message", "the desired count" + text);
        return change(second * 1000L, "HorizontalPodAutoscaler", "iris-api-hpa", hpa);
    }

    private Observation.Change pod(long millis, int n, boolean ready) {
        ObjectNode pod = Json.mapper().createObjectNode();
        pod.putObject("metadata").put("name", pod(n));
        pod.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready ? "True" : "False");
        return change(millis, "Pod", pod(n), pod);
    }

    /** As a watch tells it: an object is added before it changes. */
    private static List<Observation> firstAdded(List<Observation> all) {
        Set<String> seen = new HashSet<>();
        return all.stream()
                .map(o ->
                        o instanceof Observation.Change c && seen.add(c.objectKind() + c.name())
                                ? new Observation.Change(
                                        c.at(), "ADDED", c.objectKind(), c.name(), c.object())
                                : o)
                .toList();
    }

    Observation.Change event(long millis, String reason, String message) {
        ObjectNode event = Json.mapper().createObjectNode();
        event.putObject("involvedObject")
                .put("kind", "HorizontalPodAutoscaler")
                .put("name", "iris-api-hpa");
        event.put("type", "Normal").put("reason", reason).put("message", message).put("count", 1);
        return change(millis, "Event", "e" + millis, event);
    }

    private static Observation.Change change(
            long millis, String kind, String name, JsonNode object) {
        return new Observation.Change(START + millis, "MODIFIED", kind, name, object);
    }

    VerdictRecord verdict() {
        return new VerdictRecord(
                1,
                "autoscaling",
                "scaled",
                "1 replica became 3 in 31 s, and throughput rose 3 times with it" + text + ".",
                99,
                List.of(
                        new VerdictRecord.Evidence(
                                START + 16_000,
                                "the autoscaler asked for 2 replicas" + text,
                                "2" + text,
                                "HorizontalPodAutoscaler/iris-api-hpa status.desiredReplicas"),
                        new VerdictRecord.Evidence(
                                null,
                                "throughput of the last phase",
                                "15,000/s",
                                "3-load.json windows")),
                List.of(
                        new VerdictRecord.Finding(
                                "limited at max",
                                "The autoscaler asked for more than 3.",
                                List.of())),
                List.of(
                        new VerdictRecord.Counterfactual(
                                "spec.maxReplicas", "3", "10", true, "161 % of 50 %" + text)),
                List.of(new VerdictRecord.Lack("host was full", "run-queue delay" + text)),
                List.of(
                        expectation("verdict", "scaled", "scaled", true),
                        expectation("http_req_failed", "rate<0.001", "0.2" + text, false),
                        expectation("http_req_duration", "p(99)<500", null, null)),
                List.of(
                        new VerdictRecord.Phase(
                                START,
                                START + 17_000,
                                true,
                                12,
                                5000.0,
                                200.0,
                                List.of(new VerdictRecord.PodShare(pod(0), 1.0, 0.96, 0.3, true))),
                        new VerdictRecord.Phase(
                                START + 32_000,
                                START + 60_000,
                                true,
                                23,
                                15000.0,
                                null,
                                List.of(
                                        new VerdictRecord.PodShare(pod(0), 0.333, 0.96, null, true),
                                        new VerdictRecord.PodShare(
                                                pod(1), 0.333, 0.96, 0.3, null)))),
                List.of(
                        new VerdictRecord.ReactionStep("load on", START, null, "3-load.json"),
                        new VerdictRecord.ReactionStep(
                                "decision", START + 16_000, 16.0, "HPA status"),
                        new VerdictRecord.ReactionStep("first answer", null, null, "balancer")),
                List.of(new VerdictRecord.Constant("enough gain", "0.5")));
    }

    private VerdictRecord.Expectation expectation(
            String subject, String expected, @Nullable String found, @Nullable Boolean met) {
        return new VerdictRecord.Expectation(subject, expected, found, met, "a note" + text);
    }
}
