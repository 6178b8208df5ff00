package dev.headroom.cluster.api;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Selectors;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.kind.Kinds;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.patch.MergePatch;
import dev.headroom.cluster.api.registry.Caller;
import dev.headroom.cluster.api.registry.Change;
import dev.headroom.cluster.api.registry.Deletion;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.registry.Subresources;
import dev.headroom.cluster.api.store.Store;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.ObjectList;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import dev.headroom.cluster.objects.Watch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The cluster for components in the API server's own process: what a client gets, without the bytes. */
final class LocalObjects implements Objects {
    private final Registry registry;
    private final Subresources subresources;
    private final Kinds kinds;
    private final Map<ResourceType, VirtualResource> virtual;
    private final Caller caller;

    LocalObjects(
            Registry registry,
            Subresources subresources,
            Kinds kinds,
            Map<ResourceType, VirtualResource> virtual,
            String fieldManager) {
        this.registry = registry;
        this.subresources = subresources;
        this.kinds = kinds;
        this.virtual = virtual;
        this.caller = Caller.component(fieldManager);
    }

    private Served served(ResourceType type) {
        Served served = kinds.find(type);
        if (served == null) {
            throw Statuses.noSuchResource();
        }
        return served;
    }

    @Override
    public ObjectNode get(ResourceType type, String namespace, String name) {
        VirtualResource computed = virtual.get(type);
        if (computed != null) {
            return computed.get(namespace, name).orElseThrow(() -> Statuses.notFound(type, name));
        }
        return registry.get(served(type), namespace, name);
    }

    @Override
    public ObjectList list(ResourceType type, @Nullable String namespace, Query query) {
        VirtualResource computed = virtual.get(type);
        if (computed != null) {
            var selected = Selectors.labels(query.labelSelector());
            List<ObjectNode> items = computed.list(namespace).stream().filter(selected).toList();
            return new ObjectList(Long.toString(registry.store().revision()), items);
        }
        Served served = served(type);
        Store.Page page =
                registry.store()
                        .page(
                                served.kind().type(),
                                namespace,
                                registry.selection(served.kind(), query),
                                0,
                                null,
                                null);
        return new ObjectList(
                Long.toString(page.revision()), page.items().stream().map(served.shown()).toList());
    }

    @Override
    public Watch watch(
            ResourceType type, @Nullable String namespace, Query query, String resourceVersion) {
        Served served = served(type);
        return registry.store()
                .watch(
                        served.kind().type(),
                        namespace,
                        registry.selection(served.kind(), query),
                        Store.version(resourceVersion),
                        false);
    }

    @Override
    public ObjectNode create(ResourceType type, String namespace, ObjectNode object) {
        return registry.create(caller, served(type), namespace, object);
    }

    @Override
    public ObjectNode update(ResourceType type, String namespace, ObjectNode object) {
        return registry.update(
                caller, served(type), namespace, Json.name(object), "", current -> object);
    }

    @Override
    public ObjectNode updateSubresource(
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ObjectNode object) {
        return change(type, namespace, name, subresource, current -> object);
    }

    @Override
    public ObjectNode getSubresource(
            ResourceType type, String namespace, String name, String subresource) {
        Served served = known(type, subresource);
        return subresource.equals("scale")
                ? subresources.scale(served, namespace, name)
                : registry.get(served, namespace, name);
    }

    @Override
    public ObjectNode mergePatch(
            ResourceType type,
            String namespace,
            String name,
            @Nullable String subresource,
            JsonNode patch) {
        Change change = current -> MergePatch.apply(current, (ObjectNode) patch);
        if (subresource == null) {
            return registry.update(caller, served(type), namespace, name, "", change);
        }
        return change(type, namespace, name, subresource, change);
    }

    private ObjectNode change(
            ResourceType type, String namespace, String name, String subresource, Change change) {
        Served served = known(type, subresource);
        return switch (subresource) {
            case "scale" -> subresources.updateScale(caller, served, namespace, name, change);
            case "binding" ->
                    subresources.bind(caller, namespace, name, change.propose(Json.object()));
            default -> registry.update(caller, served, namespace, name, subresource, change);
        };
    }

    private Served known(ResourceType type, String subresource) {
        Served served = served(type);
        if (!served.kind().has(subresource)) {
            throw Statuses.noSuchResource();
        }
        return served;
    }

    @Override
    public void delete(ResourceType type, String namespace, String name, DeleteOptions options) {
        registry.delete(caller, served(type), namespace, name, Deletion.of(options));
    }
}
