package dev.headroom.cluster.controller;

import dev.headroom.cluster.api.ApiServer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An API server with the controllers that a test wants, and no node: what a kubelet would say of pods, the test says. */
final class ControlPlane implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper MAPPER = new JsonMapper();

    final Objects objects;
    private final ApiServer server;
    private final List<Controller> running = new ArrayList<>();

    /** Starts a controller. */
    interface Starter {
        Controller start(Objects objects, InstantSource clock) throws InterruptedException;
    }

    ControlPlane(Path directory, Starter... controllers) throws IOException, InterruptedException {
        server =
                ApiServer.start(
                        new ApiServer.Options(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                directory.resolve("kubeconfig"),
                                "test",
                                n -> "127.9." + (240 + n / 256) + "." + n % 256,
                                4_000,
                                List.of(),
                                InstantSource.system()));
        objects = server.client("test");
        for (Starter starter : controllers) {
            running.add(starter.start(server.client("controllers"), InstantSource.system()));
        }
    }

    /** With single quotes for double ones. */
    static ObjectNode json(String text) {
        return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    }

    ObjectNode create(ResourceType type, String object) {
        return objects.create(type, type.namespaced() ? "default" : "", json(object));
    }

    ObjectNode get(ResourceType type, String name) {
        return objects.get(type, type.namespaced() ? "default" : "", name);
    }

    List<ObjectNode> all(ResourceType type) {
        return objects.list(type, null, Query.ALL).items();
    }

    void patch(ResourceType type, String name, String patch) {
        objects.mergePatch(type, type.namespaced() ? "default" : "", name, null, json(patch));
    }

    void status(ResourceType type, String name, String status) {
        ObjectNode patch = Trees.object();
        patch.set("status", json(status));
        objects.mergePatch(type, type.namespaced() ? "default" : "", name, "status", patch);
    }

    /** As a kubelet says it of a pod that serves. */
    void ready(String pod, String ip) {
        status(
                ResourceType.POD,
                pod,
                "{'phase':'Running','podIP':'%s','podIPs':[{'ip':'%s'}],'conditions':[{'type':'Ready','status':'True','lastTransitionTime':'%s'}]}"
                        .formatted(ip, ip, Trees.time(Instant.now())));
    }

    void allReady() {
        for (ObjectNode pod : all(ResourceType.POD)) {
            if (!Trees.isTrue(pod, "Ready") && !Trees.isDeleting(pod)) {
                try {
                    ready(Trees.name(pod), "127.9.1.1");
                } catch (ApiException gone) {
                    continue;
                }
            }
        }
    }

    /** Holds pods that are deleted, as a grace period does, until {@link #letGo}. */
    void hold() {
        for (ObjectNode pod : all(ResourceType.POD)) {
            patch(ResourceType.POD, Trees.name(pod), "{'metadata':{'finalizers':['test/held']}}");
        }
    }

    void letGo() {
        for (ObjectNode pod : all(ResourceType.POD)) {
            patch(ResourceType.POD, Trees.name(pod), "{'metadata':{'finalizers':null}}");
        }
    }

    /** A replica set's or a deployment's wanted size. */
    int size(ObjectNode object) {
        return object.path("spec").path("replicas").asInt(-1);
    }

    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        what
                                + " did not come within "
                                + PATIENCE
                                + "; sets: "
                                + all(ResourceType.REPLICA_SET)
                                + "; deployments: "
                                + all(ResourceType.DEPLOYMENT));
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        running.forEach(Controller::close);
        server.close();
    }
}
