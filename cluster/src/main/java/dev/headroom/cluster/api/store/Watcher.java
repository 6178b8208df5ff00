package dev.headroom.cluster.api.store;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.WatchEvent;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One who listens to the changes of a kind: a queue between the store, which never waits, and a reader. */
final class Watcher implements StoreWatch {
    /** Changes that a reader may be behind before it is dropped, so that it holds no one up. */
    private static final int BACKLOG = 20_000;

    private static final WatchEvent END = new WatchEvent(WatchEvent.Type.ERROR, Json.object());

    private final Consumer<Watcher> stop;
    private final LongSupplier revision;
    private final ResourceType type;
    private final @Nullable String namespace;
    private final Predicate<JsonNode> accepts;
    private final LinkedBlockingQueue<WatchEvent> queue = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    Watcher(
            Consumer<Watcher> stop,
            LongSupplier revision,
            ResourceType type,
            @Nullable String namespace,
            Predicate<JsonNode> accepts) {
        this.stop = stop;
        this.revision = revision;
        this.type = type;
        this.namespace = namespace;
        this.accepts = accepts;
    }

    ResourceType type() {
        return type;
    }

    /** An event that was there before the watch: bounded by the number of objects, not by the reader. */
    void first(WatchEvent event) {
        queue.add(event);
    }

    /** Called under the store's lock. False where the watcher is to be forgotten. */
    boolean offer(Store.Change change) {
        if (ended) {
            return false;
        }
        if (namespace != null && !namespace.equals(change.namespace())) {
            return true;
        }
        WatchEvent event = event(change);
        if (event == null) {
            return true;
        }
        if (queue.size() >= BACKLOG) {
            end();
            return false;
        }
        queue.add(event);
        return true;
    }

    /** What the change is to someone who sees only what the selector accepts. */
    private @Nullable WatchEvent event(Store.Change change) {
        ObjectNode before = change.before();
        ObjectNode after = change.after();
        boolean was = before != null && accepts.test(before);
        if (after != null && accepts.test(after)) {
            return new WatchEvent(was ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, after);
        }
        if (!was || before == null) {
            return null;
        }
        ObjectNode last = before;
        if (after != null) {
            last = before.deepCopy();
            Json.metadata(last).put("resourceVersion", Long.toString(change.revision()));
        }
        return new WatchEvent(WatchEvent.Type.DELETED, last);
    }

    private void end() {
        ended = true;
        queue.clear();
        queue.add(END);
    }

    @Override
    public @Nullable WatchEvent next() throws InterruptedException {
        return open(queue.take());
    }

    @Override
    public @Nullable WatchEvent poll(long millis) throws InterruptedException {
        return open(queue.poll(millis, TimeUnit.MILLISECONDS));
    }

    private @Nullable WatchEvent open(@Nullable WatchEvent event) {
        if (event == END) {
            queue.add(END); // for whoever asks again
            return null;
        }
        return event;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public @Nullable WatchEvent bookmark() {
        // First the revision, then the queue: what is committed in between is not claimed to have
        // been given.
        long seen = revision.getAsLong();
        return queue.isEmpty() ? bookmark(type, seen, false) : null;
    }

    static WatchEvent bookmark(ResourceType type, long revision, boolean endOfFirst) {
        ObjectNode object =
                Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        ObjectNode metadata =
                object.putObject("metadata").put("resourceVersion", Long.toString(revision));
        if (endOfFirst) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return new WatchEvent(WatchEvent.Type.BOOKMARK, object);
    }

    @Override
    public void close() {
        stop.accept(this);
        end();
    }
}
