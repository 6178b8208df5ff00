package dev.headroom.cluster.api.fields;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.fields.Managers.Manager;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.schema.Schemas;
import dev.headroom.cluster.objects.ApiException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps {@code metadata.managedFields}, and applies configurations by it (structured-merge-diff, {@code merge.Updater}). */
public final class ManagedFields {
    /** What is nobody's: the server's own fields. */
    private static final List<String> SERVERS =
            List.of(
                    "name",
                    "namespace",
                    "uid",
                    "creationTimestamp",
                    "generation",
                    "resourceVersion",
                    "managedFields",
                    "selfLink",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds");

    private final Schemas schemas;
    private final InstantSource clock;

    public ManagedFields(Schemas schemas, InstantSource clock) {
        this.schemas = schemas;
        this.clock = clock;
    }

    /**
     * After a create, update or patch: the manager owns what it changed, others lose it.
     *
     * @param now gets its managedFields
     */
    public void written(
            String name, Served served, String subresource, ObjectNode old, ObjectNode now) {
        Shape shape = Shape.of(schemas, served.kind().definition());
        Comparison changes = new Comparison(shape, old, now);
        nobodys(served, subresource, changes.added, changes.modified, changes.removed);
        Managers managers =
                Managers.parse(Json.at(now, "metadata", "managedFields"), clock.instant());
        Manager writer =
                new Manager(name, Managers.UPDATE, served.type().apiVersion(), subresource);
        FieldSet taken = changes.added.copy();
        taken.addAll(changes.modified);
        managers.others(writer)
                .values()
                .forEach(set -> {
                    set.removeAll(taken);
                    set.removeAll(changes.removed);
                });
        FieldSet own = managers.of(writer).copy();
        own.removeAll(changes.removed);
        own.addAll(taken);
        managers.put(writer, own);
        if (!taken.isEmpty() || !changes.removed.isEmpty()) {
            managers.touch(writer);
        }
        managers.write(Json.metadata(now));
    }

    private static void nobodys(Served served, String subresource, FieldSet... sets) {
        for (FieldSet set : sets) {
            set.cut("f:apiVersion");
            set.cut("f:kind");
            SERVERS.forEach(field -> set.cut("f:metadata", "f:" + field));
            if (subresource.equals("status")) {
                set.cut("f:spec");
            } else if (subresource.isEmpty() && served.kind().rules().hasStatus()) {
                set.cut("f:status");
            }
        }
    }

    /**
     * Server-side apply.
     *
     * @param live the object as it is, or the kind's empty one
     * @param applied the configuration, as it was sent
     * @param force takes what others own with another value, instead of refusing
     * @return a new tree: what becomes of the object, with its managedFields
     */
    public ObjectNode apply(
            String name,
            Served served,
            String subresource,
            ObjectNode live,
            ObjectNode applied,
            boolean force) {
        Shape shape = Shape.of(schemas, served.definition());
        Managers managers =
                Managers.parse(Json.at(live, "metadata", "managedFields"), clock.instant());
        Manager applier =
                new Manager(name, Managers.APPLY, served.type().apiVersion(), subresource);
        FieldSet before = managers.of(applier).copy();
        FieldSet stated = Comparison.stated(shape, applied);
        nobodys(served, subresource, stated);
        ObjectNode merged = live.deepCopy();
        Merged.merge(shape, merged, applied);
        managers.put(applier, stated);
        prune(shape, merged, before, stated, managers.others(applier));
        Comparison changes = new Comparison(shape, live, merged);
        nobodys(served, subresource, changes.added, changes.modified, changes.removed);
        settle(
                managers,
                applier,
                changes,
                () -> LastApplied.unchanged(name, shape, served.type().apiVersion(), live),
                force);
        managers.write(Json.metadata(merged));
        LastApplied.follow(name, applied, merged);
        return merged;
    }

    /** Takes out what was applied before and is no more, unless somebody else owns it. */
    private static void prune(
            Shape shape,
            ObjectNode merged,
            FieldSet before,
            FieldSet stated,
            Map<Manager, FieldSet> others) {
        // From the outside in: an element is known by its keys, which are among its fields.
        for (List<String> path : before.paths()) {
            boolean kept =
                    stated.reaches(path)
                            || others.values().stream().anyMatch(set -> set.reaches(path));
            if (!kept) {
                Merged.remove(shape, merged, path);
            }
        }
    }

    private static void settle(
            Managers managers,
            Manager applier,
            Comparison changes,
            Supplier<FieldSet> allowed,
            boolean force) {
        FieldSet taken = changes.added.copy();
        taken.addAll(changes.modified);
        Map<Manager, FieldSet> conflicts = new LinkedHashMap<>();
        managers.others(applier)
                .forEach((other, set) -> {
                    FieldSet contested = set.intersection(taken);
                    if (!contested.isEmpty()) {
                        conflicts.put(other, contested);
                    }
                });
        if (!conflicts.isEmpty() && !force) {
            FieldSet free = allowed.get();
            conflicts.values().forEach(contested -> contested.removeAll(free));
            conflicts.values().removeIf(FieldSet::isEmpty);
            if (!conflicts.isEmpty()) {
                throw conflict(conflicts);
            }
        }
        managers.others(applier)
                .forEach((other, set) -> {
                    set.removeAll(taken);
                    set.removeAll(changes.removed);
                });
    }

    private static ApiException conflict(Map<Manager, FieldSet> conflicts) {
        List<Cause> causes = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        conflicts.forEach((manager, set) -> {
            String who = who(manager);
            List<String> fields = set.paths().stream().map(FieldSet::text).toList();
            fields.forEach(field ->
                    causes.add(new Cause("FieldManagerConflict", "conflict with " + who, field)));
            parts.add(
                    fields.size() == 1
                            ? "conflict with " + who + ": " + fields.getFirst()
                            : "conflicts with " + who + ":\n- " + String.join("\n- ", fields));
        });
        String count = causes.size() == 1 ? "1 conflict" : causes.size() + " conflicts";
        return Statuses.applyConflict(
                "Apply failed with " + count + ": " + String.join("\n", parts), causes);
    }

    private static String who(Manager manager) {
        String who = Cause.quote(manager.name());
        if (!manager.subresource().isEmpty()) {
            who += " with subresource " + Cause.quote(manager.subresource());
        }
        return manager.applies() ? who : who + " using " + manager.apiVersion();
    }

    /** Whether two objects are the same but for when their fields were written. */
    public static boolean sameButTimes(ObjectNode a, ObjectNode b) {
        return Json.same(timeless(a), timeless(b));
    }

    private static ObjectNode timeless(ObjectNode object) {
        ObjectNode bare = Json.object();
        bare.setAll(object);
        ObjectNode metadata = Json.object();
        object.path("metadata").properties().forEach(e -> metadata.set(e.getKey(), e.getValue()));
        JsonNode managed = metadata.path("managedFields").deepCopy();
        for (ObjectNode entry : Json.objects(managed)) {
            entry.remove("time");
        }
        metadata.set("managedFields", managed.isMissingNode() ? Json.array() : managed);
        bare.set("metadata", metadata);
        return bare;
    }
}
