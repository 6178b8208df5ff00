package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Deletes what an object that is gone has left behind: in the background, in the foreground (dependents first), or not at all (orphan). */
final class GarbageCollector implements Controller {
    /** Whatever may be deleted in the foreground: also what has no dependents waits for this controller then. */
    private static final List<ResourceType> OWNERS =
            List.of(
                    ResourceType.NAMESPACE,
                    ResourceType.NODE,
                    ResourceType.POD,
                    ResourceType.SERVICE,
                    ResourceType.ENDPOINTS,
                    ResourceType.ENDPOINT_SLICE,
                    ResourceType.SERVICE_ACCOUNT,
                    ResourceType.CONFIG_MAP,
                    ResourceType.SECRET,
                    ResourceType.EVENT,
                    ResourceType.DEPLOYMENT,
                    ResourceType.REPLICA_SET,
                    ResourceType.HORIZONTAL_POD_AUTOSCALER,
                    ResourceType.POD_DISRUPTION_BUDGET,
                    ResourceType.NETWORK_POLICY,
                    ResourceType.LEASE);

    private static final List<ResourceType> DEPENDENTS =
            List.of(
                    ResourceType.REPLICA_SET,
                    ResourceType.POD,
                    ResourceType.ENDPOINT_SLICE,
                    ResourceType.CONFIG_MAP,
                    ResourceType.SECRET,
                    ResourceType.SERVICE,
                    ResourceType.HORIZONTAL_POD_AUTOSCALER,
                    ResourceType.LEASE);

    private final Objects objects;
    private final WorkQueue queue;
    private final List<Informer> informers = new ArrayList<>();
    private final Map<String, ResourceType> kinds = new ConcurrentHashMap<>();

    GarbageCollector(Objects objects) {
        this.objects = objects;
        this.queue = WorkQueue.start("garbage", 2, this::reconcile);
        for (ResourceType type : OWNERS) {
            informers.add(
                    Informer.start(
                            objects,
                            type,
                            Query.ALL,
                            (before, after) -> ownerChanged(type, before, after)));
        }
        for (ResourceType type : DEPENDENTS) {
            kinds.put(type.kind(), type);
            informers.add(
                    Informer.start(
                            objects,
                            type,
                            Query.ALL,
                            (before, after) -> dependentChanged(before, after)));
        }
    }

    private void ownerChanged(
            ResourceType type, @Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (after == null && before != null) {
            queue.add("gone/" + Trees.uid(before));
        } else if (after != null && Trees.isDeleting(after) && hasFinalizer(after)) {
            queue.add(type.kind() + ":" + Trees.namespace(after) + "/" + Trees.name(after));
        }
    }

    /** A dependent that went may be the last that a foreground deletion waited for; one that came may have no owner any more. */
    private void dependentChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        ObjectNode object = after != null ? after : java.util.Objects.requireNonNull(before);
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (after == null) {
                queue.add(
                        Trees.text(owner, "kind")
                                + ":"
                                + Trees.namespace(object)
                                + "/"
                                + Trees.text(owner, "name"));
            } else if (before == null && isGone(owner, Trees.namespace(object))) {
                queue.add("gone/" + Trees.text(owner, "uid"));
            }
        }
    }

    private boolean isGone(JsonNode reference, String namespace) {
        Optional<ResourceType> type =
                OWNERS.stream()
                        .filter(t -> t.kind().equals(Trees.text(reference, "kind")))
                        .findFirst();
        if (type.isEmpty()) {
            return false;
        }
        try {
            return !Trees.uid(owner(type.get(), namespace, Trees.text(reference, "name")))
                    .equals(Trees.text(reference, "uid"));
        } catch (ApiException e) {
            return e.isNotFound();
        }
    }

    /**
     * An owner of what is in a namespace.
     *
     * @throws ApiException NotFound
     */
    private ObjectNode owner(ResourceType type, String namespace, String name) {
        return objects.get(type, type.namespaced() ? namespace : "", name);
    }

    private static boolean hasFinalizer(JsonNode object) {
        return finalizer(object, "foregroundDeletion") || finalizer(object, "orphan");
    }

    private static boolean finalizer(JsonNode object, String name) {
        return object.path("metadata")
                .path("finalizers")
                .valueStream()
                .anyMatch(f -> f.asString("").equals(name));
    }

    private void reconcile(String scope, String name) {
        if (scope.equals("gone")) {
            deleteDependents(name, DeleteOptions.DEFAULT);
            return;
        }
        int colon = scope.indexOf(':');
        Optional<ResourceType> type =
                OWNERS.stream().filter(t -> t.kind().equals(scope.substring(0, colon))).findFirst();
        if (type.isEmpty()) {
            return;
        }
        ObjectNode owner;
        try {
            owner = owner(type.get(), scope.substring(colon + 1), name);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return;
            }
            throw e;
        }
        if (!Trees.isDeleting(owner)) {
            return;
        }
        if (finalizer(owner, "orphan")) {
            dependents(Trees.uid(owner)).forEach(dependent -> release(dependent, Trees.uid(owner)));
            removeFinalizer(type.get(), owner, "orphan");
        } else if (finalizer(owner, "foregroundDeletion")) {
            DeleteOptions foreground = new DeleteOptions(null, "Foreground", null, null);
            if (deleteDependents(Trees.uid(owner), foreground) == 0) {
                removeFinalizer(type.get(), owner, "foregroundDeletion");
            }
        }
    }

    private List<Dependent> dependents(String owner) {
        List<Dependent> found = new ArrayList<>();
        for (ResourceType type : kinds.values()) {
            for (ObjectNode object : objects.list(type, null, Query.ALL).items()) {
                boolean owned =
                        object.path("metadata")
                                .path("ownerReferences")
                                .valueStream()
                                .anyMatch(reference -> Trees.text(reference, "uid").equals(owner));
                if (owned) {
                    found.add(new Dependent(type, object));
                }
            }
        }
        return found;
    }

    private record Dependent(ResourceType type, ObjectNode object) {}

    private int deleteDependents(String owner, DeleteOptions options) {
        List<Dependent> all = dependents(owner);
        for (Dependent dependent : all) {
            if (Trees.isDeleting(dependent.object())) {
                continue;
            }
            try {
                boolean pod = dependent.type().equals(ResourceType.POD);
                objects.delete(
                        dependent.type(),
                        Trees.namespace(dependent.object()),
                        Trees.name(dependent.object()),
                        new DeleteOptions(
                                null,
                                pod ? null : options.propagation(),
                                Trees.uid(dependent.object()),
                                null));
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        return all.size();
    }

    private void release(Dependent dependent, String owner) {
        ObjectNode changed = dependent.object().deepCopy();
        ArrayNode kept = Trees.object().putArray("kept");
        changed.path("metadata")
                .path("ownerReferences")
                .valueStream()
                .filter(reference -> !Trees.text(reference, "uid").equals(owner))
                .forEach(kept::add);
        ObjectNode metadata = Trees.ensure(changed, "metadata");
        if (kept.isEmpty()) {
            metadata.remove("ownerReferences");
        } else {
            metadata.set("ownerReferences", kept);
        }
        objects.update(dependent.type(), Trees.namespace(changed), changed);
    }

    private void removeFinalizer(ResourceType type, ObjectNode owner, String name) {
        ObjectNode changed = owner.deepCopy();
        ArrayNode kept = Trees.object().putArray("kept");
        owner.path("metadata")
                .path("finalizers")
                .valueStream()
                .filter(f -> !f.asString("").equals(name))
                .forEach(kept::add);
        ObjectNode metadata = Trees.ensure(changed, "metadata");
        if (kept.isEmpty()) {
            metadata.remove("finalizers");
        } else {
            metadata.set("finalizers", kept);
        }
        objects.update(type, Trees.namespace(owner), changed);
    }

    @Override
    public void close() {
        informers.forEach(Informer::close);
        queue.close();
    }
}
