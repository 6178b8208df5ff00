package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.ResourceType;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests for one object, or for its {@code status} or {@code scale}. */
final class Items {
    private final Resources resources;
    private final InstantSource clock;

    Items(Resources resources, InstantSource clock) {
        this.resources = resources;
        this.clock = clock;
    }

    static boolean isDryRun(Request request) {
        String value = request.parameter("dryRun");
        if (value == null || value.isEmpty()) {
            return false;
        }
        if (!value.equals("All")) {
            throw Statuses.badRequest(
                    "invalid dryRun value \"" + value + "\": supported values: \"All\"");
        }
        return true;
    }

    static Resources.Write write(Request request, String subresource) {
        String manager = request.parameter("fieldManager");
        if (manager == null || manager.isEmpty()) {
            String agent = request.head("User-Agent");
            int slash = agent.indexOf('/');
            manager = agent.isEmpty() ? "unknown" : slash < 0 ? agent : agent.substring(0, slash);
        }
        return new Resources.Write(manager, isDryRun(request), subresource);
    }

    Reply answer(Request request, Path path, Views view) {
        String namespace = view.kind().type().namespaced() ? path.namespace() : "";
        if (path.subresource().equals("scale")) {
            return scale(request, path, view.kind());
        }
        return switch (request.method()) {
            case "GET", "HEAD" ->
                    Reply.json(
                            200,
                            view.one(
                                    request,
                                    resources.get(view.kind(), namespace, path.name()),
                                    clock.instant()));
            case "PUT" -> put(request, path, view, namespace);
            case "PATCH" -> patch(request, path, view, namespace);
            case "DELETE" -> delete(request, path, view, namespace);
            default -> throw Statuses.methodNotAllowed();
        };
    }

    private Reply put(Request request, Path path, Views view, String namespace) {
        Bodies.Decoded body =
                view.v1()
                        ? new Bodies.Decoded(view.taken(Bodies.object(request)), List.of())
                        : Bodies.decode(request, view.kind());
        String name = Json.name(body.object());
        if (!name.isEmpty() && !name.equals(path.name())) {
            throw Statuses.badRequest(
                    "the name of the object ("
                            + name
                            + ") does not match the name on the URL ("
                            + path.name()
                            + ")");
        }
        ObjectNode updated =
                resources.update(
                        view.kind(),
                        namespace,
                        path.name(),
                        write(request, subresource(path)),
                        live -> body.object());
        return Reply.json(200, view.one(request, updated, clock.instant()), body.warnings());
    }

    /** {@code finalize} of a namespace is a write of its {@code spec.finalizers}. */
    private static String subresource(Path path) {
        return path.subresource().equals("finalize") ? "" : path.subresource();
    }

    private Reply patch(Request request, Path path, Views view, String namespace) {
        String type = request.head("Content-Type").split(";")[0].strip();
        Resources.Write write = write(request, subresource(path));
        Kind kind = view.kind();
        if (type.equals("application/apply-patch+yaml")) {
            return apply(request, path, view, namespace, write);
        }
        JsonNode patch = Bodies.tree(request);
        Bodies.Decoded[] checked = new Bodies.Decoded[1];
        ObjectNode updated =
                resources.update(
                        kind,
                        namespace,
                        path.name(),
                        write,
                        live -> {
                            ObjectNode base = view.shown(live);
                            ObjectNode patched = patched(base, patch, type, kind);
                            Bodies.Decoded decoded =
                                    view.v1()
                                            ? new Bodies.Decoded(view.taken(patched), List.of())
                                            : Bodies.validated(patched, kind, request);
                            checked[0] = decoded;
                            return decoded.object();
                        });
        return Reply.json(200, view.one(request, updated, clock.instant()), checked[0].warnings());
    }

    private static ObjectNode patched(ObjectNode live, JsonNode patch, String type, Kind kind) {
        JsonNode result =
                switch (type) {
                    case "application/json-patch+json" -> Patches.json(live, patch);
                    case "application/merge-patch+json" -> Patches.merge(live, patch);
                    case "application/strategic-merge-patch+json" -> {
                        if (!(patch instanceof ObjectNode changes)) {
                            throw Statuses.badRequest("the patch is no object");
                        }
                        yield Patches.strategic(
                                live, changes, Schemas.definition(kind.definition()));
                    }
                    default ->
                            throw Statuses.unsupportedMediaType(
                                    "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml");
                };
        if (result instanceof ObjectNode object) {
            return object;
        }
        throw Statuses.badRequest("the patched object is no object");
    }

    private Reply apply(
            Request request, Path path, Views view, String namespace, Resources.Write write) {
        if (request.parameter("fieldManager") == null) {
            throw Statuses.badRequest(
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }
        Bodies.Decoded body =
                view.v1()
                        ? new Bodies.Decoded(view.taken(Bodies.object(request)), List.of())
                        : Bodies.decode(request, view.kind());
        boolean exists = resources.store().get(view.kind().type(), namespace, path.name()) != null;
        ObjectNode applied =
                resources.apply(
                        view.kind(),
                        namespace,
                        path.name(),
                        body.object(),
                        request.flag("force"),
                        write);
        return Reply.json(
                exists ? 200 : 201, view.one(request, applied, clock.instant()), body.warnings());
    }

    private Reply scale(Request request, Path path, Kind kind) {
        ObjectNode live = resources.get(kind, path.namespace(), path.name());
        ObjectNode scale = Scales.of(live);
        ObjectNode wanted =
                switch (request.method()) {
                    case "GET", "HEAD" -> null;
                    case "PUT" -> Bodies.object(request);
                    case "PATCH" ->
                            patched(scale, Bodies.tree(request), scalePatchType(request), kind);
                    default -> throw Statuses.methodNotAllowed();
                };
        if (wanted == null) {
            return Reply.json(200, scale);
        }
        return Reply.json(
                200,
                Scales.update(
                        resources,
                        kind,
                        path.namespace(),
                        path.name(),
                        wanted,
                        write(request, "")));
    }

    /** A scale has no lists, so that a strategic patch of it is a merge patch. */
    private static String scalePatchType(Request request) {
        String type = request.head("Content-Type").split(";")[0].strip();
        return type.equals("application/json-patch+json") ? type : "application/merge-patch+json";
    }

    static DeleteOptions deleteOptions(Request request) {
        JsonNode body = request.body().length == 0 ? Json.object() : Bodies.tree(request);
        Long grace = request.number("gracePeriodSeconds");
        if (grace == null && body.path("gracePeriodSeconds").isNumber()) {
            grace = body.path("gracePeriodSeconds").asLong();
        }
        String propagation = request.parameter("propagationPolicy");
        if (propagation == null && body.path("propagationPolicy").isString()) {
            propagation = body.path("propagationPolicy").stringValue();
        }
        if (propagation == null && body.path("orphanDependents").asBoolean(false)) {
            propagation = "Orphan";
        }
        return new DeleteOptions(
                grace,
                propagation,
                orNull(body.path("preconditions").path("uid")),
                orNull(body.path("preconditions").path("resourceVersion")));
    }

    private static @Nullable String orNull(JsonNode text) {
        return text.isString() ? text.stringValue() : null;
    }

    private Reply delete(Request request, Path path, Views view, String namespace)
            throws ApiException {
        ObjectNode deleted =
                resources.delete(
                        view.kind(),
                        namespace,
                        path.name(),
                        deleteOptions(request),
                        isDryRun(request));
        ResourceType type = view.kind().type();
        boolean stillThere = resources.store().get(type, namespace, path.name()) != null;
        if (stillThere || type.equals(ResourceType.POD) || type.equals(ResourceType.SERVICE)) {
            return Reply.json(200, view.one(request, deleted, clock.instant()));
        }
        return Reply.json(
                200, Statuses.success(type, path.name(), Json.text(deleted, "metadata", "uid")));
    }
}
