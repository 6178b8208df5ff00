package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.patch.PatchForm;
import dev.headroom.cluster.api.registry.Caller;
import dev.headroom.cluster.api.registry.Change;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.registry.Subresources;
import dev.headroom.cluster.objects.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests for one object, or for its {@code status}, {@code scale} or {@code finalize}. */
final class Items {
    private static final ResourceType SCALE_TYPE =
            new ResourceType("autoscaling", "v1", "scales", "Scale", true);

    /** Kinds whose deletion answers with the object, as their strategies say upstream. */
    private static final Set<ResourceType> SHOWN_WHEN_GONE =
            Set.of(ResourceType.POD, ResourceType.SERVICE, ResourceType.SERVICE_ACCOUNT);

    private final Registry registry;
    private final Subresources subresources;

    Items(Registry registry, Subresources subresources) {
        this.registry = registry;
        this.subresources = subresources;
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
        Long version = ListOptions.version(request, false);
        long current = registry.store().revision();
        if (version != null && version > current) {
            throw Statuses.tooLargeVersion(version, current);
        }
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
        ObjectNode object = Bodies.object(read, wanted, registry.schemas());
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
        PatchForm form =
                switch (request.contentType()) {
                    case "application/json-patch+json" -> PatchForm.JSON;
                    case "application/merge-patch+json" -> PatchForm.MERGE;
                    case "application/strategic-merge-patch+json" -> PatchForm.STRATEGIC;
                    case Parameters.APPLY -> null;
                    default -> throw Statuses.unsupportedMediaType();
                };
        Views view = Views.of(request);
        boolean lenient = Parameters.isLenient(request);
        if (form == null) {
            return apply(request, path, served, view);
        }
        // What is not there is told before what is wrong with the patch.
        registry.get(served, path.namespace(), path.name());
        Bodies.Read read = PatchBodies.read(request, form, lenient);
        Patch patch =
                new Patch(
                        form,
                        read.tree(),
                        scale(path) ? SCALE_TYPE : served.type(),
                        scale(path) ? Subresources.SCALE : served.definition(),
                        registry.schemas());
        return change(request, path, served, read.duplicates(), view, patch);
    }

    private Reply apply(Request request, Path path, Served served, Views view) {
        Bodies.Read read = Bodies.configuration(request);
        ObjectNode configuration = Bodies.object(read);
        TypeMeta type = TypeMeta.asSaid(configuration);
        if (!type.is(scale(path) ? SCALE_TYPE : served.type())) {
            throw Statuses.badRequest("invalid object type: " + type);
        }
        List<String> warnings = new ArrayList<>();
        Caller caller = Parameters.caller(request, read.duplicates(), warnings::add);
        if (scale(path)) {
            ObjectNode scale =
                    subresources.applyScale(
                            caller, served, path.namespace(), path.name(), configuration);
            return Reply.json(200, scale, warnings);
        }
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
