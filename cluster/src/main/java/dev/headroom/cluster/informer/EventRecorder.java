package dev.headroom.cluster.informer;

import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes events; the same thing said again of the same object raises the count of the event that said it first. */
public final class EventRecorder {
    private static final System.Logger LOG = System.getLogger(EventRecorder.class.getName());
    private static final int REMEMBERED = 4_096;

    private final Objects objects;
    private final InstantSource clock;
    private final String component;
    private final String host;
    private final int most;

    /** What may still be told of an object; the oldest objects are forgotten. */
    private final Map<String, Allowance> allowances = forgetful();

    /** What was said, to the name of the event that says it; the oldest are forgotten. */
    private final Map<List<String>, String> said = forgetful();

    public EventRecorder(Objects objects, InstantSource clock, String component, String host) {
        this(objects, clock, component, host, Integer.MAX_VALUE);
    }

    /**
     * One that says only so much of an object.
     *
     * @param most different events of an object in a burst, past which one more comes in five minutes: upstream has it at 25, so that ten thousand pods do not make ten thousand events of one replica set
     */
    public EventRecorder(
            Objects objects, InstantSource clock, String component, String host, int most) {
        this.most = most;
        this.objects = objects;
        this.clock = clock;
        this.component = component;
        this.host = host;
    }

    private static <K, V> Map<K, V> forgetful() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    public void normal(JsonNode object, String reason, String message) {
        record(object, "Normal", reason, message, "");
    }

    public void warning(JsonNode object, String reason, String message) {
        record(object, "Warning", reason, message, "");
    }

    /** An event that cannot be written is logged and lost: nothing depends on it. */
    public synchronized void record(
            JsonNode object, String type, String reason, String message, String fieldPath) {
        String namespace = Trees.namespace(object).isEmpty() ? "default" : Trees.namespace(object);
        List<String> key = List.of(Trees.uid(object), type, reason, message, fieldPath);
        try {
            String earlier = said.get(key);
            if (earlier != null && repeat(namespace, earlier)) {
                return;
            }
            if (!mayBeTold(Trees.uid(object))) {
                return;
            }
            ObjectNode event =
                    objects.create(
                            ResourceType.EVENT,
                            namespace,
                            event(object, namespace, type, reason, message, fieldPath));
            said.put(key, Trees.name(event));
        } catch (ApiException e) {
            LOG.log(
                    Level.DEBUG,
                    "event {0} of {1} was not written: {2}",
                    reason,
                    Trees.name(object),
                    e.getMessage());
        }
    }

    private boolean mayBeTold(String uid) {
        Instant now = clock.instant();
        Allowance left = allowances.getOrDefault(uid, new Allowance(most, now)).at(now, most);
        allowances.put(uid, left.tokens() < 1 ? left : new Allowance(left.tokens() - 1, now));
        return left.tokens() >= 1;
    }

    private record Allowance(double tokens, Instant at) {
        private static final double SECONDS_FOR_ONE = 300;

        Allowance at(Instant now, int most) {
            double more = Duration.between(at, now).toMillis() / 1e3 / SECONDS_FOR_ONE;
            return new Allowance(Math.min(most, tokens + more), now);
        }
    }

    private boolean repeat(String namespace, String name) {
        try {
            int count = objects.get(ResourceType.EVENT, namespace, name).path("count").asInt(1) + 1;
            ObjectNode patch =
                    Trees.object()
                            .put("count", count)
                            .put("lastTimestamp", Trees.time(clock.instant()));
            objects.mergePatch(ResourceType.EVENT, namespace, name, null, patch);
            return true;
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return false;
            }
            throw e;
        }
    }

    private ObjectNode event(
            JsonNode object,
            String namespace,
            String type,
            String reason,
            String message,
            String fieldPath) {
        Instant now = clock.instant();
        ObjectNode event = Trees.object();
        event.putObject("metadata")
                .put("namespace", namespace)
                .put(
                        "name",
                        Trees.name(object)
                                + "."
                                + Long.toHexString(
                                        now.toEpochMilli() * 1_000_000
                                                + now.getNano() % 1_000_000
                                                + said.size()));
        ObjectNode involved = event.putObject("involvedObject");
        involved.put("kind", Trees.text(object, "kind"))
                .put("apiVersion", Trees.text(object, "apiVersion"));
        if (!Trees.namespace(object).isEmpty()) {
            involved.put("namespace", Trees.namespace(object));
        }
        involved.put("name", Trees.name(object)).put("uid", Trees.uid(object));
        involved.put("resourceVersion", Trees.text(object, "metadata", "resourceVersion"));
        if (!fieldPath.isEmpty()) {
            involved.put("fieldPath", fieldPath);
        }
        ObjectNode source =
                event.put("type", type)
                        .put("reason", reason)
                        .put("message", message)
                        .putObject("source");
        source.put("component", component);
        if (!host.isEmpty()) {
            source.put("host", host);
        }
        event.put("reportingComponent", component).put("reportingInstance", host);
        event.put("count", 1)
                .put("firstTimestamp", Trees.time(now))
                .put("lastTimestamp", Trees.time(now));
        event.putNull("eventTime");
        return event;
    }
}
