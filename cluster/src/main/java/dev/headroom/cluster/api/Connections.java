package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Subresources that lead to the node or into a pod: logs, proxy, binding, eviction. */
final class Connections {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Resources resources;
    private final Supplier<@Nullable Kubelet> kubelet;
    private @Nullable HttpClient client;

    Connections(Resources resources, Supplier<@Nullable Kubelet> kubelet) {
        this.resources = resources;
        this.kubelet = kubelet;
    }

    Reply answer(Request request, Path path, Kind kind) {
        return switch (path.subresource()) {
            case "log" -> log(request, path);
            case "binding" -> bind(request, path);
            case "eviction" -> evict(path);
            default -> proxy(request, path, kind);
        };
    }

    private Kubelet kubelet() {
        Kubelet found = kubelet.get();
        if (found == null) {
            throw Statuses.serviceUnavailable("no node is running");
        }
        return found;
    }

    private Reply log(Request request, Path path) {
        ObjectNode pod = resources.get(Kinds.of(ResourceType.POD), path.namespace(), path.name());
        if (Json.text(pod, "spec", "nodeName").isEmpty()) {
            throw Statuses.badRequest("pod " + path.name() + " does not have a host assigned");
        }
        Kubelet.LogRequest wanted =
                new Kubelet.LogRequest(
                        path.namespace(),
                        path.name(),
                        container(pod, request.parameter("container")),
                        request.flag("follow"),
                        request.flag("previous"),
                        request.flag("timestamps"),
                        request.number("tailLines"),
                        request.number("sinceSeconds"),
                        request.parameter("sinceTime"),
                        request.number("limitBytes"));
        try {
            InputStream log = kubelet().logs(wanted);
            return new Reply.Stream(200, "text/plain", sink -> copy(log, sink));
        } catch (IOException e) {
            throw Statuses.internal(
                    "the log of " + path.name() + " could not be read: " + e.getMessage());
        }
    }

    private static String container(ObjectNode pod, @Nullable String asked) {
        List<String> names = new java.util.ArrayList<>();
        pod.path("spec").path("containers").forEach(c -> names.add(Json.text(c, "name")));
        List<String> initial = new java.util.ArrayList<>();
        pod.path("spec").path("initContainers").forEach(c -> initial.add(Json.text(c, "name")));
        if (asked == null || asked.isEmpty()) {
            if (names.size() == 1) {
                return names.getFirst();
            }
            throw Statuses.badRequest(
                    "a container name must be specified for pod "
                            + Json.name(pod)
                            + ", choose one of: ["
                            + String.join(" ", names)
                            + "]");
        }
        if (!names.contains(asked) && !initial.contains(asked)) {
            throw Statuses.badRequest(
                    "container " + asked + " is not valid for pod " + Json.name(pod));
        }
        return asked;
    }

    private static void copy(InputStream log, Reply.Sink sink) throws IOException {
        try (log) {
            byte[] buffer = new byte[16 * 1024];
            for (int n = log.read(buffer); n >= 0 && sink.isOpen(); n = log.read(buffer)) {
                if (n > 0) {
                    sink.write(java.util.Arrays.copyOf(buffer, n));
                }
            }
        }
    }

    private Reply bind(Request request, Path path) {
        String node = Json.text(Bodies.object(request), "target", "name");
        resources.update(
                Kinds.of(ResourceType.POD),
                path.namespace(),
                path.name(),
                Items.write(request, ""),
                live -> {
                    if (!Json.text(live, "spec", "nodeName").isEmpty()) {
                        throw Statuses.conflict(
                                ResourceType.POD,
                                path.name(),
                                "pod "
                                        + path.name()
                                        + " is already assigned to node \""
                                        + Json.text(live, "spec", "nodeName")
                                        + "\"");
                    }
                    Json.ensure(live, "spec").put("nodeName", node);
                    return live;
                });
        return Reply.json(201, Statuses.success(ResourceType.POD, path.name(), ""));
    }

    private Reply evict(Path path) {
        resources.delete(
                Kinds.of(ResourceType.POD),
                path.namespace(),
                path.name(),
                DeleteOptions.DEFAULT,
                false);
        return Reply.json(201, Statuses.success(ResourceType.POD, path.name(), ""));
    }

    private Reply proxy(Request request, Path path, Kind kind) {
        String[] parts = path.name().split(":");
        // SCHEME:NAME:PORT, NAME:PORT or NAME
        String name = parts.length == 3 ? parts[1] : parts[0];
        String port = parts.length == 3 ? parts[2] : parts.length == 2 ? parts[1] : "";
        if (kind.type().equals(ResourceType.NODE)) {
            return node(path.rest());
        }
        ObjectNode object = resources.get(kind, path.namespace(), name);
        boolean pod = kind.type().equals(ResourceType.POD);
        String host =
                pod ? Json.text(object, "status", "podIP") : Json.text(object, "spec", "clusterIP");
        if (host.isEmpty()) {
            throw Statuses.serviceUnavailable(
                    "no address is known for " + kind.singular() + " \"" + name + "\"");
        }
        return forward(request, host, port(object, port, pod), path.rest());
    }

    private Reply node(String rest) {
        try {
            String text = kubelet().read(rest);
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
