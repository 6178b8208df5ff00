package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Who owns which fields of an object ({@code metadata.managedFields}), and server-side apply on top of it (KEP-555). */
final class ManagedFields {
    private ManagedFields() {}

    private record Owner(String manager, String operation, String apiVersion, String subresource) {}

    private static Map<Owner, ObjectNode> entries(ObjectNode object) {
        Map<Owner, ObjectNode> entries = new LinkedHashMap<>();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            entries.put(
                    new Owner(
                            Json.text(entry, "manager"),
                            Json.text(entry, "operation"),
                            Json.text(entry, "apiVersion"),
                            Json.text(entry, "subresource")),
                    (ObjectNode) entry);
        }
        return entries;
    }

    private static void store(
            ObjectNode object,
            Map<Owner, Set<List<String>>> owned,
            Map<Owner, ObjectNode> before,
            Instant now) {
        ArrayNode array = Json.ensure(object, "metadata").putArray("managedFields");
        owned.forEach((owner, paths) -> {
            if (paths.isEmpty()) {
                return;
            }
            ObjectNode entry = array.addObject();
            entry.put("manager", owner.manager()).put("operation", owner.operation());
            entry.put("apiVersion", owner.apiVersion());
            ObjectNode fields = FieldPaths.tree(paths);
            ObjectNode old = before.get(owner);
            boolean same = old != null && FieldPaths.paths(old.path("fieldsV1")).equals(paths);
            entry.put("time", same && old != null ? Json.text(old, "time") : Times.format(now));
            entry.put("fieldsType", "FieldsV1").set("fieldsV1", fields);
            if (!owner.subresource().isEmpty()) {
                entry.put("subresource", owner.subresource());
            }
        });
        if (array.isEmpty()) {
            Json.ensure(object, "metadata").remove("managedFields");
        }
    }

    private static Map<Owner, Set<List<String>>> owned(Map<Owner, ObjectNode> entries) {
        Map<Owner, Set<List<String>>> owned = new LinkedHashMap<>();
        entries.forEach(
                (owner, entry) -> owned.put(owner, FieldPaths.paths(entry.path("fieldsV1"))));
        return owned;
    }

    /** After a create, update or patch: the manager owns what it changed, the others lose that. */
    static void updated(
            ObjectNode before,
            ObjectNode after,
            Kind kind,
            String manager,
            String subresource,
            Instant now) {
        JsonNode schema = Schemas.definition(kind.definition());
        Map<List<String>, JsonNode> was = FieldPaths.leaves(before, schema);
        Map<List<String>, JsonNode> is = FieldPaths.leaves(after, schema);
        Set<List<String>> changed = new LinkedHashSet<>();
        is.forEach((path, value) -> {
            if (!value.equals(was.get(path))) {
                changed.add(path);
            }
        });
        Set<List<String>> removed = new LinkedHashSet<>(was.keySet());
        removed.removeAll(is.keySet());
        Map<Owner, ObjectNode> entries = entries(before);
        Map<Owner, Set<List<String>>> owned = owned(entries);
        Owner writer = new Owner(manager, "Update", kind.type().apiVersion(), subresource);
        if (changed.isEmpty() && removed.isEmpty()) {
            store(after, owned, entries, now);
            return;
        }
        owned.values().forEach(paths -> paths.removeAll(changed));
        owned.values().forEach(paths -> paths.removeAll(removed));
        owned.computeIfAbsent(writer, w -> new LinkedHashSet<>()).addAll(changed);
        store(after, owned, entries, now);
    }

    /**
     * Server-side apply: merges the configuration into the live object, removes what the manager applied before and does not any more.
     *
     * @throws ApiException Conflict where another manager owns a field with another value, unless {@code force}
     */
    static ObjectNode apply(
            ObjectNode live,
            ObjectNode applied,
            Kind kind,
            String manager,
            boolean force,
            Instant now) {
        JsonNode schema = Schemas.definition(kind.definition());
        Map<List<String>, JsonNode> wanted = FieldPaths.leaves(applied, schema);
        Map<List<String>, JsonNode> present = FieldPaths.leaves(live, schema);
        Map<Owner, ObjectNode> entries = entries(live);
        Map<Owner, Set<List<String>>> owned = owned(entries);
        Owner self = new Owner(manager, "Apply", kind.type().apiVersion(), "");
        Map<Owner, Set<List<String>>> conflicts = new LinkedHashMap<>();
        owned.forEach((owner, paths) -> {
            if (owner.equals(self)) {
                return;
            }
            Set<List<String>> contested = new LinkedHashSet<>(paths);
            contested.retainAll(wanted.keySet());
            contested.removeIf(path -> Objects.equals(wanted.get(path), present.get(path)));
            if (!contested.isEmpty()) {
                conflicts.put(owner, contested);
            }
        });
        if (!conflicts.isEmpty() && !force) {
            throw conflict(conflicts);
        }
        conflicts.forEach(
                (owner, paths) -> Objects.requireNonNull(owned.get(owner)).removeAll(paths));
        Set<List<String>> mine = owned.getOrDefault(self, Set.of());
        Set<List<String>> dropped = new LinkedHashSet<>(mine);
        dropped.removeAll(wanted.keySet());
        owned.forEach((owner, paths) -> {
            if (!owner.equals(self)) {
                dropped.removeAll(paths);
            }
        });
        ObjectNode result = live.deepCopy();
        dropped.forEach(path -> FieldPaths.remove(result, path));
        merge(result, applied, schema);
        owned.put(self, new LinkedHashSet<>(wanted.keySet()));
        store(result, owned, entries, now);
        return result;
    }

    private static void merge(ObjectNode target, ObjectNode applied, JsonNode schema) {
        for (var entry : applied.properties()) {
            JsonNode property = Schemas.property(schema, entry.getKey());
            JsonNode resolved = Schemas.resolve(property);
            JsonNode value = entry.getValue();
            JsonNode existing = target.path(entry.getKey());
            if (value instanceof ObjectNode object
                    && existing instanceof ObjectNode fields
                    && Schemas.isObject(resolved)
                    && !Schemas.isAtomic(property, resolved)) {
                merge(fields, object, resolved);
            } else if (value instanceof ArrayNode list
                    && existing instanceof ArrayNode items
                    && !Schemas.listKeys(property).isEmpty()) {
                mergeList(items, list, property);
            } else if (value instanceof ArrayNode list
                    && existing instanceof ArrayNode items
                    && Schemas.isSet(property)) {
                for (JsonNode item : list) {
                    if (items.valueStream().noneMatch(item::equals)) {
                        items.add(item);
                    }
                }
            } else {
                target.set(entry.getKey(), value.deepCopy());
            }
        }
    }

    private static void mergeList(ArrayNode items, ArrayNode applied, JsonNode property) {
        JsonNode schema = Schemas.resolve(Schemas.resolve(property).path("items"));
        for (JsonNode element : applied) {
            ObjectNode key = FieldPaths.keyOf((ObjectNode) element, property);
            ObjectNode found = null;
            for (JsonNode item : items) {
                if (item instanceof ObjectNode object
                        && FieldPaths.keyOf(object, property).equals(key)) {
                    found = object;
                }
            }
            if (found == null) {
                items.add(element.deepCopy());
            } else {
                merge(found, (ObjectNode) element, schema);
            }
        }
    }

    private static ApiException conflict(Map<Owner, Set<List<String>>> conflicts) {
        List<Statuses.Cause> causes = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        conflicts.forEach((owner, paths) -> {
            String who =
                    "\""
                            + owner.manager()
                            + "\""
                            + (owner.subresource().isEmpty()
                                    ? ""
                                    : " with subresource \"" + owner.subresource() + "\"")
                            + " using "
                            + owner.apiVersion();
            List<String> fields = paths.stream().map(FieldPaths::text).toList();
            fields.forEach(field ->
                    causes.add(
                            new Statuses.Cause(
                                    "FieldManagerConflict", "conflict with " + who, field)));
            text.append(text.isEmpty() ? "" : "\n");
            if (fields.size() == 1) {
                text.append("conflict with ").append(who).append(": ").append(fields.getFirst());
            } else {
                text.append("conflicts with ").append(who).append(":");
                fields.forEach(field -> text.append("\n- ").append(field));
            }
        });
        String count = causes.size() == 1 ? "1 conflict" : causes.size() + " conflicts";
        return Statuses.applyConflict("Apply failed with " + count + ": " + text, causes);
    }
}
