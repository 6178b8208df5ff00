package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.ResourceType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the API does with objects, whoever asks: clients over HTTP and components in this process take the same way through defaulting,
 * validation, allocation, ownership of fields, optimistic concurrency and graceful deletion.
 */
final class Resources {
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private final Store store;
    private final InstantSource clock;
    private final Allocation allocation;

    Resources(Store store, InstantSource clock, Allocation allocation) {
        this.store = store;
        this.clock = clock;
        this.allocation = allocation;
    }

    /**
     * How a write was asked for.
     *
     * @param manager the field manager
     * @param subresource empty for the object itself
     */
    record Write(String manager, boolean dryRun, String subresource) {
        Write(String manager) {
            this(manager, false, "");
        }

        Write on(String other) {
            return new Write(manager, dryRun, other);
        }
    }

    Store store() {
        return store;
    }

    ObjectNode get(Kind kind, String namespace, String name) {
        ObjectNode found = store.get(kind.type(), namespace, name);
        if (found == null) {
            throw Statuses.notFound(kind.type(), name);
        }
        return found;
    }

    ObjectNode create(Kind kind, String namespace, ObjectNode given, Write write) {
        ObjectNode object = given.deepCopy();
        ResourceType type = kind.type();
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        ObjectNode metadata = Json.ensure(object, "metadata");
        placeInNamespace(type, namespace, metadata);
        nameIt(metadata);
        Instant now = clock.instant();
        metadata.remove("resourceVersion");
        metadata.remove("deletionTimestamp");
        metadata.remove("selfLink");
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Times.format(now));
        metadata.remove("generation");
        if (kind.countsGenerations() && !type.equals(ResourceType.POD)) {
            metadata.put("generation", 1);
        }
        if (kind.hasStatus() && !type.equals(ResourceType.NODE)) {
            resetStatus(object, type);
        }
        Defaults.fill(object, kind);
        Validation.check(object, kind);
        metadata.remove("managedFields");
        return store.locked(() -> {
            if (store.get(type, namespace, Json.name(object)) != null) {
                throw Statuses.alreadyExists(type, Json.name(object));
            }
            // In this order, as upstream: what the server allocates is nobody's field.
            ManagedFields.updated(Json.object(), object, kind, write.manager(), "", now);
            allocation.allocate(object, kind, store);
            return write.dryRun() ? object : store.create(type, object);
        });
    }

    private void placeInNamespace(ResourceType type, String namespace, ObjectNode metadata) {
        if (!type.namespaced()) {
            metadata.remove("namespace");
            return;
        }
        String given = metadata.path("namespace").asString("");
        if (!given.isEmpty() && !given.equals(namespace)) {
            throw Statuses.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        metadata.put("namespace", namespace);
        ObjectNode place = store.get(ResourceType.NAMESPACE, "", namespace);
        if (place == null) {
            throw Statuses.notFound(ResourceType.NAMESPACE, namespace);
        }
        if (place.path("metadata").has("deletionTimestamp")) {
            throw Statuses.forbidden(
                    type,
                    metadata.path("name").asString(""),
                    "unable to create new content in namespace "
                            + namespace
                            + " because it is being terminated");
        }
    }

    private static void nameIt(ObjectNode metadata) {
        String prefix = metadata.path("generateName").asString("");
        if (metadata.path("name").asString("").isEmpty() && !prefix.isEmpty()) {
            metadata.put("name", prefix + suffix());
        }
    }

    private static String suffix() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            text.append(LETTERS.charAt(ThreadLocalRandom.current().nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private static void resetStatus(ObjectNode object, ResourceType type) {
        object.remove("status");
        ObjectNode status = object.putObject("status");
        switch (type.kind()) {
            case "Pod" ->
                    status.put("phase", "Pending")
                            .put("qosClass", PodClass.of(object.path("spec")));
            case "Service" -> status.putObject("loadBalancer");
            case "ReplicaSet" -> status.put("replicas", 0);
            case "HorizontalPodAutoscaler" ->
                    status.put("desiredReplicas", 0).putNull("currentMetrics");
            default -> {}
        }
    }

    /** A change of an object: {@code edit} gets a copy of it and gives the tree that is wanted. */
    ObjectNode update(
            Kind kind,
            String namespace,
            String name,
            Write write,
            Function<ObjectNode, ObjectNode> edit) {
        ObjectNode[] result = new ObjectNode[1];
        ObjectNode stored =
                store.update(
                        kind.type(),
                        namespace,
                        name,
                        live -> {
                            ObjectNode wanted = edit.apply(live.deepCopy());
                            ObjectNode after = accepted(kind, live, wanted, write);
                            result[0] = after;
                            if (write.dryRun()) {
                                return live;
                            }
                            return isGone(after) ? null : after;
                        });
        return write.dryRun() ? result[0] : stored;
    }

    /** Deleted, and nothing holds it any more. */
    private static boolean isGone(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.has("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && metadata.path("deletionGracePeriodSeconds").asLong(0) == 0
                && object.path("spec").path("finalizers").isEmpty();
    }

    private ObjectNode accepted(Kind kind, ObjectNode live, ObjectNode wanted, Write write) {
        ResourceType type = kind.type();
        String name = Json.name(live);
        JsonNode version = wanted.path("metadata").path("resourceVersion");
        if (version.isString()
                && !version.stringValue().isEmpty()
                && !version.equals(live.path("metadata").path("resourceVersion"))) {
            throw Statuses.modified(type, name);
        }
        JsonNode uid = wanted.path("metadata").path("uid");
        if (uid.isString()
                && !uid.stringValue().isEmpty()
                && !uid.equals(live.path("metadata").path("uid"))) {
            throw Statuses.conflict(
                    type,
                    name,
                    "Precondition failed: UID in precondition: "
                            + uid.stringValue()
                            + ", UID in object meta: "
                            + Json.text(live, "metadata", "uid"));
        }
        ObjectNode after =
                write.subresource().equals("status") ? live.deepCopy() : wanted.deepCopy();
        if (write.subresource().equals("status")) {
            after.set(
                    "status",
                    wanted.path("status").isMissingNode() ? Json.object() : wanted.path("status"));
        } else {
            keepWhatIsTheServers(live, after, kind);
            Allocation.keep(live, after, kind);
            Defaults.fill(after, kind);
            Validation.check(after, kind);
            Validation.checkUpdate(live, after, kind);
            store.locked(() -> {
                allocation.allocate(after, kind, store);
                return after;
            });
            countGeneration(live, after, kind);
        }
        if (sameBut(live, after)) {
            return live;
        }
        if (after.path("metadata")
                .path("managedFields")
                .equals(live.path("metadata").path("managedFields"))) {
            ManagedFields.updated(
                    live, after, kind, write.manager(), write.subresource(), clock.instant());
        }
        return after;
    }

    private static void keepWhatIsTheServers(ObjectNode live, ObjectNode after, Kind kind) {
        after.put("apiVersion", kind.type().apiVersion()).put("kind", kind.type().kind());
        ObjectNode metadata = Json.ensure(after, "metadata");
        JsonNode old = live.path("metadata");
        for (String field :
                new String[] {
                    "name",
                    "namespace",
                    "uid",
                    "resourceVersion",
                    "creationTimestamp",
                    "generation",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "generateName"
                }) {
            metadata.remove(field);
            if (old.has(field)) {
                metadata.set(field, old.path(field));
            }
        }
        if (!metadata.has("managedFields") && old.has("managedFields")) {
            metadata.set("managedFields", old.path("managedFields"));
        }
        if (kind.hasStatus()) {
            after.remove("status");
            if (live.has("status")) {
                after.set("status", live.path("status"));
            }
        }
    }

    private static void countGeneration(ObjectNode live, ObjectNode after, Kind kind) {
        if (kind.countsGenerations()
                && !live.path("spec").equals(after.path("spec"))
                && live.path("metadata").has("generation")) {
            Json.ensure(after, "metadata")
                    .put("generation", live.path("metadata").path("generation").asLong(0) + 1);
        }
    }

    /** Equal, whoever owns what since when. */
    private static boolean sameBut(ObjectNode live, ObjectNode after) {
        return strip(live).equals(strip(after)) && owners(live).equals(owners(after));
    }

    private static ObjectNode strip(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        Json.ensure(copy, "metadata").remove("managedFields");
        return copy;
    }

    private static JsonNode owners(ObjectNode object) {
        ArrayNode copy = Json.object().putArray("owners");
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            ObjectNode owner = (ObjectNode) entry.deepCopy();
            owner.remove("time");
            copy.add(owner);
        }
        return copy;
    }

    /** Server-side apply. */
    ObjectNode apply(
            Kind kind,
            String namespace,
            String name,
            ObjectNode applied,
            boolean force,
            Write write) {
        ObjectNode configuration = applied.deepCopy();
        ObjectNode metadata = Json.ensure(configuration, "metadata");
        metadata.put("name", name);
        if (metadata.has("managedFields")) {
            throw Statuses.badRequest("metadata.managedFields must be nil");
        }
        if (store.get(kind.type(), namespace, name) == null) {
            ObjectNode created = configuration.deepCopy();
            ObjectNode object =
                    create(kind, namespace, created, new Write(write.manager(), true, ""));
            ObjectNode bare = object.deepCopy();
            Json.ensure(bare, "metadata").remove("managedFields");
            ObjectNode owned =
                    ManagedFields.apply(
                            bare, configuration, kind, write.manager(), force, clock.instant());
            Json.ensure(object, "metadata")
                    .set("managedFields", owned.path("metadata").path("managedFields"));
            return write.dryRun() ? object : store.create(kind.type(), object);
        }
        return update(
                kind,
                namespace,
                name,
                write,
                live ->
                        ManagedFields.apply(
                                live,
                                configuration,
                                kind,
                                write.manager(),
                                force,
                                clock.instant()));
    }

    /**
     * Begins a deletion.
     *
     * @return the object as it then is, or as it last was
     */
    ObjectNode delete(
            Kind kind, String namespace, String name, DeleteOptions options, boolean dryRun) {
        return store.update(
                kind.type(),
                namespace,
                name,
                live -> {
                    checkPreconditions(kind.type(), live, options);
                    if (dryRun) {
                        return live;
                    }
                    ObjectNode after = markDeleted(kind, live, options);
                    return isGone(after) ? null : after;
                });
    }

    private static void checkPreconditions(
            ResourceType type, ObjectNode live, DeleteOptions options) throws ApiException {
        String uid = Json.text(live, "metadata", "uid");
        if (options.uid() != null && !options.uid().equals(uid)) {
            throw Statuses.conflict(
                    type,
                    Json.name(live),
                    "Precondition failed: UID in precondition: "
                            + options.uid()
                            + ", UID in object meta: "
                            + uid);
        }
        String version = Json.text(live, "metadata", "resourceVersion");
        if (options.resourceVersion() != null && !options.resourceVersion().equals(version)) {
            throw Statuses.conflict(
                    type,
                    Json.name(live),
                    "Precondition failed: ResourceVersion in precondition: "
                            + options.resourceVersion()
                            + ", ResourceVersion in object meta: "
                            + version);
        }
    }

    private ObjectNode markDeleted(Kind kind, ObjectNode live, DeleteOptions options) {
        ObjectNode after = live.deepCopy();
        ObjectNode metadata = Json.ensure(after, "metadata");
        long grace = gracePeriod(kind, live, options.gracePeriodSeconds());
        boolean again = metadata.has("deletionTimestamp");
        if (!again || grace < metadata.path("deletionGracePeriodSeconds").asLong(0)) {
            Instant due = clock.instant().plusSeconds(grace);
            if (!again || grace > 0 || metadata.path("deletionGracePeriodSeconds").asLong(0) > 0) {
                metadata.put("deletionTimestamp", Times.format(due));
            }
            metadata.put("deletionGracePeriodSeconds", grace);
            if (!again && metadata.has("generation")) {
                metadata.put("generation", metadata.path("generation").asLong(0) + 1);
            }
        }
        finalizer(metadata, "foregroundDeletion", "Foreground".equals(options.propagation()));
        finalizer(metadata, "orphan", "Orphan".equals(options.propagation()));
        if (kind.type().equals(ResourceType.NAMESPACE)) {
            Json.ensure(after, "status").put("phase", "Terminating");
        }
        return after;
    }

    private static void finalizer(ObjectNode metadata, String name, boolean wanted) {
        if (wanted
                && metadata.path("finalizers")
                        .valueStream()
                        .noneMatch(f -> f.asString("").equals(name))) {
            metadata.withArray("finalizers").add(name);
        }
    }

    /** Only pods that are on a node and still run are given time: the node removes them when their processes have ended. */
    private static long gracePeriod(Kind kind, ObjectNode live, @Nullable Long asked) {
        if (!kind.type().equals(ResourceType.POD)
                || Json.text(live, "spec", "nodeName").isEmpty()) {
            return 0;
        }
        Set<String> over = new HashSet<>(Set.of("Succeeded", "Failed"));
        if (over.contains(Json.text(live, "status", "phase"))) {
            return 0;
        }
        return asked != null
                ? asked
                : live.path("spec").path("terminationGracePeriodSeconds").asLong(30);
    }
}
