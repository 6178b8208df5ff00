package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.kind.Kinds;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.registry.Subresources;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Subresources that lead to the node or into a pod: logs, commands, ports, proxy, binding, eviction. */
final class Connections {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Registry registry;
    private final Subresources subresources;
    private final Served pods;
    private final Served nodes;
    private final Function<String, @Nullable Kubelet> kubelets;
    private @Nullable HttpClient client;

    /**
     * @param kubelets by node name; null for a node that is not there
     */
    Connections(
            Registry registry,
            Subresources subresources,
            Kinds kinds,
            Function<String, @Nullable Kubelet> kubelets) {
        this.registry = registry;
        this.subresources = subresources;
        this.pods = Objects.requireNonNull(kinds.find(ResourceType.POD));
        this.nodes = Objects.requireNonNull(kinds.find(ResourceType.NODE));
        this.kubelets = kubelets;
    }

    Reply answer(Request request, Path path, Served served) {
        return switch (path.subresource()) {
            case "log" -> log(request, path);
            case "binding" -> bind(request, path);
            case "eviction" -> evict(request, path);
            case "exec", "portforward" -> streams(request, path);
            default -> proxy(request, path, served);
        };
    }

    private Kubelet kubelet(String node) {
        Kubelet found = kubelets.apply(node);
        if (found == null) {
            throw Statuses.serviceUnavailable("node \"" + node + "\" is not running");
        }
        return found;
    }

    private Reply log(Request request, Path path) {
        if (!request.method().equals("GET")) {
            throw Statuses.methodNotAllowed();
        }
        ObjectNode pod = registry.get(pods, path.namespace(), path.name());
        String node = Json.text(pod, "spec", "nodeName");
        if (node.isEmpty()) {
            // As upstream: nothing yet, and not an error.
            Logs.container(pod, request.parameter("container"));
            return Reply.text(200, "");
        }
        return Logs.answer(request, pod, kubelet(node));
    }

    /** Streams to a pod that has a place to run. */
    private Reply streams(Request request, Path path) {
        if (!request.method().equals("GET") && !request.method().equals("POST")) {
            throw Statuses.methodNotAllowed();
        }
        ObjectNode pod = registry.get(pods, path.namespace(), path.name());
        String node = Json.text(pod, "spec", "nodeName");
        if (node.isEmpty()) {
            throw Statuses.badRequest("pod " + path.name() + " does not have a host assigned");
        }
        return path.subresource().equals("exec")
                ? PodStreams.exec(request, pod, kubelet(node))
                : PodStreams.portForward(request, pod);
    }

    private Reply bind(Request request, Path path) {
        if (!request.method().equals("POST")) {
            throw Statuses.methodNotAllowed();
        }
        ObjectNode binding = Bodies.object(Bodies.read(request, "Binding"));
        var caller = Parameters.caller(request, List.of(), warning -> {});
        return Reply.json(201, subresources.bind(caller, path.namespace(), path.name(), binding));
    }

    private Reply evict(Request request, Path path) {
        if (!request.method().equals("POST")) {
            throw Statuses.methodNotAllowed();
        }
        JsonNode eviction = Bodies.object(Bodies.read(request, "Eviction"));
        JsonNode options = eviction.path("deleteOptions");
        var caller = Parameters.deleter(request, options);
        var deletion = Parameters.deletion(request, options);
        return Reply.json(201, subresources.evict(caller, path.namespace(), path.name(), deletion));
    }

    private Reply proxy(Request request, Path path, Served served) {
        String[] parts = path.name().split(":");
        // SCHEME:NAME:PORT, NAME:PORT or NAME
        String name = parts.length == 3 ? parts[1] : parts[0];
        String port = parts.length == 3 ? parts[2] : parts.length == 2 ? parts[1] : "";
        if (served.kind().type().equals(ResourceType.NODE)) {
            return node(name, path.rest());
        }
        ObjectNode object = registry.get(served, path.namespace(), name);
        boolean pod = served.kind().type().equals(ResourceType.POD);
        String host =
                pod ? Json.text(object, "status", "podIP") : Json.text(object, "spec", "clusterIP");
        if (host.isEmpty()) {
            throw Statuses.serviceUnavailable(
                    "no address is known for " + served.kind().singular() + " \"" + name + "\"");
        }
        return forward(request, host, port(object, port, pod), path.rest());
    }

    private Reply node(String name, String rest) {
        registry.get(nodes, "", name);
        try {
            String text = kubelet(name).read(rest);
            if (text == null) {
                return Reply.text(404, "404 page not found\n");
            }
            return Reply.text(200, text);
        } catch (IOException e) {
            throw Statuses.serviceUnavailable("the node could not be read: " + e.getMessage());
        }
    }

    private static int port(ObjectNode object, String asked, boolean pod) {
        if (!asked.isEmpty() && asked.chars().allMatch(Character::isDigit)) {
            return Integer.parseInt(asked);
        }
        if (pod) {
            for (JsonNode container : object.path("spec").path("containers")) {
                for (JsonNode port : container.path("ports")) {
                    if (asked.isEmpty() || Json.text(port, "name").equals(asked)) {
                        return port.path("containerPort").asInt(80);
                    }
                }
            }
            return 80;
        }
        for (JsonNode port : object.path("spec").path("ports")) {
            if (asked.isEmpty() || Json.text(port, "name").equals(asked)) {
                return port.path("port").asInt(80);
            }
        }
        throw Statuses.serviceUnavailable(
                "no port \"" + asked + "\" is known for service \"" + Json.name(object) + "\"");
    }

    private synchronized HttpClient client() {
        HttpClient found = client;
        if (found == null) {
            found =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(Duration.ofSeconds(5))
                            .build();
            client = found;
        }
        return found;
    }

    private Reply forward(Request request, String host, int port, String rest) {
        StringBuilder query = new StringBuilder();
        request.query()
                .forEach((key, values) ->
                        values.forEach(value ->
                                query.append(query.isEmpty() ? "" : "&")
                                        .append(key)
                                        .append('=')
                                        .append(value)));
        try {
            URI uri =
                    new URI(
                            "http",
                            null,
                            host,
                            port,
                            "/" + rest,
                            query.isEmpty() ? null : query.toString(),
                            null);
            HttpRequest.Builder builder =
                    HttpRequest.newBuilder(uri)
                            .timeout(PATIENCE)
                            .method(
                                    request.method(),
                                    HttpRequest.BodyPublishers.ofByteArray(request.body()));
            for (String header : Set.of("Accept", "Content-Type")) {
                if (!request.head(header).isEmpty()) {
                    builder.header(header, request.head(header));
                }
            }
            HttpResponse<byte[]> answer =
                    client().send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
            String type =
                    answer.headers().firstValue("content-type").orElse("text/plain; charset=utf-8");
            return new Reply.Whole(answer.statusCode(), type, answer.body(), List.of());
        } catch (IOException | URISyntaxException e) {
            throw Statuses.serviceUnavailable("error trying to reach service: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Statuses.serviceUnavailable("interrupted while reaching " + host);
        }
    }
}
