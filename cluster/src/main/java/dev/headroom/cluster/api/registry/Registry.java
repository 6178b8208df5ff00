package dev.headroom.cluster.api.registry;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Selectors;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.base.Versions;
import dev.headroom.cluster.api.fields.Conformance;
import dev.headroom.cluster.api.fields.ManagedFields;
import dev.headroom.cluster.api.kind.Allocation;
import dev.headroom.cluster.api.kind.Causes;
import dev.headroom.cluster.api.kind.Effects;
import dev.headroom.cluster.api.kind.Kind;
import dev.headroom.cluster.api.kind.MetaValidation;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.api.store.Store;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The verbs of the API over the {@link Store}, for clients behind HTTP and in this process alike. Safe for use by several threads. */
public final class Registry {
    private final Store store;
    private final Schemas schemas;
    private final InstantSource clock;
    private final Reading reading;
    private final ManagedFields managed;
    private final Effects effects;
    private final Removals removals;

    public Registry(Store store, Schemas schemas, InstantSource clock) {
        this.store = store;
        this.schemas = schemas;
        this.clock = clock;
        this.reading = new Reading(schemas);
        this.managed = new ManagedFields(schemas, clock);
        this.effects = new Effects(schemas);
        this.removals = new Removals(store, clock);
    }

    public Store store() {
        return store;
    }

    public Schemas schemas() {
        return schemas;
    }

    // Reading

    /** The object as it is kept; throws NotFound. */
    private ObjectNode stored(Served served, String namespace, String name) {
        ObjectNode found = store.get(served.kind().type(), namespace, name);
        if (found == null) {
            throw Statuses.notFound(served.type(), name);
        }
        return found;
    }

    public ObjectNode get(Served served, String namespace, String name) {
        return served.shown().apply(stored(served, namespace, name));
    }

    public Predicate<JsonNode> selection(Kind kind, Query query) {
        Set<String> fields = new HashSet<>(kind.selectable());
        fields.add("metadata.name");
        fields.add("metadata.namespace");
        Predicate<JsonNode> byField = Selectors.fields(query.fieldSelector(), fields);
        return byField.and(Selectors.labels(query.labelSelector()));
    }

    // Writing

    public ObjectNode create(Caller caller, Served served, String namespace, ObjectNode body) {
        Kind kind = served.kind();
        ObjectNode object =
                reading.kept(
                        caller,
                        served,
                        body,
                        (type, sent, why) ->
                                caller.applies()
                                        ? AppliedChange.refusal(sent, why)
                                        : Change.cannotBeHandled(type, why));
        ObjectNode metadata = Json.metadata(object);
        ServerFields.inNamespace(served.type(), namespace, metadata);
        String generate = Json.text(metadata, "generateName");
        boolean generated = Json.text(metadata, "name").isEmpty() && !generate.isEmpty();
        Long version = Versions.of(Json.text(metadata, "resourceVersion"));
        metadata.remove("resourceVersion");
        if (generated) {
            String within = Json.namespace(object);
            metadata.put(
                    "name",
                    GeneratedName.from(
                            generate, name -> store.get(served.type(), within, name) != null));
        }
        ServerFields.fresh(metadata, kind.rules(), clock.instant());
        namespaceTakes(served.type(), namespace, Json.name(object));
        if (kind.rules().hasStatus()) {
            object.set("status", schemas.empty(kind.definition()).path("status"));
        }
        kind.rules().prepareCreate(object);
        kind.rules().defaults(object);
        if (!caller.applies()) {
            metadata.remove("managedFields");
            managed.written(caller.manager(), served, "", schemas.empty(kind.definition()), object);
        }
        Causes causes = new Causes();
        MetaValidation.metadata(object, kind.rules(), causes);
        kind.rules().validate(object, causes);
        refuse(kind, object, causes);
        warn(caller, kind, object, null);
        if (version != null && version != 0 && !caller.dryRun()) {
            throw Statuses.unexplained(
                    "resourceVersion should not be set on objects to be created");
        }
        return served.shown().apply(insert(caller, kind, object));
    }

    private ObjectNode insert(Caller caller, Kind kind, ObjectNode object) {
        ResourceType type = kind.type();
        if (store.get(type, Json.namespace(object), Json.name(object)) != null) {
            throw Statuses.alreadyExists(type, Json.name(object));
        }
        Causes causes = new Causes();
        Allocation allocation = kind.rules().allocate(object, null, causes);
        try {
            refuse(kind, object, causes);
            if (caller.dryRun()) {
                allocation.undo();
                return object;
            }
            ObjectNode created = store.create(type, object);
            allocation.done();
            return created;
        } catch (ApiException e) {
            allocation.undo();
            throw e;
        }
    }

    private void namespaceTakes(ResourceType type, String namespace, String name) {
        if (!type.namespaced()) {
            return;
        }
        ObjectNode found = store.get(ResourceType.NAMESPACE, "", namespace);
        if (found == null) {
            throw Statuses.notFound(ResourceType.NAMESPACE, namespace);
        }
        if (Json.has(found, "metadata", "deletionTimestamp")) {
            throw Statuses.namespaceTerminating(type, name, namespace);
        }
    }

    private void warn(Caller caller, Kind kind, ObjectNode object, @Nullable ObjectNode old) {
        if (caller.hears()) {
            if (old == null || generation(object) != generation(old)) {
                kind.rules().warn(object, caller.warning());
            }
            effects.warn(kind.definition(), object, old, caller.warning());
        }
    }

    private static long generation(JsonNode object) {
        return Json.integer(object, 0, "metadata", "generation");
    }

    private static void refuse(Kind kind, JsonNode object, Causes causes) {
        if (!causes.isEmpty()) {
            throw Statuses.invalid(
                    kind.type().kind(), kind.type().group(), Json.name(object), causes.list());
        }
    }

    /**
     * Changes an object, or one of its subresources that are parts of it.
     *
     * @param subresource empty for the object itself, {@code status}, {@code finalize}, {@code binding}
     */
    public ObjectNode update(
            Caller caller,
            Served served,
            String namespace,
            String name,
            String subresource,
            Change change) {
        while (true) {
            ObjectNode old = stored(served, namespace, name);
            ObjectNode result = attempt(caller, served, subresource, old, change);
            if (result != null) {
                return served.shown().apply(result);
            }
        }
    }

    /**
     * Server-side apply: creates the object where there is none.
     *
     * @param applied the configuration, as it was sent
     * @param force whether to take what others own
     * @return the object, and whether it was created
     */
    public Applied apply(
            Caller caller,
            Served served,
            String namespace,
            String name,
            String subresource,
            ObjectNode applied,
            boolean force) {
        if (!Json.at(applied, "metadata", "managedFields").isEmpty()) {
            throw Statuses.badRequest("metadata.managedFields must be nil");
        }
        Conformance.check(schemas, served.definition(), applied);
        String manager = caller.manager();
        Caller applier = caller.applying();
        while (true) {
            if (store.get(served.kind().type(), namespace, name) != null
                    || !subresource.isEmpty()) {
                Change change =
                        new AppliedChange(
                                applied,
                                live ->
                                        managed.apply(
                                                manager,
                                                served,
                                                subresource,
                                                live,
                                                applied,
                                                force));
                return new Applied(
                        update(applier, served, namespace, name, subresource, change), false);
            }
            ObjectNode empty = Json.object();
            empty.put("kind", served.type().kind()).put("apiVersion", served.type().apiVersion());
            Json.metadata(empty).put("name", name);
            String uid = Json.uid(applied);
            if (!uid.isEmpty()) {
                throw Statuses.conflict(
                        served.type(),
                        name,
                        "uid mismatch: the provided object specified uid "
                                + uid
                                + ", and no existing object was found");
            }
            ObjectNode object = managed.apply(manager, served, "", empty, applied, force);
            try {
                return new Applied(create(applier, served, namespace, object), true);
            } catch (ApiException e) {
                if (!e.reason().equals("AlreadyExists")) {
                    throw e;
                }
            }
        }
    }

    /** What an apply has come to. */
    public record Applied(ObjectNode object, boolean created) {}

    /** Null where somebody else was quicker. */
    private @Nullable ObjectNode attempt(
            Caller caller, Served served, String subresource, ObjectNode old, Change change) {
        Kind kind = served.kind();
        ObjectNode shown = served.shown().apply(old);
        ObjectNode object = reading.kept(caller, served, change.propose(shown), change::refusal);
        ServerFields.identity(served, object, old, change.isWhole());
        ServerFields.limit(kind, subresource, object, old);
        if (!Json.has(object, "metadata", "managedFields")) {
            Json.copy(
                    Json.metadata(object),
                    "managedFields",
                    Json.at(old, "metadata", "managedFields"));
        }
        if (!caller.applies()) {
            managed.written(caller.manager(), served, subresource, old, object);
        }
        Causes causes = new Causes();
        Allocation allocation = Allocation.NONE;
        MetaValidation.update(object, old, causes);
        if (subresource.isEmpty()) {
            MetaValidation.metadata(object, kind.rules(), causes);
            kind.rules().validate(object, causes);
            kind.rules().validateUpdate(object, old, causes);
            refuse(kind, object, causes);
            warn(caller, kind, object, old);
            allocation = kind.rules().allocate(object, old, causes);
        }
        boolean written = false;
        try {
            refuse(kind, object, causes);
            if (Json.same(object, old) || ManagedFields.sameButTimes(object, old)) {
                return old;
            }
            if (caller.dryRun()) {
                return object;
            }
            written = removals.write(kind, object, old);
            return written ? object : null;
        } finally {
            if (written) {
                allocation.done();
            } else {
                allocation.undo();
            }
        }
    }

    // Deleting

    /**
     * What a deletion has come to.
     *
     * @param object as it was last, or as it is now
     * @param gone whether it is removed; else it is on its way out
     */
    public record Deleted(ObjectNode object, boolean gone) {}

    /** A deletion as the request asks for it; see {@link dev.headroom.cluster.objects.DeleteOptions}. */
    public Deleted delete(
            Caller caller, Served served, String namespace, String name, Deletion deletion) {
        String problem = served.kind().rules().deletionProblem(name);
        if (problem != null) {
            throw Statuses.forbidden(served.type(), name, problem);
        }
        while (true) {
            ObjectNode old = stored(served, namespace, name);
            deletion.check(served.type(), old);
            Deleted done = removals.delete(caller, served.kind(), old, deletion);
            if (done != null) {
                return new Deleted(served.shown().apply(done.object()), done.gone());
            }
        }
    }
}
