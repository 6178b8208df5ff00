package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Informer;
import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.informer.WorkQueue;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the endpoint slices, and the older endpoints object, for every service with a selector; or one of them alone. */
final class EndpointsController implements Controller {
    private final Objects objects;
    private final List<ResourceType> kept;
    private final WorkQueue queue;
    private final Informer services;
    private final Informer pods;

    /**
     * Starts it.
     *
     * @param kept endpoint slices, endpoints, or both
     */
    EndpointsController(Objects objects, List<ResourceType> kept) throws InterruptedException {
        this.objects = objects;
        this.kept = kept;
        this.queue = WorkQueue.start("endpointslice", 2, this::reconcile);
        this.services =
                Informer.start(
                        objects,
                        ResourceType.SERVICE,
                        Query.ALL,
                        (before, after) -> queue.add(Trees.key(either(before, after))));
        services.awaitSync();
        this.pods = Informer.start(objects, ResourceType.POD, Query.ALL, this::podChanged);
        pods.awaitSync();
    }

    private static ObjectNode either(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        return after != null ? after : java.util.Objects.requireNonNull(before);
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        for (ObjectNode service : services.all()) {
            boolean concerned =
                    (before != null && selects(service, before))
                            || (after != null && selects(service, after));
            if (concerned) {
                queue.add(Trees.key(service));
            }
        }
    }

    private static boolean selects(JsonNode service, JsonNode pod) {
        JsonNode selector = service.path("spec").path("selector");
        return Trees.namespace(service).equals(Trees.namespace(pod))
                && !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(entry ->
                                Trees.labels(pod).path(entry.getKey()).equals(entry.getValue()));
    }

    private void reconcile(String namespace, String name) {
        ObjectNode service;
        try {
            service = objects.get(ResourceType.SERVICE, namespace, name);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                remove(namespace, name);
                return;
            }
            throw e;
        }
        if (service.path("spec").path("selector").isEmpty()
                || Trees.text(service, "spec", "type").equals("ExternalName")) {
            return;
        }
        List<ObjectNode> selected =
                objects.list(ResourceType.POD, namespace, Query.ALL).items().stream()
                        .filter(pod -> selects(service, pod))
                        .filter(pod -> !Trees.text(pod, "status", "podIP").isEmpty())
                        .filter(EndpointsController::isNotOver)
                        .toList();
        if (kept.contains(ResourceType.ENDPOINT_SLICE)) {
            Slices.Plan plan = Slices.plan(service, selected, slices(namespace, name));
            plan.made().forEach(s -> objects.create(ResourceType.ENDPOINT_SLICE, namespace, s));
            plan.changed().forEach(s -> objects.update(ResourceType.ENDPOINT_SLICE, namespace, s));
            plan.gone().forEach(s -> delete(ResourceType.ENDPOINT_SLICE, namespace, Trees.name(s)));
        }
        if (kept.contains(ResourceType.ENDPOINTS)) {
            store(namespace, name, Slices.endpoints(service, selected));
        }
    }

    private static boolean isNotOver(JsonNode pod) {
        String phase = Trees.text(pod, "status", "phase");
        return !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    /** Those that are this controller's: somebody may keep others by hand. */
    private List<ObjectNode> slices(String namespace, String service) {
        Query ours =
                Query.labels(
                        Slices.SERVICE_NAME
                                + "="
                                + service
                                + ","
                                + Slices.MANAGED_BY
                                + "="
                                + Slices.MANAGER);
        return objects.list(ResourceType.ENDPOINT_SLICE, namespace, ours).items();
    }

    private void remove(String namespace, String name) {
        if (kept.contains(ResourceType.ENDPOINT_SLICE)) {
            slices(namespace, name)
                    .forEach(s -> delete(ResourceType.ENDPOINT_SLICE, namespace, Trees.name(s)));
        }
        if (kept.contains(ResourceType.ENDPOINTS)) {
            delete(ResourceType.ENDPOINTS, namespace, name);
        }
    }

    private void delete(ResourceType type, String namespace, String name) {
        try {
            objects.delete(type, namespace, name, DeleteOptions.DEFAULT);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private void store(String namespace, String name, ObjectNode wanted) {
        ObjectNode existing;
        try {
            existing = objects.get(ResourceType.ENDPOINTS, namespace, name);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            objects.create(ResourceType.ENDPOINTS, namespace, wanted);
            return;
        }
        ObjectNode changed = existing.deepCopy();
        changed.set("subsets", wanted.path("subsets"));
        ObjectNode metadata = Trees.ensure(changed, "metadata");
        metadata.set("labels", wanted.path("metadata").path("labels"));
        if (wanted.path("metadata").has("annotations")) {
            metadata.set("annotations", wanted.path("metadata").path("annotations"));
        } else {
            metadata.remove("annotations");
        }
        if (!changed.equals(existing)) {
            objects.update(ResourceType.ENDPOINTS, namespace, changed);
        }
    }

    @Override
    public void close() {
        services.close();
        pods.close();
        queue.close();
    }
}
