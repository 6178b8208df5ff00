package dev.headroom.cluster.api.store;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.base.Versions;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.WatchEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects, in memory, with one revision counter over all kinds, as etcd has it. A tree that is stored is never changed: a change is a
 * new tree. A bounded history lets watches and lists begin in the past.
 */
public final class Store {
    /** Changes of a kind kept at least, and at most; between the two, those of the last minutes. */
    private static final int FEWEST = 1_000;

    private static final int MOST = 50_000;
    private static final long KEPT_NANOS = Duration.ofMinutes(2).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ResourceType, Table> tables = new HashMap<>();
    private long revision = 1;

    /** The objects of one kind by {@code namespace/name}, what happened to them, and who listens. */
    private static final class Table {
        final NavigableMap<String, ObjectNode> objects = new TreeMap<>();
        final ArrayDeque<Change> history = new ArrayDeque<>();
        final Set<Watcher> watchers = new LinkedHashSet<>();

        /** Changes up to and including this revision are forgotten. */
        long forgotten;
    }

    /** A change of one object: {@code before} is null for a creation, {@code after} for a removal. */
    record Change(
            long revision,
            long nanos,
            String namespace,
            @Nullable ObjectNode before,
            @Nullable ObjectNode after) {}

    /** Objects in the order of their names, at a revision; {@code more} where a limit cut them off. */
    public record Page(
            long revision, List<ObjectNode> items, @Nullable String lastKey, int remaining) {
        public boolean more() {
            return lastKey != null;
        }
    }

    private Table table(ResourceType type) {
        return tables.computeIfAbsent(type, t -> new Table());
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    public long revision() {
        lock.lock();
        try {
            return revision;
        } finally {
            lock.unlock();
        }
    }

    public @Nullable ObjectNode get(ResourceType type, String namespace, String name) {
        lock.lock();
        try {
            return table(type).objects.get(key(namespace, name));
        } finally {
            lock.unlock();
        }
    }

    public List<ObjectNode> list(
            ResourceType type, @Nullable String namespace, Predicate<JsonNode> accepts) {
        return page(type, namespace, accepts, 0, null, null).items();
    }

    /**
     * A part of a list.
     *
     * @param limit 0 for none
     * @param after the last key of the page before; null for the first
     * @param at the revision of the list; null for the present
     */
    public Page page(
            ResourceType type,
            @Nullable String namespace,
            Predicate<JsonNode> accepts,
            int limit,
            @Nullable String after,
            @Nullable Long at) {
        Collection<Map.Entry<String, ObjectNode>> entries;
        long seen;
        lock.lock();
        try {
            seen = at == null ? revision : at;
            NavigableMap<String, ObjectNode> objects =
                    at == null ? table(type).objects : past(table(type), at);
            if (namespace != null) {
                objects = objects.subMap(namespace + "/", true, namespace + "0", false);
            }
            if (after != null) {
                objects = objects.tailMap(after, false);
            }
            // A copy of references: what follows may take long, and must not hold up writers.
            entries = new ArrayList<>(objects.entrySet().size());
            for (Map.Entry<String, ObjectNode> entry : objects.entrySet()) {
                entries.add(Map.entry(entry.getKey(), entry.getValue()));
            }
        } finally {
            lock.unlock();
        }
        return cut(entries, accepts, limit, seen);
    }

    private static Page cut(
            Collection<Map.Entry<String, ObjectNode>> entries,
            Predicate<JsonNode> accepts,
            int limit,
            long revision) {
        List<ObjectNode> found = new ArrayList<>();
        String last = null;
        int remaining = 0;
        for (Map.Entry<String, ObjectNode> entry : entries) {
            if (!accepts.test(entry.getValue())) {
                continue;
            }
            if (limit > 0 && found.size() == limit) {
                remaining++;
            } else {
                found.add(entry.getValue());
                last = entry.getKey();
            }
        }
        return new Page(revision, found, remaining > 0 ? last : null, remaining);
    }

    /** The objects as they were at a revision: the present, with what came later taken back. */
    private NavigableMap<String, ObjectNode> past(Table table, long at) {
        if (at < table.forgotten) {
            throw Statuses.expired(
                    "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.");
        }
        NavigableMap<String, ObjectNode> objects = new TreeMap<>(table.objects);
        Iterator<Change> latest = table.history.descendingIterator();
        while (latest.hasNext()) {
            Change change = latest.next();
            if (change.revision() <= at) {
                break;
            }
            ObjectNode any = change.after() == null ? change.before() : change.after();
            if (any == null) {
                continue;
            }
            String key = key(change.namespace(), Json.name(any));
            if (change.before() == null) {
                objects.remove(key);
            } else {
                objects.put(key, change.before());
            }
        }
        return objects;
    }

    /** Stores a new object; the tree becomes the store's and gets its resource version. */
    public ObjectNode create(ResourceType type, ObjectNode object) {
        lock.lock();
        try {
            String key = key(Json.namespace(object), Json.name(object));
            if (table(type).objects.containsKey(key)) {
                throw Statuses.alreadyExists(type, Json.name(object));
            }
            return commit(type, key, null, object);
        } finally {
            lock.unlock();
        }
    }

    /** Puts {@code after} in the place of {@code before}; false where that is no longer what is stored. */
    public boolean replace(ResourceType type, ObjectNode before, ObjectNode after) {
        lock.lock();
        try {
            String key = key(Json.namespace(before), Json.name(before));
            if (table(type).objects.get(key) != before) {
                return false;
            }
            commit(type, key, before, after);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes {@code before}.
     *
     * @param last the object as watchers are to see it for the last time
     * @return whether it was still what is stored
     */
    public boolean remove(ResourceType type, ObjectNode before, ObjectNode last) {
        lock.lock();
        try {
            String key = key(Json.namespace(before), Json.name(before));
            Table table = table(type);
            if (table.objects.get(key) != before) {
                return false;
            }
            revision++;
            table.objects.remove(key);
            ObjectNode gone = last.deepCopy();
            Json.metadata(gone).put("resourceVersion", Long.toString(revision));
            publish(table, change(Json.namespace(before), gone, null));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private ObjectNode commit(
            ResourceType type, String key, @Nullable ObjectNode before, ObjectNode after) {
        revision++;
        Json.metadata(after).put("resourceVersion", Long.toString(revision));
        Table table = table(type);
        table.objects.put(key, after);
        publish(table, change(Json.namespace(after), before, after));
        return after;
    }

    private Change change(
            String namespace, @Nullable ObjectNode before, @Nullable ObjectNode after) {
        return new Change(revision, System.nanoTime(), namespace, before, after);
    }

    private static void publish(Table table, Change change) {
        table.history.addLast(change);
        while (table.history.size() > MOST
                || table.history.size() > FEWEST
                        && change.nanos() - table.history.getFirst().nanos() > KEPT_NANOS) {
            table.forgotten = table.history.removeFirst().revision();
        }
        table.watchers.removeIf(watcher -> !watcher.offer(change));
    }

    /**
     * Changes after a revision, in order and without gap.
     *
     * @param from null for the present objects as ADDED events first
     * @param mark whether a bookmark ends those first events ({@code sendInitialEvents})
     */
    public StoreWatch watch(
            ResourceType type,
            @Nullable String namespace,
            Predicate<JsonNode> accepts,
            @Nullable Long from,
            boolean mark) {
        lock.lock();
        try {
            Table table = table(type);
            Watcher watcher = new Watcher(this::stop, this::revision, type, namespace, accepts);
            if (from == null) {
                for (ObjectNode object : list(type, namespace, accepts)) {
                    watcher.first(new WatchEvent(WatchEvent.Type.ADDED, object));
                }
                if (mark) {
                    watcher.first(Watcher.bookmark(type, revision, true));
                }
            } else {
                if (from < table.forgotten) {
                    throw Statuses.expired(
                            "too old resource version: " + from + " (" + table.forgotten + ")");
                }
                for (Change change : table.history) {
                    if (change.revision() > from) {
                        watcher.offer(change);
                    }
                }
            }
            table.watchers.add(watcher);
            return watcher;
        } finally {
            lock.unlock();
        }
    }

    private void stop(Watcher watcher) {
        lock.lock();
        try {
            table(watcher.type()).watchers.remove(watcher);
        } finally {
            lock.unlock();
        }
    }

    /** A revision as a component of this process gives it; null for none, that is: the present. */
    public static @Nullable Long version(String text) {
        Long version = Versions.of(text);
        return version == null || version == 0 ? null : version;
    }
}
