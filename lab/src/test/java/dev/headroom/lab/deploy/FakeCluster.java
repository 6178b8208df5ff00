package dev.headroom.lab.deploy;

import dev.headroom.cluster.api.ApiServer;
import dev.headroom.cluster.objects.Execution;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.StageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A real API server without anything behind it: the test plays controllers, kubelet and metrics server. */
public final class FakeCluster implements AutoCloseable {
    private final ApiServer server;
    private final Cluster cluster;
    private final Objects objects;
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final List<ObjectNode> podMetrics = new CopyOnWriteArrayList<>();

    public FakeCluster(Path folder) throws IOException, StageException {
        VirtualResource metrics =
                new VirtualResource() {
                    @Override
                    public ResourceType type() {
                        return ResourceType.POD_METRICS;
                    }

                    @Override
                    public List<ObjectNode> list(@Nullable String namespace) {
                        return podMetrics;
                    }

                    @Override
                    public Optional<ObjectNode> get(String namespace, String name) {
                        return Optional.empty();
                    }
                };
        server =
                ApiServer.start(
                        new ApiServer.Options(
                                new InetSocketAddress("127.0.0.1", 0),
                                folder.resolve("kubeconfig"),
                                "test",
                                n -> "127.0.240." + n,
                                200,
                                List.of(metrics),
                                Clock.systemUTC()));
        server.connect(
                new Kubelet() {
                    @Override
                    public InputStream logs(LogRequest request) {
                        return new ByteArrayInputStream(
                                texts.getOrDefault("log", "").getBytes(StandardCharsets.UTF_8));
                    }

                    @Override
                    public @Nullable String read(String path) {
                        return texts.get(path);
                    }

                    @Override
                    public @Nullable Execution exec(ExecRequest request) {
                        return null;
                    }
                });
        objects = server.client("test-controller");
        cluster = Cluster.embedded(folder.resolve("kubeconfig"));
    }

    public Cluster cluster() {
        return cluster;
    }

    /** The API as a component sees it. */
    public Objects objects() {
        return objects;
    }

    /** What the kubelet answers under a path, or says as {@code log}. */
    public void text(String path, String text) {
        texts.put(path, text);
    }

    /** What the metrics API tells from now on. */
    public void metrics(String... items) {
        podMetrics.clear();
        for (String item : items) {
            podMetrics.add(node(item));
        }
    }

    public ObjectNode create(ResourceType type, String json) {
        return objects.create(type, type.namespaced() ? "default" : "", node(json));
    }

    /** Merges into an object's status. */
    public void status(ResourceType type, String name, String json) {
        objects.mergePatch(
                type,
                type.namespaced() ? "default" : "",
                name,
                "status",
                node("{\"status\":" + json + "}"));
    }

    /** What the garbage collector does in the end: lets go what is held by foreground deletion only. */
    public void collectGarbage() {
        for (ResourceType type :
                List.of(
                        ResourceType.DEPLOYMENT,
                        ResourceType.SERVICE,
                        ResourceType.CONFIG_MAP,
                        ResourceType.HORIZONTAL_POD_AUTOSCALER)) {
            for (ObjectNode object : objects.list(type, "default", Query.ALL).items()) {
                if (object.path("metadata").has("deletionTimestamp")) {
                    ObjectNode free = object.deepCopy();
                    ((ObjectNode) free.path("metadata")).remove("finalizers");
                    objects.update(type, "default", free);
                }
            }
        }
    }

    public static ObjectNode node(String json) {
        return (ObjectNode) Json.mapper().readTree(json);
    }

    @Override
    public void close() {
        cluster.close();
        server.close();
    }
}
