package dev.headroom.cluster.controller;

import dev.headroom.autoscaler.Autoscaler;
import dev.headroom.autoscaler.History;
import dev.headroom.autoscaler.Pass;
import dev.headroom.autoscaler.Pod;
import dev.headroom.autoscaler.Settings;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs the decision procedure of the {@code autoscaler} module over every autoscaler: a new one at once, then one sync period after each
 * pass. What was recommended and changed lives in memory, by name: an autoscaler deleted and made again before its next pass keeps it, as
 * upstream.
 */
final class HorizontalController implements Controller {
    private static final System.Logger LOG = System.getLogger(HorizontalController.class.getName());
    private static final int WORKERS = 5;
    private static final List<ResourceType> SCALABLE =
            List.of(ResourceType.DEPLOYMENT, ResourceType.REPLICA_SET);

    private final Objects objects;
    private final InstantSource clock;
    private final Duration period;
    private final EventRecorder events;
    private final WorkQueue queue;
    private final Informer autoscalers;
    private final Map<String, History> histories = new ConcurrentHashMap<>();
    private final Map<String, String> selectors = new ConcurrentHashMap<>();

    /** When each is to be looked at; a timer that fires before that was set for an earlier life of the name. */
    private final Map<String, Instant> due = new ConcurrentHashMap<>();

    HorizontalController(Objects objects, InstantSource clock, Duration period)
            throws InterruptedException {
        this.objects = objects;
        this.clock = clock;
        this.period = period;
        this.events = new EventRecorder(objects, clock, "horizontal-pod-autoscaler", "");
        this.queue = WorkQueue.start("horizontalpodautoscaler", WORKERS, this::reconcile);
        this.autoscalers =
                Informer.start(
                        objects, ResourceType.HORIZONTAL_POD_AUTOSCALER, Query.ALL, this::changed);
        autoscalers.awaitSync();
    }

    private void changed(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (before == null && after != null) {
            String key = Trees.key(after);
            due.put(key, clock.instant());
            queue.add(key);
        } else if (after == null && before != null) {
            selectors.remove(Trees.key(before));
        }
    }

    private void reconcile(String namespace, String name) {
        String key = namespace + "/" + name;
        Instant wanted = due.get(key);
        if (wanted == null || wanted.isAfter(clock.instant())) {
            return;
        }
        try {
            ObjectNode object =
                    objects.get(ResourceType.HORIZONTAL_POD_AUTOSCALER, namespace, name);
            pass(key, object);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                due.remove(key);
                histories.remove(key);
                return;
            }
            LOG.log(Level.DEBUG, key + ": " + e.getMessage());
        }
        // A little early would fall before the moment that is due, and be taken for an earlier
        // life's.
        due.put(key, clock.instant().plus(period));
        queue.addAfter(key, period.plusMillis(1));
    }

    private void pass(String key, ObjectNode object) {
        Autoscaler autoscaler = AutoscalerReader.autoscaler(object);
        String namespace = autoscaler.namespace();
        Pass.Scale scale = scale(namespace, autoscaler.target());
        List<Pod> pods =
                objects.list(ResourceType.POD, namespace, Query.ALL).items().stream()
                        .map(AutoscalerReader::pod)
                        .toList();
        Pass.Outcome outcome =
                Pass.run(
                        new Pass.Input(
                                autoscaler,
                                scale,
                                others(key, namespace),
                                pods,
                                new MetricsClient(objects, namespace, scale.selector()),
                                histories.getOrDefault(key, History.NEVER_SEEN),
                                Settings.DEFAULT,
                                AutoscalerReader.micros(clock.instant())));
        histories.put(key, outcome.history());
        for (Pass.Event event : outcome.events()) {
            events.record(
                    object,
                    event.warning() ? "Warning" : "Normal",
                    event.reason(),
                    event.message(),
                    "");
        }
        if (usedSelector(outcome)) {
            selectors.put(key, scale.selector());
        }
        write(object, tree(object, outcome));
    }

    /** Others are told of a selector only once it was read, which a pass without metrics does not do. */
    private static boolean usedSelector(Pass.Outcome outcome) {
        return !outcome.status().currentMetrics().isEmpty() || said(outcome, "AmbiguousSelector");
    }

    private static boolean said(Pass.Outcome outcome, String reason) {
        return outcome.events().stream().anyMatch(event -> event.reason().equals(reason));
    }

    /** Where the target could not be read, the metrics that were known stay. */
    private static ObjectNode tree(ObjectNode object, Pass.Outcome outcome) {
        ObjectNode tree = AutoscalerStatus.tree(outcome.status());
        if (said(outcome, "FailedGetScale")) {
            tree.remove("currentMetrics");
            JsonNode known = object.path("status").path("currentMetrics");
            if (!known.isMissingNode()) {
                tree.set("currentMetrics", known);
            }
        }
        return tree;
    }

    private List<Pass.Other> others(String key, String namespace) {
        List<Pass.Other> others = new ArrayList<>();
        selectors.forEach((other, selector) -> {
            if (!other.equals(key) && other.startsWith(namespace + "/") && !selector.isEmpty()) {
                others.add(new Pass.Other(other.substring(namespace.length() + 1), selector));
            }
        });
        return others;
    }

    private Pass.Scale scale(String namespace, Autoscaler.Target target) {
        ResourceType type = null;
        for (ResourceType candidate : SCALABLE) {
            if (candidate.kind().equals(target.kind())
                    && candidate.group().equals(group(target.apiVersion()))) {
                type = candidate;
            }
        }
        if (type == null) {
            String problem =
                    "no matches for kind \""
                            + target.kind()
                            + "\" in group \""
                            + group(target.apiVersion())
                            + "\"";
            return new Pass.Scale(0, 0, "", false, problem, replicas -> problem);
        }
        ResourceType found = type;
        try {
            JsonNode scale = objects.getSubresource(found, namespace, target.name(), "scale");
            return new Pass.Scale(
                    scale.path("spec").path("replicas").asInt(0),
                    scale.path("status").path("replicas").asInt(0),
                    Trees.text(scale, "status", "selector"),
                    null,
                    replicas -> rescale(found, namespace, target.name(), replicas));
        } catch (ApiException e) {
            return new Pass.Scale(0, 0, "", e.getMessage(), replicas -> e.getMessage());
        }
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /** Reads again before each attempt, so that a writer in between is a conflict only once. */
    private @Nullable String rescale(
            ResourceType type, String namespace, String name, int replicas) {
        try {
            ObjectNode scale = objects.getSubresource(type, namespace, name, "scale").deepCopy();
            Trees.ensure(scale, "spec").put("replicas", replicas);
            objects.updateSubresource(type, namespace, name, "scale", scale);
            return null;
        } catch (ApiException e) {
            return e.isConflict() ? Pass.Writer.CONFLICT : e.getMessage();
        }
    }

    private void write(ObjectNode object, ObjectNode tree) {
        if (tree.equals(object.path("status"))) {
            return;
        }
        ObjectNode changed = object.deepCopy();
        changed.set("status", tree);
        try {
            objects.updateSubresource(
                    ResourceType.HORIZONTAL_POD_AUTOSCALER,
                    Trees.namespace(object),
                    Trees.name(object),
                    "status",
                    changed);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                events.warning(object, "FailedUpdateStatus", String.valueOf(e.getMessage()));
                LOG.log(Level.DEBUG, "status of " + Trees.key(object), e);
            }
        }
    }

    @Override
    public void close() {
        autoscalers.close();
        queue.close();
    }
}
