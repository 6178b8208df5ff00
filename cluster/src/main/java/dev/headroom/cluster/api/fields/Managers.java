package dev.headroom.cluster.api.fields;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The managers of one object and what each owns, as {@code metadata.managedFields} has them. */
final class Managers {
    static final String APPLY = "Apply";
    static final String UPDATE = "Update";

    /** A manager in one of its roles; one that applies is the same in every version. */
    record Manager(String name, String operation, String apiVersion, String subresource) {
        boolean applies() {
            return operation.equals(APPLY);
        }

        boolean same(Manager other) {
            return name.equals(other.name)
                    && operation.equals(other.operation)
                    && subresource.equals(other.subresource)
                    && (applies() || apiVersion.equals(other.apiVersion));
        }
    }

    private static final class Entry {
        Manager manager;
        FieldSet set;
        String time;

        Entry(Manager manager, FieldSet set, String time) {
            this.manager = manager;
            this.set = set;
            this.time = time;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final String now;

    private Managers(String now) {
        this.now = now;
    }

    static Managers parse(JsonNode managedFields, Instant now) {
        Managers managers = new Managers(Times.seconds(now));
        for (JsonNode entry : managedFields) {
            Manager manager =
                    new Manager(
                            Json.text(entry, "manager"),
                            Json.text(entry, "operation"),
                            Json.text(entry, "apiVersion"),
                            Json.text(entry, "subresource"));
            FieldSet set = FieldSet.parse(entry.path("fieldsV1"));
            managers.entries.add(new Entry(manager, set, Json.text(entry, "time")));
        }
        return managers;
    }

    private @Nullable Entry find(Manager manager) {
        for (Entry entry : entries) {
            if (entry.manager.same(manager)) {
                return entry;
            }
        }
        return null;
    }

    FieldSet of(Manager manager) {
        Entry entry = find(manager);
        return entry == null ? new FieldSet() : entry.set;
    }

    /** Every manager but one, with what it owns. */
    Map<Manager, FieldSet> others(Manager but) {
        Map<Manager, FieldSet> others = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (!entry.manager.same(but)) {
                others.put(entry.manager, entry.set);
            }
        }
        return others;
    }

    void put(Manager manager, FieldSet set) {
        Entry entry = find(manager);
        if (entry == null) {
            entries.add(new Entry(manager, set, now));
        } else {
            if (!entry.set.equals(set) || !entry.manager.equals(manager)) {
                entry.time = now;
            }
            entry.manager = manager;
            entry.set = set;
        }
    }

    void touch(Manager manager) {
        Entry entry = find(manager);
        if (entry != null) {
            entry.time = now;
        }
    }

    String time(Manager manager) {
        Entry entry = find(manager);
        return entry == null ? "" : entry.time;
    }

    /** Those who own something: who applies first, then by time. */
    void write(ObjectNode metadata) {
        entries.removeIf(entry -> entry.set.isEmpty());
        entries.sort(
                Comparator.comparing((Entry e) -> !e.manager.applies())
                        .thenComparing(e -> e.time)
                        .thenComparing(e -> e.manager.name()));
        metadata.remove("managedFields");
        if (entries.isEmpty()) {
            return;
        }
        ArrayNode array = metadata.putArray("managedFields");
        for (Entry entry : entries) {
            ObjectNode node = array.addObject().put("manager", entry.manager.name());
            node.put("operation", entry.manager.operation());
            node.put("apiVersion", entry.manager.apiVersion());
            if (!entry.time.isEmpty()) {
                node.put("time", entry.time);
            }
            node.put("fieldsType", "FieldsV1").set("fieldsV1", entry.set.toJson());
            if (!entry.manager.subresource().isEmpty()) {
                node.put("subresource", entry.manager.subresource());
            }
        }
    }
}
