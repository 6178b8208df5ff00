package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whose an object is, by selector: what nobody has is adopted, what no longer matches is released (upstream: controller_ref_manager.go). */
final class Ownership {
    private Ownership() {}

    /**
     * What an owner has, after it has taken and given up what its selector says.
     *
     * @param adoptable what of that which nobody has may be taken
     */
    static List<ObjectNode> claim(
            Objects objects, ResourceType type, ObjectNode owner, Predicate<ObjectNode> adoptable) {
        List<ObjectNode> owned = new ArrayList<>();
        JsonNode selector = owner.path("spec").path("selector");
        for (ObjectNode one : objects.list(type, Trees.namespace(owner), Query.ALL).items()) {
            boolean matches = Trees.selects(selector, Trees.labels(one));
            if (Trees.isControlledBy(one, owner)) {
                if (matches || Trees.isDeleting(owner)) {
                    owned.add(one);
                } else {
                    release(objects, type, one, owner);
                }
            } else if (matches
                    && adoptable.test(one)
                    && Trees.controllerOf(one).isEmpty()
                    && !Trees.isDeleting(one)
                    && !Trees.isDeleting(owner)) {
                ObjectNode adopted = adopt(objects, type, one, owner);
                if (adopted != null) {
                    owned.add(adopted);
                }
            }
        }
        return owned;
    }

    private static @Nullable ObjectNode adopt(
            Objects objects, ResourceType type, ObjectNode one, ObjectNode owner) {
        ObjectNode adopted = one.deepCopy();
        ArrayNode references = references(adopted);
        Trees.setController(adopted, owner);
        ArrayNode now = references(adopted);
        references.forEach(now::add);
        return write(objects, type, adopted);
    }

    private static void release(
            Objects objects, ResourceType type, ObjectNode one, ObjectNode owner) {
        ObjectNode released = one.deepCopy();
        ArrayNode references = references(released);
        references.removeIf(reference -> Trees.text(reference, "uid").equals(Trees.uid(owner)));
        if (references.isEmpty()) {
            Trees.ensure(released, "metadata").remove("ownerReferences");
        }
        write(objects, type, released);
    }

    private static ArrayNode references(ObjectNode object) {
        ObjectNode metadata = Trees.ensure(object, "metadata");
        return metadata.path("ownerReferences") instanceof ArrayNode found
                ? found
                : metadata.putArray("ownerReferences");
    }

    /** Null where it is gone meanwhile. */
    private static @Nullable ObjectNode write(
            Objects objects, ResourceType type, ObjectNode object) {
        try {
            return objects.update(type, Trees.namespace(object), object);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }

    /** Has those looked at whom a change concerns: its owner, the owner before, or where it has none those that select it. */
    static void enqueueOwners(
            WorkQueue queue,
            String kind,
            Informer owners,
            @Nullable ObjectNode before,
            ObjectNode now) {
        for (ObjectNode one : before == null ? List.of(now) : List.of(before, now)) {
            Trees.controllerOf(one)
                    .filter(owner -> Trees.text(owner, "kind").equals(kind))
                    .ifPresent(owner ->
                            queue.add(Trees.namespace(one) + "/" + Trees.text(owner, "name")));
        }
        if (Trees.controllerOf(now).isEmpty()) {
            for (ObjectNode owner : owners.all()) {
                if (Trees.namespace(owner).equals(Trees.namespace(now))
                        && Trees.selects(owner.path("spec").path("selector"), Trees.labels(now))) {
                    queue.add(Trees.key(owner));
                }
            }
        }
    }
}
