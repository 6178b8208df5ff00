package dev.headroom.cluster.informer;

import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ObjectList;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.Watch;
import dev.headroom.cluster.objects.WatchEvent;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A cache of one kind that follows the API: lists, then watches, and lists again where a watch has ended. */
public final class Informer implements AutoCloseable {
    private static final long PAUSE_MILLIS = 200;

    private final Objects objects;
    private final ResourceType type;
    private final Query query;
    private final Map<String, ObjectNode> cache = new ConcurrentHashMap<>();
    private final List<Handler> handlers = new CopyOnWriteArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile @Nullable Watch watch;

    /** Told of every change, in order, on the informer's thread: must not wait. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Something is different.
         *
         * @param before null where it is new
         * @param after null where it is gone
         */
        void changed(@Nullable ObjectNode before, @Nullable ObjectNode after);
    }

    private Informer(Objects objects, ResourceType type, Query query) {
        this.objects = objects;
        this.type = type;
        this.query = query;
    }

    /** Starts to follow; handlers given here miss nothing. */
    public static Informer start(
            Objects objects, ResourceType type, Query query, Handler... handlers) {
        Informer informer = new Informer(objects, type, query);
        informer.handlers.addAll(List.of(handlers));
        Thread.ofVirtual().name("informer-" + type.plural()).start(informer::follow);
        return informer;
    }

    /** Waits until the first list is in the cache. */
    public void awaitSync() throws InterruptedException {
        synced.await();
    }

    public @Nullable ObjectNode get(String namespace, String name) {
        return cache.get(namespace + "/" + name);
    }

    public Collection<ObjectNode> all() {
        return cache.values();
    }

    public List<ObjectNode> matching(Predicate<ObjectNode> accepts) {
        return cache.values().stream().filter(accepts).toList();
    }

    private void follow() {
        while (!closed) {
            try {
                ObjectList list = objects.list(type, null, query);
                replace(list.items());
                synced.countDown();
                try (Watch current = objects.watch(type, null, query, list.resourceVersion())) {
                    watch = current;
                    for (WatchEvent event = current.next();
                            event != null && !closed;
                            event = current.next()) {
                        apply(event);
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (ApiException e) {
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void replace(List<ObjectNode> items) {
        Set<String> gone = new HashSet<>(cache.keySet());
        for (ObjectNode item : items) {
            gone.remove(Trees.key(item));
            put(item);
        }
        gone.forEach(this::remove);
    }

    private void apply(WatchEvent event) {
        switch (event.type()) {
            case ADDED, MODIFIED -> put(event.object());
            case DELETED -> {
                cache.put(Trees.key(event.object()), event.object());
                remove(Trees.key(event.object()));
            }
            case BOOKMARK, ERROR -> {}
        }
    }

    private void put(ObjectNode object) {
        ObjectNode before = cache.put(Trees.key(object), object);
        if (before == null
                || !before.path("metadata")
                        .path("resourceVersion")
                        .equals(object.path("metadata").path("resourceVersion"))) {
            handlers.forEach(handler -> handler.changed(before, object));
        }
    }

    private void remove(String key) {
        ObjectNode before = cache.remove(key);
        if (before != null) {
            handlers.forEach(handler -> handler.changed(before, null));
        }
    }

    @Override
    public void close() {
        closed = true;
        Watch current = watch;
        if (current != null) {
            current.close();
        }
    }
}
