package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.ObjectList;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.WatchEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests for all objects of a kind: list, watch, create, delete. */
final class Collections {
    private static final long BOOKMARK_MILLIS = 60_000;
    private static final long SHORTEST_WATCH_SECONDS = 1_800;

    private final Resources resources;
    private final InstantSource clock;

    Collections(Resources resources, InstantSource clock) {
        this.resources = resources;
        this.clock = clock;
    }

    Reply answer(Request request, Path path, Views view) {
        return switch (request.method()) {
            case "GET", "HEAD" ->
                    request.flag("watch") ? watch(request, path, view) : list(request, path, view);
            case "POST" -> create(request, path, view);
            case "DELETE" -> delete(request, path, view);
            default -> throw Statuses.methodNotAllowed();
        };
    }

    private static Predicate<JsonNode> accepts(Request request) {
        return Selectors.labels(request.parameter("labelSelector"))
                .and(Selectors.fields(request.parameter("fieldSelector")));
    }

    private static @Nullable String namespace(Path path) {
        return path.namespace().isEmpty() ? null : path.namespace();
    }

    private Reply list(Request request, Path path, Views view) {
        ObjectList found =
                resources.store().list(view.kind().type(), namespace(path), accepts(request));
        List<ObjectNode> items = found.items();
        String version = found.resourceVersion();
        String from = request.parameter("continue");
        if (from != null && !from.isEmpty()) {
            String after = decodeToken(from);
            items = items.stream().filter(o -> key(o).compareTo(after) > 0).toList();
        }
        Long limit = request.number("limit");
        if (limit == null || limit <= 0 || items.size() <= limit) {
            return Reply.json(200, view.many(request, items, version, clock.instant()));
        }
        List<ObjectNode> page = items.subList(0, limit.intValue());
        ObjectNode list = view.many(request, page, version, clock.instant());
        Json.ensure(list, "metadata")
                .put("continue", encodeToken(key(page.getLast())))
                .put("remainingItemCount", items.size() - page.size());
        return Reply.json(200, list);
    }

    private static String key(ObjectNode object) {
        return Json.namespace(object) + "/" + Json.name(object);
    }

    private static String encodeToken(String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decodeToken(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Statuses.badRequest("continue key is not valid: " + e.getMessage());
        }
    }

    static ObjectNode list(ResourceType type, List<ObjectNode> items, String version) {
        ObjectNode list = Json.object();
        list.put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
        list.putObject("metadata").put("resourceVersion", version);
        ArrayNode array = list.putArray("items");
        items.forEach(array::add);
        return list;
    }

    private Reply watch(Request request, Path path, Views view) {
        Long version = Store.version(request.parameter("resourceVersion"));
        boolean initial = request.flag("sendInitialEvents");
        boolean bookmarks = request.flag("allowWatchBookmarks");
        Long seconds = request.number("timeoutSeconds");
        long lasts =
                seconds != null
                        ? seconds
                        : ThreadLocalRandom.current()
                                .nextLong(SHORTEST_WATCH_SECONDS, 2 * SHORTEST_WATCH_SECONDS);
        Store.StoreWatch watch =
                resources
                        .store()
                        .watch(
                                view.kind().type(),
                                namespace(path),
                                accepts(request),
                                initial ? null : version);
        long since = resources.store().revision();
        return new Reply.Stream(
                200,
                "application/json",
                sink -> {
                    try (watch) {
                        stream(
                                watch,
                                sink,
                                request,
                                view,
                                bookmarks,
                                initial ? since : -1,
                                System.nanoTime() + lasts * 1_000_000_000L);
                    }
                });
    }

    private void stream(
            Store.StoreWatch watch,
            Reply.Sink sink,
            Request request,
            Views view,
            boolean bookmarks,
            long initialUntil,
            long end)
            throws IOException, InterruptedException {
        boolean initialPending = initialUntil >= 0;
        while (sink.isOpen()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            WatchEvent event = watch.poll(initialPending ? 0 : Math.min(left, BOOKMARK_MILLIS));
            if (event != null) {
                sink.write(
                        line(
                                event.type().name(),
                                view.one(request, event.object(), clock.instant())));
            } else if (watch.ended()) {
                return;
            } else if (initialPending) {
                initialPending = false;
                sink.write(line("BOOKMARK", bookmark(view, initialUntil, true)));
            } else if (bookmarks && left > BOOKMARK_MILLIS) {
                sink.write(line("BOOKMARK", bookmark(view, resources.store().revision(), false)));
            }
        }
    }

    private static ObjectNode bookmark(Views view, long revision, boolean initialEnd) {
        ObjectNode object = Json.object();
        object.put("kind", view.kind().type().kind())
                .put("apiVersion", view.kind().type().apiVersion());
        ObjectNode metadata =
                object.putObject("metadata").put("resourceVersion", Long.toString(revision));
        if (initialEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return object;
    }

    private static byte[] line(String type, ObjectNode object) {
        ObjectNode event = Json.object().put("type", type);
        event.set("object", object);
        return (Json.MAPPER.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private Reply create(Request request, Path path, Views view) {
        Bodies.Decoded body =
                view.v1()
                        ? new Bodies.Decoded(view.taken(Bodies.object(request)), List.of())
                        : Bodies.decode(request, view.kind());
        ObjectNode created =
                resources.create(
                        view.kind(), path.namespace(), body.object(), Items.write(request, ""));
        return Reply.json(201, view.one(request, created, clock.instant()), body.warnings());
    }

    private Reply delete(Request request, Path path, Views view) {
        DeleteOptions options = Items.deleteOptions(request);
        List<ObjectNode> deleted = new ArrayList<>();
        for (ObjectNode object :
                resources
                        .store()
                        .list(view.kind().type(), namespace(path), accepts(request))
                        .items()) {
            deleted.add(
                    resources.delete(
                            view.kind(),
                            Json.namespace(object),
                            Json.name(object),
                            options,
                            Items.isDryRun(request)));
        }
        return Reply.json(
                200,
                view.many(
                        request,
                        deleted,
                        Long.toString(resources.store().revision()),
                        clock.instant()));
    }
}
