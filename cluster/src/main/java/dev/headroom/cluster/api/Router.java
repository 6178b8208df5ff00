package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds who answers a request. */
final class Router {
    private final Credentials credentials;
    private final Discovery discovery;
    private final Collections collections;
    private final Items items;
    private final Connections connections;
    private final Map<ResourceType, VirtualResource> virtual;
    private final String address;

    Router(
            Credentials credentials,
            Discovery discovery,
            Collections collections,
            Items items,
            Connections connections,
            Map<ResourceType, VirtualResource> virtual,
            String address) {
        this.credentials = credentials;
        this.discovery = discovery;
        this.collections = collections;
        this.items = items;
        this.connections = connections;
        this.virtual = virtual;
        this.address = address;
    }

    Reply answer(Request request) {
        String path = request.path();
        if (List.of("/healthz", "/livez", "/readyz").contains(path)) {
            return Reply.text(200, "ok");
        }
        if (!credentials.accepts(request.head("Authorization"))) {
            return Reply.json(401, Reviews.unauthorized());
        }
        if (path.equals("/version") || path.equals("/version/")) {
            return Reply.json(200, Version.document());
        }
        String accept = request.head("Accept");
        Reply description = OpenApi.answer(path, accept);
        if (description == null) {
            description = discovery.answer(path, accept, address);
        }
        if (description != null) {
            return description;
        }
        Path resource = Path.of(path);
        return resource == null ? notFound() : resource(request, resource);
    }

    private Reply resource(Request request, Path path) {
        Reply review = Reviews.answer(request, path);
        if (review != null) {
            return review;
        }
        Kind kind = kind(path);
        if (kind == null) {
            return computed(request, path);
        }
        boolean v1 = path.group().equals("autoscaling") && path.version().equals("v1");
        Views view = new Views(kind, v1);
        if (path.name().isEmpty()) {
            return collections.answer(request, path, view);
        }
        if (List.of("log", "proxy", "binding", "eviction").contains(path.subresource())) {
            return connections.answer(request, path, kind);
        }
        if (!path.subresource().isEmpty() && !kind.subresources().contains(path.subresource())) {
            return notFound();
        }
        return items.answer(request, path, view);
    }

    private static @Nullable Kind kind(Path path) {
        if (path.group().equals("autoscaling") && path.version().equals("v1")) {
            return Kinds.find("autoscaling", "v2", path.plural());
        }
        return Kinds.find(path.group(), path.version(), path.plural());
    }

    private Reply computed(Request request, Path path) {
        for (VirtualResource resource : virtual.values()) {
            ResourceType type = resource.type();
            if (!type.group().equals(path.group())
                    || !type.version().equals(path.version())
                    || !type.plural().equals(path.plural())) {
                continue;
            }
            if (!request.method().equals("GET")) {
                throw Statuses.methodNotAllowed();
            }
            if (!path.name().isEmpty()) {
                return Reply.json(
                        200,
                        resource.get(path.namespace(), path.name())
                                .orElseThrow(() -> Statuses.notFound(type, path.name())));
            }
            var accepts = Selectors.labels(request.parameter("labelSelector"));
            return Reply.json(
                    200,
                    Collections.list(
                            type,
                            resource
                                    .list(path.namespace().isEmpty() ? null : path.namespace())
                                    .stream()
                                    .filter(accepts)
                                    .toList(),
                            ""));
        }
        return notFound();
    }

    private static Reply notFound() {
        return Reply.text(404, "404 page not found\n");
    }
}
