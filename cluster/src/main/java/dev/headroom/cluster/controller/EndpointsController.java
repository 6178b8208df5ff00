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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps one endpoint slice, and the older endpoints object, for every service with a selector; or one of them alone. */
final class EndpointsController implements Controller {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

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
        if (service.path("spec").path("selector").isEmpty()) {
            return;
        }
        List<ObjectNode> selected =
                objects.list(ResourceType.POD, namespace, Query.ALL).items().stream()
                        .filter(pod -> selects(service, pod))
                        .filter(pod -> !Trees.text(pod, "status", "podIP").isEmpty())
                        .filter(EndpointsController::isNotOver)
                        .toList();
        if (kept.contains(ResourceType.ENDPOINT_SLICE)) {
            store(ResourceType.ENDPOINT_SLICE, namespace, name, slice(service, selected));
        }
        if (kept.contains(ResourceType.ENDPOINTS)) {
            store(ResourceType.ENDPOINTS, namespace, name, endpoints(service, selected));
        }
    }

    private static boolean isNotOver(JsonNode pod) {
        String phase = Trees.text(pod, "status", "phase");
        return !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    private void remove(String namespace, String name) {
        for (ResourceType type : kept) {
            try {
                objects.delete(type, namespace, name, DeleteOptions.DEFAULT);
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
    }

    private void store(ResourceType type, String namespace, String name, ObjectNode wanted) {
        try {
            ObjectNode existing = objects.get(type, namespace, name).deepCopy();
            wanted.properties().stream()
                    .filter(entry -> !entry.getKey().equals("metadata"))
                    .forEach(entry -> existing.set(entry.getKey(), entry.getValue()));
            objects.update(type, namespace, existing);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            objects.create(type, namespace, wanted);
        }
    }

    private static ObjectNode metadata(ObjectNode service) {
        ObjectNode metadata = Trees.object();
        metadata.put("name", Trees.name(service)).put("namespace", Trees.namespace(service));
        ObjectNode labels = metadata.putObject("labels");
        Trees.labels(service)
                .properties()
                .forEach(entry -> labels.set(entry.getKey(), entry.getValue()));
        return metadata;
    }

    private static ObjectNode slice(ObjectNode service, List<ObjectNode> pods) {
        ObjectNode slice = Trees.object();
        ObjectNode metadata = metadata(service);
        slice.set("metadata", metadata);
        Trees.ensure(metadata, "labels")
                .put(SERVICE_NAME, Trees.name(service))
                .put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
        ArrayNode owners = metadata.putArray("ownerReferences");
        owners.addObject()
                .put("apiVersion", "v1")
                .put("kind", "Service")
                .put("name", Trees.name(service))
                .put("uid", Trees.uid(service))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
        slice.put("addressType", "IPv4");
        ArrayNode endpoints = slice.putArray("endpoints");
        boolean publish = service.path("spec").path("publishNotReadyAddresses").asBoolean(false);
        for (ObjectNode pod : pods) {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(Trees.text(pod, "status", "podIP"));
            boolean serving = Trees.isTrue(pod, "Ready");
            boolean terminating = Trees.isDeleting(pod);
            endpoint.putObject("conditions")
                    .put("ready", publish || (serving && !terminating))
                    .put("serving", serving)
                    .put("terminating", terminating);
            endpoint.put("nodeName", Trees.text(pod, "spec", "nodeName"));
            endpoint.set("targetRef", reference(pod));
        }
        slice.set("ports", ports(service, pods));
        return slice;
    }

    private static ObjectNode reference(ObjectNode pod) {
        return Trees.object()
                .put("kind", "Pod")
                .put("namespace", Trees.namespace(pod))
                .put("name", Trees.name(pod))
                .put("uid", Trees.uid(pod));
    }

    private static ArrayNode ports(ObjectNode service, List<ObjectNode> pods) {
        ArrayNode ports = Trees.object().putArray("ports");
        for (JsonNode port : service.path("spec").path("ports")) {
            int target = target(port, pods);
            if (target > 0) {
                ports.addObject()
                        .put("name", Trees.text(port, "name"))
                        .put("port", target)
                        .put("protocol", port.path("protocol").asString("TCP"));
            }
        }
        return ports;
    }

    /** A target port may be a name, which the pods' containers give a number. */
    private static int target(JsonNode port, List<ObjectNode> pods) {
        JsonNode target = port.path("targetPort");
        if (target.isNumber()) {
            return target.asInt();
        }
        for (ObjectNode pod : pods) {
            for (JsonNode container : pod.path("spec").path("containers")) {
                for (JsonNode candidate : container.path("ports")) {
                    if (Trees.text(candidate, "name").equals(target.asString(""))) {
                        return candidate.path("containerPort").asInt(0);
                    }
                }
            }
        }
        return 0;
    }

    private static ObjectNode endpoints(ObjectNode service, List<ObjectNode> pods) {
        ObjectNode endpoints = Trees.object();
        endpoints.set("metadata", metadata(service));
        ArrayNode subsets = endpoints.putArray("subsets");
        ArrayNode ports = ports(service, pods);
        ObjectNode subset = Trees.object();
        for (ObjectNode pod : pods) {
            if (Trees.isDeleting(pod)) {
                continue;
            }
            String list = Trees.isTrue(pod, "Ready") ? "addresses" : "notReadyAddresses";
            ObjectNode address = subset.withArray(list).addObject();
            address.put("ip", Trees.text(pod, "status", "podIP"))
                    .put("nodeName", Trees.text(pod, "spec", "nodeName"));
            address.set("targetRef", reference(pod));
        }
        if (!subset.isEmpty() && !ports.isEmpty()) {
            subset.set("ports", ports);
            subsets.add(subset);
        }
        return endpoints;
    }

    @Override
    public void close() {
        services.close();
        pods.close();
        queue.close();
    }
}
