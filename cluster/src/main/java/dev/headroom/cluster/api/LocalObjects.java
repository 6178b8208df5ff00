package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.ObjectList;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import dev.headroom.cluster.objects.Watch;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The API for components in this process: what a client would get over HTTP, without the bytes. */
final class LocalObjects implements Objects {
    private final Resources resources;
    private final Map<ResourceType, VirtualResource> virtual;
    private final Resources.Write write;

    LocalObjects(Resources resources, Map<ResourceType, VirtualResource> virtual, String manager) {
        this.resources = resources;
        this.virtual = virtual;
        this.write = new Resources.Write(manager);
    }

    private static String place(ResourceType type, String namespace) {
        return type.namespaced() ? namespace : "";
    }

    private static Predicate<JsonNode> accepts(Query query) {
        return Selectors.labels(query.labelSelector()).and(Selectors.fields(query.fieldSelector()));
    }

    @Override
    public ObjectNode get(ResourceType type, String namespace, String name) {
        VirtualResource computed = virtual.get(type);
        if (computed != null) {
            return computed.get(namespace, name).orElseThrow(() -> Statuses.notFound(type, name));
        }
        return resources.get(Kinds.of(type), place(type, namespace), name);
    }

    @Override
    public ObjectList list(ResourceType type, @Nullable String namespace, Query query) {
        VirtualResource computed = virtual.get(type);
        if (computed != null) {
            return new ObjectList(
                    "", computed.list(namespace).stream().filter(accepts(query)).toList());
        }
        return resources.store().list(Kinds.of(type).type(), namespace, accepts(query));
    }

    @Override
    public Watch watch(
            ResourceType type, @Nullable String namespace, Query query, String resourceVersion) {
        return resources
                .store()
                .watch(
                        Kinds.of(type).type(),
                        namespace,
                        accepts(query),
                        Store.version(resourceVersion));
    }

    @Override
    public ObjectNode create(ResourceType type, String namespace, ObjectNode object) {
        return resources.create(Kinds.of(type), place(type, namespace), object, write);
    }

    @Override
    public ObjectNode update(ResourceType type, String namespace, ObjectNode object) {
        return resources.update(
                Kinds.of(type), place(type, namespace), Json.name(object), write, live -> object);
    }

    @Override
    public ObjectNode updateSubresource(
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ObjectNode object) {
        Kind kind = Kinds.of(type);
        if (subresource.equals("scale")) {
            return Scales.update(resources, kind, place(type, namespace), name, object, write);
        }
        return resources.update(
                kind, place(type, namespace), name, write.on(subresource), live -> object);
    }

    @Override
    public ObjectNode getSubresource(
            ResourceType type, String namespace, String name, String subresource) {
        ObjectNode object = get(type, namespace, name);
        return subresource.equals("scale") ? Scales.of(object) : object;
    }

    @Override
    public ObjectNode mergePatch(
            ResourceType type,
            String namespace,
            String name,
            @Nullable String subresource,
            JsonNode patch) {
        Kind kind = Kinds.of(type);
        if ("scale".equals(subresource)) {
            return Scales.update(
                    resources,
                    kind,
                    place(type, namespace),
                    name,
                    (ObjectNode)
                            Patches.merge(getSubresource(type, namespace, name, "scale"), patch),
                    write);
        }
        return resources.update(
                kind,
                place(type, namespace),
                name,
                write.on(subresource == null || subresource.equals("binding") ? "" : subresource),
                live -> (ObjectNode) Patches.merge(live, patch));
    }

    @Override
    public void delete(ResourceType type, String namespace, String name, DeleteOptions options) {
        resources.delete(Kinds.of(type), place(type, namespace), name, options, false);
    }
}
