package dev.headroom.lab.observe;

import dev.headroom.lab.deploy.ApiAnswer;
import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.Subject;
import dev.headroom.lab.observe.Observation.PodSample;
import dev.headroom.lab.observe.Observation.Replicas;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.observe.Observation.Traffic;
import dev.headroom.lab.run.LabClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads, once a second, what the cluster counts: all of it through the Kubernetes API, at the same time, each with its own time limit. */
final class Sampler implements AutoCloseable {

    /** A real kubelet takes its figures every 10 s or so, and telling them costs it: it is asked less often. */
    private static final int SECONDS_BETWEEN_KUBELET_READS = 5;

    /** Where the balancer counts each pod's answers every second, what the pods count themselves is only held against it. */
    private static final int SECONDS_BETWEEN_OWN_READS = 5;

    private final Cluster cluster;
    private final Subject subject;
    private final Watches watches;
    private final Gaps gaps;
    private final SampledApi api;
    private final MetricsApi metrics;
    private final @Nullable HostProbe host;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> useTimestamps = new HashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Set<String> telling = ConcurrentHashMap.newKeySet();
    private volatile boolean noBalancer;
    private volatile boolean askAll;
    private long ticks;
    private @Nullable BalancerMetrics balancer;

    Sampler(
            Cluster cluster,
            Subject subject,
            Watches watches,
            Gaps gaps,
            @Nullable HostProbe host) {
        this.cluster = cluster;
        this.subject = subject;
        this.watches = watches;
        this.gaps = gaps;
        this.api = new SampledApi(cluster, gaps);
        this.metrics = new MetricsApi(api, subject, gaps);
        this.host = host;
        if (host == null) {
            gaps.begin("host", "this machine has no Linux /proc: its own CPUs are not watched");
        }
    }

    /** How long the API has given no answer at all. */
    Duration silence() {
        return api.silence();
    }

    Sample sample() throws InterruptedException {
        // At this very moment: what the cluster is asked for may take most of a second on a full
        // host.
        Observation.HostSample machine = host();
        long at = LabClock.system().millis();
        boolean askKubelets = cluster.embedded() || ticks % SECONDS_BETWEEN_KUBELET_READS == 0;
        boolean askPods = balancer == null || askAll || ticks % SECONDS_BETWEEN_OWN_READS == 0;
        askAll = false;
        ticks++;
        Map<String, JsonNode> pods = new TreeMap<>(watches.pods());
        Map<String, Future<Map<String, PodUse>>> uses = new HashMap<>();
        Map<String, Future<@Nullable Traffic>> owns = new HashMap<>();
        pods.forEach((name, pod) -> {
            String node = pod.path("spec").path("nodeName").asString("");
            if (!node.isEmpty()) {
                uses.computeIfAbsent(node, n -> requests.submit(() -> uses(n)));
            }
            if (askPods && PodState.isRunning(pod) && !silent.contains(name)) {
                owns.put(name, requests.submit(() -> own(name, pod)));
            }
        });
        Future<@Nullable BalancerMetrics> balancing =
                requests.submit(() -> noBalancer ? null : balancer());
        Map<String, PodUse> use = new HashMap<>();
        for (Future<Map<String, PodUse>> one : uses.values()) {
            Map<String, PodUse> ofNode = result(one);
            if (ofNode != null) {
                use.putAll(ofNode);
            }
        }
        BalancerMetrics before = balancer;
        BalancerMetrics after = result(balancing);
        if (after != null) {
            balancer = after;
        }
        List<PodSample> samples = new ArrayList<>();
        for (Map.Entry<String, JsonNode> pod : pods.entrySet()) {
            Future<@Nullable Traffic> own = owns.get(pod.getKey());
            samples.add(
                    pod(
                            pod.getKey(),
                            pod.getValue(),
                            use.get(pod.getKey()),
                            own == null ? null : result(own),
                            after == null ? null : after.pods().get(pod.getKey())));
        }
        return new Sample(
                at, replicas(), samples, machine, after == null ? null : after.since(before));
    }

    /** The next sample asks whatever can be asked, though it may not be its turn. */
    void askAllNext() {
        askAll = true;
    }

    /** The balancer's figures of this very moment; null where there are none. */
    @Nullable BalancerMetrics balancer() throws InterruptedException {
        Set<String> nodes = new HashSet<>();
        watches.pods()
                .values()
                .forEach(p -> nodes.add(p.path("spec").path("nodeName").asString("")));
        nodes.remove("");
        if (nodes.isEmpty()) {
            return null;
        }
        String node = nodes.iterator().next();
        ApiAnswer answer =
                api.read("balancer", "/api/v1/nodes/" + node + "/proxy/balancer/metrics");
        if (answer == null) {
            return null;
        }
        if (!answer.ok()) {
            noBalancer = balancer == null && (answer.code() == 404 || answer.code() == 403);
            gaps.begin(
                    "balancer",
                    noBalancer
                            ? "this cluster's balancer tells nothing: requests per pod and latencies at the service are unknown"
                            : answer.message());
            return null;
        }
        gaps.end("balancer");
        return BalancerMetrics.read(answer.body(), subject.namespace(), subject.service());
    }

    /** What the metrics API tells of the target's pods. */
    Observation.@Nullable Metrics metrics() throws InterruptedException {
        return metrics.read();
    }

    private Map<String, PodUse> uses(String node) throws InterruptedException {
        Map<String, PodUse> uses = uses(node, "cadvisor");
        if (!cluster.embedded()) {
            // Some container runtimes tell cAdvisor nothing of containers' CPU; this endpoint
            // always has it.
            uses(node, "resource").forEach((pod, use) -> uses.merge(pod, use, PodUse::orElse));
        }
        return uses;
    }

    private Map<String, PodUse> uses(String node, String endpoint) throws InterruptedException {
        String source = "node " + node + " metrics/" + endpoint;
        ApiAnswer answer = api.read(source, "/api/v1/nodes/" + node + "/proxy/metrics/" + endpoint);
        if (answer == null) {
            return new HashMap<>();
        }
        if (!answer.ok()) {
            gaps.begin(source, "CPU use and throttling are unknown: " + answer.message());
            return new HashMap<>();
        }
        gaps.end(source);
        return PodUse.read(answer.body(), subject.namespace());
    }

    private @Nullable Traffic own(String name, JsonNode pod) throws InterruptedException {
        int port = PodState.port(pod, subject.targetPort());
        if (port == 0) {
            return null;
        }
        String source = "pod " + name;
        ApiAnswer answer =
                api.read(
                        source,
                        "/api/v1/namespaces/"
                                + subject.namespace()
                                + "/pods/"
                                + name
                                + ":"
                                + port
                                + "/proxy/metrics");
        if (answer == null || answer.code() >= 500 || answer.code() == SampledApi.TOOK_TOO_LONG) {
            // Overloaded or not listening yet: it is asked again in the next second.
            return null;
        }
        Traffic traffic = answer.ok() ? OwnMetrics.read(answer.body()) : null;
        if (traffic != null) {
            telling.add(name);
        } else if (!telling.contains(name)) {
            silent.add(name);
            gaps.begin(
                    "pods' own metrics",
                    answer.ok()
                            ? "GET /metrics of "
                                    + name
                                    + " has no "
                                    + OwnMetrics.REQUESTS
                                    + ", "
                                    + OwnMetrics.CONNECTIONS
                                    + " and "
                                    + OwnMetrics.OPEN
                            : "GET /metrics of " + name + " answers " + answer.code());
        }
        return traffic;
    }

    private static <T> @Nullable T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                return null;
            }
            throw new IllegalStateException("a sample could not be taken apart", e.getCause());
        }
    }

    private PodSample pod(
            String name,
            JsonNode pod,
            @Nullable PodUse use,
            @Nullable Traffic own,
            @Nullable Traffic balanced) {
        boolean fresh = use != null && isFresh(name, use.timestamp);
        PodUse counted = fresh ? use : null;
        return new PodSample(
                name,
                PodState.isReady(pod),
                counted == null ? null : counted.cpuSeconds,
                PodState.cpuLimit(pod),
                counted == null ? null : PodUse.whole(counted.memoryBytes),
                counted == null ? null : PodUse.whole(counted.periods),
                counted == null ? null : PodUse.whole(counted.throttledPeriods),
                counted == null ? null : counted.throttledSeconds,
                counted == null ? null : counted.runQueueSeconds,
                own,
                balanced);
    }

    /** A kubelet repeats its figures until it takes new ones, every 10 s or so: only new ones are samples. */
    private boolean isFresh(String pod, @Nullable Long timestamp) {
        return timestamp == null || !timestamp.equals(useTimestamps.put(pod, timestamp));
    }

    private Replicas replicas() {
        JsonNode workload = watches.workload();
        if (workload == null) {
            return new Replicas(0, 0, 0);
        }
        return new Replicas(
                workload.path("spec").path("replicas").asInt(1),
                workload.path("status").path("replicas").asInt(0),
                workload.path("status").path("readyReplicas").asInt(0));
    }

    private Observation.@Nullable HostSample host() {
        try {
            return host == null ? null : host.sample();
        } catch (IOException | RuntimeException e) {
            gaps.begin("host", "can't read /proc: " + e);
            return null;
        }
    }

    @Override
    public void close() {
        requests.shutdownNow();
    }
}
