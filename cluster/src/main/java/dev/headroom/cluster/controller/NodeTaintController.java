package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps a taint on every node that is cordoned, and takes it off again (upstream: node-lifecycle-controller, doNoScheduleTaintingPass). */
final class NodeTaintController implements Controller {
    private static final String KEY = "node.kubernetes.io/unschedulable";

    private final Objects objects;
    private final InstantSource clock;
    private final WorkQueue queue;
    private final Informer nodes;

    NodeTaintController(Objects objects, InstantSource clock) {
        this.objects = objects;
        this.clock = clock;
        this.queue = WorkQueue.start("node-taints", 1, this::reconcile);
        this.nodes =
                Informer.start(
                        objects,
                        ResourceType.NODE,
                        Query.ALL,
                        (before, after) -> {
                            if (after != null) {
                                queue.add(Trees.key(after));
                            }
                        });
    }

    private void reconcile(String none, String name) {
        ObjectNode node;
        try {
            node = objects.get(ResourceType.NODE, "", name);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return;
            }
            throw e;
        }
        boolean cordoned = node.path("spec").path("unschedulable").asBoolean(false);
        int at = find(node);
        if (cordoned == at >= 0) {
            return;
        }
        ObjectNode changed = node.deepCopy();
        ObjectNode spec = Trees.ensure(changed, "spec");
        if (cordoned) {
            spec.withArray("taints")
                    .addObject()
                    .put("key", KEY)
                    .put("effect", "NoSchedule")
                    .put("timeAdded", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        } else if (spec.path("taints") instanceof ArrayNode taints) {
            taints.remove(at);
            if (taints.isEmpty()) {
                spec.remove("taints");
            }
        }
        objects.update(ResourceType.NODE, "", changed);
    }

    private static int find(ObjectNode node) {
        var taints = node.path("spec").path("taints");
        for (int i = 0; i < taints.size(); i++) {
            if (Trees.text(taints.get(i), "key").equals(KEY)
                    && Trees.text(taints.get(i), "effect").equals("NoSchedule")) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        nodes.close();
        queue.close();
    }
}
