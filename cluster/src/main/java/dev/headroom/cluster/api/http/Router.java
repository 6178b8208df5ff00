package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Selectors;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.kind.Kinds;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.registry.Subresources;
import dev.headroom.cluster.api.schema.Protobuf;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Finds who answers a request. */
final class Router {
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final Set<String> CONNECTIONS =
            Set.of("log", "proxy", "binding", "eviction", "exec", "portforward");

    private final Credentials credentials;
    private final Kinds kinds;
    private final Protobuf protobuf;
    private final OpenApi openApi;
    private final Discovery discovery;
    private final Collections collections;
    private final Items items;
    private final Connections connections;
    private final Map<ResourceType, VirtualResource> virtual;
    private final String address;

    Router(
            Credentials credentials,
            Registry registry,
            Subresources subresources,
            Kinds kinds,
            Map<ResourceType, VirtualResource> virtual,
            Function<String, @Nullable Kubelet> kubelets,
            String address) {
        this.credentials = credentials;
        this.kinds = kinds;
        this.protobuf = new Protobuf(registry.schemas());
        this.openApi = new OpenApi(registry.schemas(), kinds, virtual.keySet());
        this.discovery = new Discovery(kinds, virtual.keySet());
        this.collections = new Collections(registry);
        this.items = new Items(registry, subresources);
        this.connections = new Connections(registry, subresources, kinds, kubelets);
        this.virtual = virtual;
        this.address = address;
    }

    Reply answer(Request request) {
        String path = request.path();
        Reply health = Health.answer(request);
        if (health != null) {
            return health;
        }
        if (!credentials.accepts(Identity.of(request))) {
            throw Statuses.unauthorized();
        }
        if (path.equals("/version") || path.equals("/version/")) {
            return Reply.json(200, Version.document());
        }
        String accept = request.head("Accept");
        Reply description = openApi.answer(path, accept);
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
        Impersonation.refuse(request);
        Reply review = Reviews.answer(request, path);
        if (review != null) {
            return review;
        }
        Served served = kinds.find(path.group(), path.version(), path.plural());
        if (served == null) {
            return computed(request, path);
        }
        Request readable = readable(request, served);
        if (path.name().isEmpty()) {
            return collections.answer(readable, path, served);
        }
        if (path.watched()) {
            return collections.watch(request, path, served);
        }
        if (!path.subresource().isEmpty() && !served.kind().has(path.subresource())) {
            ApiException why =
                    served.kind().type().equals(ResourceType.POD)
                            ? PodStreams.refusal(path.subresource())
                            : null;
            throw why == null ? Statuses.noSuchResource() : why;
        }
        if (CONNECTIONS.contains(path.subresource())) {
            return connections.answer(readable, path, served);
        }
        return items.answer(readable, path, served);
    }

    /** A request whose body is JSON or YAML: what came as protobuf is written anew. */
    private Request readable(Request request, Served served) {
        if (!request.contentType().equals(PROTOBUF) || request.body().length == 0) {
            return request;
        }
        byte[] json = Json.bytes(protobuf.read(request.body(), served.definition()));
        return new Request(
                request.method(),
                request.path(),
                request.query(),
                name ->
                        name.equalsIgnoreCase("Content-Type")
                                ? "application/json"
                                : request.header().apply(name),
                json);
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
            Views view = Views.of(request);
            if (!path.name().isEmpty()) {
                return Reply.json(
                        200,
                        resource.get(path.namespace(), path.name())
                                .map(object -> view.one(type, object))
                                .orElseThrow(() -> noMetrics(type, path)));
            }
            var accepts = Selectors.labels(request.parameter("labelSelector"));
            List<ObjectNode> items =
                    resource.list(path.namespace().isEmpty() ? null : path.namespace()).stream()
                            .filter(accepts)
                            .toList();
            return Reply.json(200, view.many(type, items, Json.object()));
        }
        if (isServed(path.group(), path.version())) {
            throw Statuses.noSuchResource();
        }
        return notFound();
    }

    /** As metrics-server has it: what it misses is the pod or the node, not a measurement of it. */
    private static ApiException noMetrics(ResourceType type, Path path) {
        ResourceType missed =
                type.equals(ResourceType.POD_METRICS)
                        ? ResourceType.POD
                        : new ResourceType("", "v1", "node", "Node", false);
        return Statuses.notFound(missed, path.name());
    }

    private boolean isServed(String group, String version) {
        return kinds.all().stream()
                        .anyMatch(s ->
                                s.type().group().equals(group)
                                        && s.type().version().equals(version))
                || virtual.keySet().stream()
                        .anyMatch(t -> t.group().equals(group) && t.version().equals(version));
    }

    private static Reply notFound() {
        return Reply.text(404, "404 page not found\n");
    }
}
