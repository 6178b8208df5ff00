package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.patch.JsonPatch;
import dev.headroom.cluster.api.patch.MergePatch;
import dev.headroom.cluster.api.patch.StrategicMergePatch;
import dev.headroom.cluster.api.registry.Caller;
import dev.headroom.cluster.api.registry.Change;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.registry.Subresources;
import dev.headroom.cluster.api.schema.Decoder;
import dev.headroom.cluster.objects.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests for one object, or for its {@code status}, {@code scale} or {@code finalize}. */
final class Items {
    private static final String SCALE = "io.k8s.api.autoscaling.v1.Scale";
    private static final String APPLY = "application/apply-patch+yaml";
    private static final ResourceType SCALE_TYPE =
            new ResourceType("autoscaling", "v1", "scales", "Scale", true);

    /** Kinds whose deletion answers with the object, as their strategies say upstream. */
    private static final Set<ResourceType> SHOWN_WHEN_GONE =
            Set.of(ResourceType.POD, ResourceType.SERVICE, ResourceType.SERVICE_ACCOUNT);

    private final Registry registry;
    private final Subresources subresources;
    private final StrategicMergePatch strategic;

    Items(Registry registry, Subresources subresources) {
        this.registry = registry;
        this.subresources = subresources;
        this.strategic = new StrategicMergePatch(registry.schemas());
    }

    Reply answer(Request request, Path path, Served served) {
        return switch (request.method()) {
            case "GET", "HEAD" -> get(request, path, served);
            case "PUT" -> put(request, path, served);
            case "PATCH" -> patch(request, path, served);
            case "DELETE" -> {
                if (!path.subresource().isEmpty()) {
                    throw Statuses.methodNotAllowed();
                }
                yield delete(request, path, served);
            }
            default -> throw Statuses.methodNotAllowed();
        };
    }

    private static boolean scale(Path path) {
        return path.subresource().equals("scale");
    }

    private Reply get(Request request, Path path, Served served) {
        Views view = Views.of(request);
        if (scale(path)) {
            ObjectNode scale = subresources.scale(served, path.namespace(), path.name());
            return Reply.json(200, view.one(SCALE_TYPE, scale));
        }
        ObjectNode object = registry.get(served, path.namespace(), path.name());
        return Reply.json(200, view.one(served.type(), object));
    }

    private Reply put(Request request, Path path, Served served) {
        Views view = Views.of(request);
        ResourceType wanted = scale(path) ? SCALE_TYPE : served.type();
        Bodies.Read read = Bodies.read(request, wanted.kind());
        ObjectNode object = Bodies.object(read, wanted);
        String name = Json.name(object);
        if (!name.equals(path.name())) {
            throw Statuses.badRequest(
                    name.isEmpty()
                            ? "the name of the object ("
                                    + path.name()
                                    + " based on URL) was undeterminable: name must be provided"
                            : "the name of the object ("
                                    + name
                                    + ") does not match the name on the URL ("
                                    + path.name()
                                    + ")");
        }
        return change(request, path, served, read.duplicates(), view, current -> object);
    }

    private Reply change(
            Request request,
            Path path,
            Served served,
            List<String> duplicates,
            Views view,
            Change change) {
        List<String> warnings = new ArrayList<>();
        Caller caller = Parameters.caller(request, duplicates, warnings::add);
        if (scale(path)) {
            ObjectNode scale =
                    subresources.updateScale(caller, served, path.namespace(), path.name(), change);
            return Reply.json(200, scale, warnings);
        }
        ObjectNode updated =
                registry.update(
                        caller, served, path.namespace(), path.name(), path.subresource(), change);
        return Reply.json(200, view.one(served.type(), updated), warnings);
    }

    private Reply patch(Request request, Path path, Served served) {
        String type = request.contentType();
        String definition = scale(path) ? SCALE : served.definition();
        return switch (type) {
            case APPLY -> apply(request, path, served);
            case "application/json-patch+json",
                    "application/merge-patch+json",
                    "application/strategic-merge-patch+json" -> {
                Views view = Views.of(request);
                Bodies.Read read = Bodies.patch(request);
                yield change(
                        request,
                        path,
                        served,
                        read.duplicates(),
                        view,
                        current -> patched(current, read.tree(), type, definition));
            }
            default -> throw Statuses.unsupportedMediaType();
        };
    }

    private ObjectNode patched(ObjectNode current, JsonNode patch, String type, String definition) {
        if (type.equals("application/json-patch+json")) {
            return JsonPatch.apply(current, patch);
        }
        if (!(patch instanceof ObjectNode changes)) {
            String prefix = type.contains("strategic") ? "" : "error decoding patch: ";
            throw Statuses.badRequest(prefix + notA("map[string]interface {}", patch));
        }
        return type.equals("application/merge-patch+json")
                ? MergePatch.apply(current, changes)
                : strategic.apply(current, changes, definition);
    }

    private static String notA(String type, JsonNode found) {
        return "json: cannot unmarshal " + Decoder.word(found) + " into Go value of type " + type;
    }

    private Reply apply(Request request, Path path, Served served) {
        Views view = Views.of(request);
        if (request.parameter("fieldManager") == null) {
            throw Statuses.badRequest(
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }
        Bodies.Read read = Bodies.patch(request);
        if (!read.tree().isObject()) {
            throw Statuses.badRequest(
                    "error decoding YAML: error unmarshaling JSON: while decoding JSON: "
                            + notA("map[string]interface {}", read.tree()));
        }
        if (scale(path)) {
            ObjectNode scale = Bodies.object(read, SCALE_TYPE);
            return change(
                    request,
                    path,
                    served,
                    read.duplicates(),
                    view,
                    current -> MergePatch.apply(current, scale));
        }
        ObjectNode configuration = Bodies.object(read, served.type());
        List<String> warnings = new ArrayList<>();
        Caller caller = Parameters.caller(request, read.duplicates(), warnings::add);
        Registry.Applied applied =
                registry.apply(
                        caller,
                        served,
                        path.namespace(),
                        path.name(),
                        path.subresource(),
                        configuration,
                        request.flag("force"));
        return Reply.json(
                applied.created() ? 201 : 200, view.one(served.type(), applied.object()), warnings);
    }

    private Reply delete(Request request, Path path, Served served) {
        Views view = Views.of(request);
        JsonNode options = Parameters.options(request);
        Registry.Deleted deleted =
                registry.delete(
                        Parameters.deleter(request, options),
                        served,
                        path.namespace(),
                        path.name(),
                        Parameters.deletion(request, options));
        ResourceType type = served.kind().type();
        if (deleted.gone() && !SHOWN_WHEN_GONE.contains(type)) {
            return Reply.json(
                    200, Statuses.deleted(served.type(), path.name(), Json.uid(deleted.object())));
        }
        return Reply.json(200, view.one(served.type(), deleted.object()));
    }
}
