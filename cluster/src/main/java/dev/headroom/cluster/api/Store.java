package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ObjectList;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.Watch;
import dev.headroom.cluster.objects.WatchEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects, in memory, with one revision counter over all kinds, as etcd has it. Trees that are stored are never changed: a change is
 * a new tree. A bounded history lets a watch begin in the past.
 */
final class Store {
    /** Changes kept for watches that begin in the past; past it they are told to list again (410). */
    private static final int HISTORY = 4_096;

    /** Changes that a watcher may be behind before it is dropped, so that it holds no one up. */
    private static final int WATCHER_BACKLOG = 8_192;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ResourceType, TreeMap<String, ObjectNode>> objects = new HashMap<>();
    private final ArrayDeque<Change> history = new ArrayDeque<>();
    private final Set<Watcher> watchers = new LinkedHashSet<>();
    private long revision = 1;
    private long forgotten = 1;

    private record Change(
            long revision,
            ResourceType type,
            String namespace,
            @Nullable ObjectNode before,
            @Nullable ObjectNode after) {}

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    @Nullable ObjectNode get(ResourceType type, String namespace, String name) {
        lock.lock();
        try {
            return of(type).get(key(namespace, name));
        } finally {
            lock.unlock();
        }
    }

    private TreeMap<String, ObjectNode> of(ResourceType type) {
        return objects.computeIfAbsent(type, t -> new TreeMap<>());
    }

    ObjectList list(ResourceType type, @Nullable String namespace, Predicate<JsonNode> accepts) {
        lock.lock();
        try {
            List<ObjectNode> found = new ArrayList<>();
            var all = of(type);
            var range =
                    namespace == null || namespace.isEmpty()
                            ? all
                            : all.subMap(namespace + "/", namespace + "0");
            for (ObjectNode object : range.values()) {
                if (accepts.test(object)) {
                    found.add(object);
                }
            }
            return new ObjectList(Long.toString(revision), found);
        } finally {
            lock.unlock();
        }
    }

    /** Stores a new object; the tree becomes the store's. */
    ObjectNode create(ResourceType type, ObjectNode object) {
        lock.lock();
        try {
            String name = Json.name(object);
            String key = key(Json.namespace(object), name);
            if (of(type).containsKey(key)) {
                throw Statuses.alreadyExists(type, name);
            }
            return commit(type, key, null, object);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes an object: {@code change} gets the stored tree and gives a new one, the same one (nothing changes), or null (it is removed).
     * Runs under the store's lock: it must not wait.
     */
    ObjectNode update(
            ResourceType type,
            String namespace,
            String name,
            java.util.function.Function<ObjectNode, @Nullable ObjectNode> change) {
        lock.lock();
        try {
            String key = key(namespace, name);
            ObjectNode before = of(type).get(key);
            if (before == null) {
                throw Statuses.notFound(type, name);
            }
            ObjectNode after = change.apply(before);
            if (after == before || before.equals(after)) {
                return before;
            }
            if (after == null) {
                return remove(type, key, before);
            }
            return commit(type, key, before, after);
        } finally {
            lock.unlock();
        }
    }

    private ObjectNode commit(
            ResourceType type, String key, @Nullable ObjectNode before, ObjectNode after) {
        revision++;
        Json.ensure(after, "metadata").put("resourceVersion", Long.toString(revision));
        of(type).put(key, after);
        publish(new Change(revision, type, Json.namespace(after), before, after));
        return after;
    }

    private ObjectNode remove(ResourceType type, String key, ObjectNode before) {
        revision++;
        of(type).remove(key);
        ObjectNode last = before.deepCopy();
        Json.ensure(last, "metadata").put("resourceVersion", Long.toString(revision));
        publish(new Change(revision, type, Json.namespace(before), last, null));
        return last;
    }

    private void publish(Change change) {
        history.addLast(change);
        if (history.size() > HISTORY) {
            forgotten = history.removeFirst().revision();
        }
        watchers.removeIf(watcher -> !watcher.offer(change));
    }

    /** Runs several reads as one. */
    <T> T locked(java.util.function.Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    long revision() {
        lock.lock();
        try {
            return revision;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes after a version.
     *
     * @param from null or 0 for the present state as ADDED events first
     */
    StoreWatch watch(
            ResourceType type,
            @Nullable String namespace,
            Predicate<JsonNode> accepts,
            @Nullable Long from) {
        lock.lock();
        try {
            Watcher watcher = new Watcher(type, namespace, accepts);
            if (from == null || from == 0) {
                for (ObjectNode object : list(type, namespace, accepts).items()) {
                    watcher.queue.add(new WatchEvent(WatchEvent.Type.ADDED, object));
                }
            } else {
                if (from < forgotten) {
                    throw Statuses.expired(
                            "too old resource version: " + from + " (" + (forgotten + 1) + ")");
                }
                for (Change change : history) {
                    if (change.revision() > from) {
                        watcher.offer(change);
                    }
                }
            }
            watchers.add(watcher);
            return watcher;
        } finally {
            lock.unlock();
        }
    }

    /** A watch that can also be asked where it stands. */
    interface StoreWatch extends Watch {
        /** The next change, or null when there is none within the time; {@link #ended()} then says which it was. */
        @Nullable WatchEvent poll(long millis) throws InterruptedException;

        boolean ended();
    }

    private final class Watcher implements StoreWatch {
        private static final WatchEvent END =
                new WatchEvent(WatchEvent.Type.ERROR, Json.object().put("end", true));

        private final ResourceType type;
        private final @Nullable String namespace;
        private final Predicate<JsonNode> accepts;
        private final LinkedBlockingQueue<WatchEvent> queue = new LinkedBlockingQueue<>();
        private volatile boolean ended;

        Watcher(ResourceType type, @Nullable String namespace, Predicate<JsonNode> accepts) {
            this.type = type;
            this.namespace = namespace == null || namespace.isEmpty() ? null : namespace;
            this.accepts = accepts;
        }

        /** False where the watcher is to be forgotten. */
        boolean offer(Change change) {
            if (ended) {
                return false;
            }
            if (!change.type().equals(type)
                    || (namespace != null && !namespace.equals(change.namespace()))) {
                return true;
            }
            WatchEvent event = event(change);
            if (event == null) {
                return true;
            }
            if (queue.size() >= WATCHER_BACKLOG) {
                ended = true;
                queue.clear();
                queue.add(END);
                return false;
            }
            queue.add(event);
            return true;
        }

        /** What the change is to someone who sees only what the selector accepts. */
        private @Nullable WatchEvent event(Change change) {
            boolean was = change.before() != null && accepts.test(change.before());
            ObjectNode after = change.after();
            boolean is = after != null && accepts.test(after);
            if (is && after != null) {
                return new WatchEvent(
                        was ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, after);
            }
            if (!was || change.before() == null) {
                return null;
            }
            ObjectNode last = change.before().deepCopy();
            Json.ensure(last, "metadata").put("resourceVersion", Long.toString(change.revision()));
            return new WatchEvent(WatchEvent.Type.DELETED, last);
        }

        @Override
        public @Nullable WatchEvent next() throws InterruptedException {
            return checked(queue.take());
        }

        @Override
        public @Nullable WatchEvent poll(long millis) throws InterruptedException {
            return checked(queue.poll(millis, java.util.concurrent.TimeUnit.MILLISECONDS));
        }

        private @Nullable WatchEvent checked(@Nullable WatchEvent event) {
            if (event == END) {
                queue.add(END); // for whoever asks again
                return null;
            }
            return event;
        }

        @Override
        public boolean ended() {
            return ended && queue.peek() == END;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                watchers.remove(this);
                ended = true;
                queue.add(END);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Parses a version given by a client. */
    static @Nullable Long version(@Nullable String text) throws ApiException {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Statuses.badRequest("invalid resource version: \"" + text + "\"");
        }
    }

    static UnaryOperator<ObjectNode> copying(java.util.function.Consumer<ObjectNode> edit) {
        return before -> {
            ObjectNode copy = before.deepCopy();
            edit.accept(copy);
            return copy;
        };
    }
}
