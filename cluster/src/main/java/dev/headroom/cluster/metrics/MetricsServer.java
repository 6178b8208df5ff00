package dev.headroom.cluster.metrics;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Samples the node once a window and gives each container's use between its last two samples. A pod is reported only when all its
 * containers have two; a container younger than a window, but at least 10 s old, counts from its start (autoscaler specification, section 11).
 */
public final class MetricsServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MetricsServer.class.getName());
    private static final Pattern LINE =
            Pattern.compile(
                    "(\\w+)\\{container=\"([^\"]*)\",namespace=\"([^\"]*)\",pod=\"([^\"]*)\"\\} (\\S+) (\\d+)");
    private static final Duration YOUNGEST = Duration.ofSeconds(10);

    private final Duration window;
    private final InstantSource clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("metrics-server").factory());
    private volatile Map<String, Map<String, Point>> last = Map.of();
    private volatile Map<String, Map<String, Point>> previous = Map.of();
    private volatile @Nullable Objects objects;

    /**
     * A container's figures at one moment.
     *
     * @param cpuSeconds since its start
     */
    private record Point(Instant at, Instant startedAt, double cpuSeconds, long memoryBytes) {}

    public MetricsServer(Duration window, InstantSource clock) {
        this.window = window;
        this.clock = clock;
    }

    /** Begins to sample every node. */
    public void start(List<Kubelet> kubelets, Objects client) {
        objects = client;
        long millis = window.toMillis();
        timer.scheduleAtFixedRate(() -> sample(kubelets), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void sample(List<Kubelet> kubelets) {
        try {
            StringBuilder text = new StringBuilder();
            for (Kubelet kubelet : kubelets) {
                String figures = kubelet.read("metrics/resource");
                text.append(figures == null ? "" : figures);
            }
            take(text.toString());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "the node could not be sampled", e);
        }
    }

    private void take(String text) {
        Map<String, Map<String, Map<String, Double>>> values = new LinkedHashMap<>();
        Map<String, Instant> times = new LinkedHashMap<>();
        for (Matcher line = LINE.matcher(text); line.find(); ) {
            String pod = line.group(3) + "/" + line.group(4);
            values.computeIfAbsent(pod, p -> new LinkedHashMap<>())
                    .computeIfAbsent(line.group(2), c -> new LinkedHashMap<>())
                    .put(line.group(1), Double.parseDouble(line.group(5)));
            times.put(
                    pod + "/" + line.group(2), Instant.ofEpochMilli(Long.parseLong(line.group(6))));
        }
        Map<String, Map<String, Point>> now = new LinkedHashMap<>();
        Map<String, Map<String, Point>> before = new LinkedHashMap<>();
        values.forEach((pod, containers) ->
                containers.forEach((container, figures) -> {
                    Instant at = java.util.Objects.requireNonNull(times.get(pod + "/" + container));
                    Point point = point(figures, at);
                    now.computeIfAbsent(pod, p -> new LinkedHashMap<>()).put(container, point);
                    Point earlier = earlier(pod, container, point);
                    if (earlier != null) {
                        before.computeIfAbsent(pod, p -> new LinkedHashMap<>())
                                .put(container, earlier);
                    }
                }));
        previous = before;
        last = now;
    }

    private static Point point(Map<String, Double> figures, Instant at) {
        double start = figures.getOrDefault("container_start_time_seconds", 0.0);
        return new Point(
                at,
                Instant.ofEpochMilli((long) (start * 1000)),
                figures.getOrDefault("container_cpu_usage_seconds_total", 0.0),
                figures.getOrDefault("container_memory_working_set_bytes", 0.0).longValue());
    }

    /** What the new point is compared with: the last one of the same life, or for a young container its start. */
    private @Nullable Point earlier(String pod, String container, Point now) {
        Point old = last.getOrDefault(pod, Map.of()).get(container);
        if (old != null
                && old.startedAt().equals(now.startedAt())
                && old.cpuSeconds() <= now.cpuSeconds()
                && old.at().isBefore(now.at())) {
            return old;
        }
        Duration age = Duration.between(now.startedAt(), now.at());
        boolean young = old == null && age.compareTo(window) < 0 && age.compareTo(YOUNGEST) >= 0;
        return young ? new Point(now.startedAt(), now.startedAt(), 0, 0) : null;
    }

    /** {@code metrics.k8s.io} pods. */
    public VirtualResource pods() {
        return new VirtualResource() {
            @Override
            public ResourceType type() {
                return ResourceType.POD_METRICS;
            }

            @Override
            public List<ObjectNode> list(@Nullable String namespace) {
                List<ObjectNode> found = new ArrayList<>();
                for (String key : last.keySet()) {
                    if (namespace == null || key.startsWith(namespace + "/")) {
                        metrics(key).ifPresent(found::add);
                    }
                }
                return found;
            }

            @Override
            public Optional<ObjectNode> get(String namespace, String name) {
                return metrics(namespace + "/" + name);
            }
        };
    }

    private Optional<ObjectNode> metrics(String key) {
        Map<String, Point> now = last.getOrDefault(key, Map.of());
        Map<String, Point> before = previous.getOrDefault(key, Map.of());
        Objects client = objects;
        if (now.isEmpty() || client == null || !before.keySet().containsAll(now.keySet())) {
            return Optional.empty();
        }
        int slash = key.indexOf('/');
        ObjectNode pod;
        try {
            pod = client.get(ResourceType.POD, key.substring(0, slash), key.substring(slash + 1));
        } catch (ApiException gone) {
            return Optional.empty();
        }
        int running = 0;
        for (JsonNode status : pod.path("status").path("containerStatuses")) {
            running += status.path("state").has("running") ? 1 : 0;
        }
        if (now.size() < running) {
            return Optional.empty();
        }
        ObjectNode metrics =
                Trees.object()
                        .put("kind", "PodMetrics")
                        .put("apiVersion", "metrics.k8s.io/v1beta1");
        ObjectNode metadata = metrics.putObject("metadata");
        metadata.put("name", Trees.name(pod)).put("namespace", Trees.namespace(pod));
        metadata.put("creationTimestamp", Trees.time(clock.instant()));
        if (Trees.labels(pod).isObject()) {
            metadata.set("labels", Trees.labels(pod));
        }
        ArrayNode containers = Trees.object().putArray("containers");
        Instant earliest = Instant.MAX;
        Duration span = window;
        for (var entry : now.entrySet()) {
            Point point = entry.getValue();
            Point old = java.util.Objects.requireNonNull(before.get(entry.getKey()));
            double seconds = Duration.between(old.at(), point.at()).toNanos() / 1e9;
            long nanocores = (long) ((point.cpuSeconds() - old.cpuSeconds()) / seconds * 1e9);
            ObjectNode usage =
                    containers.addObject().put("name", entry.getKey()).putObject("usage");
            usage.put("cpu", nanocores + "n").put("memory", point.memoryBytes() / 1024 + "Ki");
            if (point.at().isBefore(earliest)) {
                earliest = point.at();
                span = Duration.between(old.at(), point.at());
            }
        }
        metrics.put("timestamp", Trees.time(earliest)).put("window", window(span));
        metrics.set("containers", containers);
        return Optional.of(metrics);
    }

    /** A duration as Go prints it: {@code 15.003s}. */
    private static String window(Duration span) {
        double seconds = span.toMillis() / 1e3;
        String text = String.format(Locale.ROOT, "%.3f", seconds).replaceAll("\\.?0+$", "");
        return text + "s";
    }

    /** {@code metrics.k8s.io} nodes: the sum over what runs there. */
    public VirtualResource nodes() {
        return new VirtualResource() {
            @Override
            public ResourceType type() {
                return ResourceType.NODE_METRICS;
            }

            @Override
            public List<ObjectNode> list(@Nullable String namespace) {
                Objects client = objects;
                if (client == null || last.isEmpty()) {
                    return List.of();
                }
                List<ObjectNode> found = new ArrayList<>();
                for (ObjectNode node : client.list(ResourceType.NODE, null, Query.ALL).items()) {
                    Query onIt = Query.fields("spec.nodeName=" + Trees.name(node));
                    found.add(node(node, client.list(ResourceType.POD, null, onIt).items()));
                }
                return found;
            }

            @Override
            public Optional<ObjectNode> get(String namespace, String name) {
                return list(null).stream()
                        .filter(node -> Trees.name(node).equals(name))
                        .findFirst();
            }
        };
    }

    private ObjectNode node(ObjectNode node, List<ObjectNode> pods) {
        long nanocores = 0;
        long memory = 0;
        for (ObjectNode pod : pods) {
            JsonNode use = metrics(Trees.key(pod)).map(JsonNode.class::cast).orElse(pod);
            for (JsonNode container : use.path("containers")) {
                String cpu = container.path("usage").path("cpu").asString("0n");
                nanocores += Long.parseLong(cpu.substring(0, cpu.length() - 1));
                String bytes = container.path("usage").path("memory").asString("0Ki");
                memory += Long.parseLong(bytes.substring(0, bytes.length() - 2));
            }
        }
        ObjectNode metrics =
                Trees.object()
                        .put("kind", "NodeMetrics")
                        .put("apiVersion", "metrics.k8s.io/v1beta1");
        metrics.putObject("metadata").put("name", Trees.name(node));
        metrics.put("timestamp", Trees.time(clock.instant())).put("window", window(window));
        metrics.putObject("usage").put("cpu", nanocores + "n").put("memory", memory + "Ki");
        return metrics;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
