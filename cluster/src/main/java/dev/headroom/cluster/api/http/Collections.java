package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.kind.Served;
import dev.headroom.cluster.api.registry.Caller;
import dev.headroom.cluster.api.registry.Deletion;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.store.Store;
import dev.headroom.cluster.api.store.StoreWatch;
import dev.headroom.cluster.api.stream.TextMessages;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.WatchEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests for all objects of a kind: list, watch, create, delete. */
final class Collections {
    private static final long BOOKMARK_MILLIS = Duration.ofSeconds(60).toMillis();
    private static final long SHORTEST_WATCH_SECONDS = Duration.ofMinutes(30).toSeconds();

    private final Registry registry;

    Collections(Registry registry) {
        this.registry = registry;
    }

    Reply answer(Request request, Path path, Served served) {
        return switch (request.method()) {
            case "GET", "HEAD" ->
                    request.flag("watch")
                            ? watch(request, path, served)
                            : list(request, path, served);
            case "POST" -> create(request, path, served);
            case "DELETE" -> delete(request, path, served);
            default -> throw Statuses.methodNotAllowed();
        };
    }

    private Predicate<JsonNode> selection(Request request, Path path, Served served) {
        Predicate<JsonNode> selected = registry.selection(served.kind(), Parameters.query(request));
        return path.name().isEmpty()
                ? selected
                : selected.and(object -> Json.name(object).equals(path.name()));
    }

    private static @Nullable String namespace(Path path) {
        return path.namespace().isEmpty() ? null : path.namespace();
    }

    private Reply list(Request request, Path path, Served served) {
        Views view = Views.of(request);
        ListOptions options = ListOptions.of(request);
        Store.Page page =
                registry.store()
                        .page(
                                served.kind().type(),
                                namespace(path),
                                selection(request, path, served),
                                (int) Math.min(options.limit(), Integer.MAX_VALUE),
                                options.from() == null ? null : options.from().key(),
                                options.exact(registry.store().revision()));
        ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(page.revision()));
        if (page.lastKey() != null) {
            metadata.put("continue", new ContinueToken(page.revision(), page.lastKey()).toString());
            if (!Parameters.query(request).selects()) {
                Json.put(metadata, "remainingItemCount", page.remaining());
            }
        }
        List<ObjectNode> items = page.items().stream().map(served.shown()).toList();
        return Reply.json(200, view.many(served.type(), items, metadata));
    }

    Reply watch(Request request, Path path, Served served) {
        Views view = Views.of(request);
        boolean webSocket = TextMessages.areAskedFor(request::head);
        if (webSocket && request.head("Origin").isEmpty()) {
            // As the library that kube-apiserver answers with.
            return Reply.text(403, "null origin\n");
        }
        String protocol = webSocket ? TextMessages.protocol(request::head) : null;
        ListOptions options = ListOptions.of(request);
        boolean bookmarks = request.flag("allowWatchBookmarks");
        Long seconds = request.number("timeoutSeconds");
        long lasts =
                seconds != null
                        ? seconds
                        : ThreadLocalRandom.current()
                                .nextLong(SHORTEST_WATCH_SECONDS, 2 * SHORTEST_WATCH_SECONDS);
        StoreWatch watch;
        try {
            watch =
                    registry.store()
                            .watch(
                                    served.kind().type(),
                                    namespace(path),
                                    selection(request, path, served),
                                    options.after(registry.store().revision()),
                                    bookmarks && Boolean.TRUE.equals(options.initialEvents()));
        } catch (ApiException expired) {
            if (expired.code() != 410) {
                throw expired;
            }
            // As upstream: the stream begins, and says at once that it cannot go on.
            byte[] last = line("ERROR", expired.status());
            return webSocket
                    ? messages(protocol, sink -> sink.write(last), () -> {})
                    : stream(sink -> sink.write(last), () -> {});
        }
        long end = System.nanoTime() + Duration.ofSeconds(lasts).toNanos();
        Reply.Writer writer = sink -> pass(watch, sink, view, served, bookmarks, end);
        return webSocket ? messages(protocol, writer, watch::close) : stream(writer, watch::close);
    }

    private static Reply messages(@Nullable String protocol, Reply.Writer writer, Runnable stop) {
        return new Reply.Upgraded(TextMessages.of(protocol, out -> writer.write(out::write), stop));
    }

    private static Reply stream(Reply.Writer writer, Runnable stop) {
        return new Reply.Stream(200, "application/json", writer, stop);
    }

    private static void pass(
            StoreWatch watch,
            Reply.Sink sink,
            Views view,
            Served served,
            boolean bookmarks,
            long end)
            throws IOException, InterruptedException {
        boolean first = true;
        while (true) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            WatchEvent event = watch.poll(Math.min(left, BOOKMARK_MILLIS));
            if (event == null && watch.ended()) {
                return;
            }
            if (event == null) {
                event = bookmarks && left > BOOKMARK_MILLIS ? watch.bookmark() : null;
            }
            if (event != null) {
                sink.write(line(event.type().name(), shown(event, view, served, first)));
                first &= event.type() == WatchEvent.Type.BOOKMARK;
            }
        }
    }

    private static ObjectNode shown(WatchEvent event, Views view, Served served, boolean first) {
        ResourceType type = served.type();
        if (event.type() != WatchEvent.Type.BOOKMARK) {
            return view.event(type, served.shown().apply(event.object()), first);
        }
        ObjectNode bookmark = event.object().deepCopy();
        bookmark.put("apiVersion", type.apiVersion());
        return bookmark;
    }

    private static byte[] line(String type, ObjectNode object) {
        ObjectNode event = Json.object().put("type", type);
        event.set("object", object);
        byte[] json = Json.bytes(event);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    private Reply create(Request request, Path path, Served served) {
        Views view = Views.of(request);
        Bodies.Read read = Bodies.read(request, served.type().kind());
        ObjectNode object = Bodies.object(read, served.type(), registry.schemas());
        List<String> warnings = new ArrayList<>();
        Caller caller = Parameters.caller(request, read.duplicates(), warnings::add);
        ObjectNode created = registry.create(caller, served, path.namespace(), object);
        return Reply.json(201, view.one(served.type(), created), warnings);
    }

    private Reply delete(Request request, Path path, Served served) {
        Views view = Views.of(request);
        ListOptions.of(request);
        JsonNode options = Parameters.options(request);
        Deletion deletion = Parameters.deletion(request, options);
        Caller caller = Parameters.deleter(request, options);
        List<ObjectNode> deleted = new ArrayList<>();
        Predicate<JsonNode> selection = selection(request, path, served);
        for (ObjectNode object :
                registry.store().list(served.kind().type(), namespace(path), selection)) {
            try {
                deleted.add(
                        registry.delete(
                                        caller,
                                        served,
                                        Json.namespace(object),
                                        Json.name(object),
                                        deletion)
                                .object());
            } catch (ApiException gone) {
                if (!gone.isNotFound()) {
                    throw gone;
                }
            }
        }
        ObjectNode metadata =
                Json.object().put("resourceVersion", Long.toString(registry.store().revision()));
        return Reply.json(200, view.many(served.type(), deleted, metadata));
    }
}
