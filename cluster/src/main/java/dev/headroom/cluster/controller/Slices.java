package dev.headroom.cluster.controller;

import dev.headroom.cluster.informer.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The endpoint slices of a service: pods whose ports have the same numbers stand together, a hundred in a slice at most, and each stays in
 * the slice where it is. So a rollout that gives a named port another number has both, and one pod of ten thousand changes one slice.
 */
final class Slices {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";

    private static final int MOST = 100;

    /** Of the older endpoints object, which is cut off. */
    private static final int MOST_ADDRESSES = 1_000;

    private static final String HEADLESS = "service.kubernetes.io/headless";

    private final ObjectNode service;
    private final List<ObjectNode> made = new ArrayList<>();
    private final List<ObjectNode> changed = new ArrayList<>();
    private final List<ObjectNode> gone = new ArrayList<>();

    /** What is to be done. */
    record Plan(List<ObjectNode> made, List<ObjectNode> changed, List<ObjectNode> gone) {}

    private Slices(ObjectNode service) {
        this.service = service;
    }

    /** What leads from the slices that are there to those that pods and service ask for. */
    static Plan plan(ObjectNode service, List<ObjectNode> pods, List<ObjectNode> existing) {
        Map<ArrayNode, Map<String, ObjectNode>> wanted = new LinkedHashMap<>();
        for (ObjectNode pod : pods) {
            wanted.computeIfAbsent(ports(service, pod), p -> new LinkedHashMap<>())
                    .put(Trees.uid(pod), endpoint(service, pod));
        }
        if (wanted.isEmpty()) {
            // One that is empty says that there is nobody.
            wanted.put(Trees.object().putArray("none"), new LinkedHashMap<>());
        }
        Slices slices = new Slices(service);
        List<ObjectNode> left = new ArrayList<>(existing);
        wanted.forEach((ports, endpoints) -> slices.group(ports, endpoints, left));
        slices.gone.addAll(left);
        return new Plan(slices.made, slices.changed, slices.gone);
    }

    /** Endpoints with the same ports: first what slices have already, then into what room there is, then into new slices. */
    private void group(ArrayNode ports, Map<String, ObjectNode> endpoints, List<ObjectNode> left) {
        List<ObjectNode> same = left.stream().filter(s -> isOf(s, ports)).toList();
        Map<ObjectNode, ArrayNode> kept = new LinkedHashMap<>();
        for (ObjectNode slice : same) {
            ArrayNode now = Trees.object().putArray("endpoints");
            for (JsonNode endpoint : slice.path("endpoints")) {
                ObjectNode still = endpoints.remove(Trees.text(endpoint, "targetRef", "uid"));
                if (still != null) {
                    now.add(still);
                }
            }
            kept.put(slice, now);
        }
        List<ObjectNode> fresh = new ArrayList<>(endpoints.values());
        for (ArrayNode now : kept.values()) {
            while (now.size() < MOST && !fresh.isEmpty()) {
                now.add(fresh.removeFirst());
            }
        }
        boolean any = !fresh.isEmpty();
        for (Map.Entry<ObjectNode, ArrayNode> entry : kept.entrySet()) {
            if (!entry.getValue().isEmpty()) {
                left.remove(entry.getKey());
                change(entry.getKey(), ports, entry.getValue());
                any = true;
            }
        }
        while (!fresh.isEmpty()) {
            ArrayNode now = Trees.object().putArray("endpoints");
            while (now.size() < MOST && !fresh.isEmpty()) {
                now.add(fresh.removeFirst());
            }
            make(ports, now);
        }
        if (!any && same.isEmpty()) {
            make(ports, Trees.object().putArray("endpoints"));
        } else if (!any) {
            left.remove(same.getFirst());
            change(same.getFirst(), ports, Trees.object().putArray("endpoints"));
        }
    }

    private static boolean isOf(ObjectNode slice, ArrayNode ports) {
        JsonNode has = slice.path("ports");
        return has.equals(ports) || (has.isEmpty() && ports.isEmpty());
    }

    private void make(ArrayNode ports, ArrayNode endpoints) {
        ObjectNode slice = Trees.object();
        ObjectNode metadata =
                slice.putObject("metadata").put("generateName", Trees.name(service) + "-");
        metadata.set("labels", labels(service, true));
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "Service")
                .put("name", Trees.name(service))
                .put("uid", Trees.uid(service))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
        slice.put("addressType", "IPv4");
        slice.set("endpoints", endpoints);
        slice.set("ports", ports);
        made.add(slice);
    }

    private void change(ObjectNode slice, ArrayNode ports, ArrayNode endpoints) {
        ObjectNode now = slice.deepCopy();
        Trees.ensure(now, "metadata").set("labels", labels(service, true));
        now.set("endpoints", endpoints);
        if (!isOf(slice, ports)) {
            now.set("ports", ports);
        }
        if (!now.equals(slice)) {
            changed.add(now);
        }
    }

    private static ObjectNode labels(ObjectNode service, boolean ofSlice) {
        ObjectNode labels = Trees.object();
        Trees.labels(service)
                .properties()
                .forEach(entry -> labels.set(entry.getKey(), entry.getValue()));
        if (Trees.text(service, "spec", "clusterIP").equals("None")) {
            labels.put(HEADLESS, "");
        }
        if (ofSlice) {
            labels.put(SERVICE_NAME, Trees.name(service)).put(MANAGED_BY, MANAGER);
        }
        return labels;
    }

    private static ObjectNode endpoint(ObjectNode service, ObjectNode pod) {
        boolean publish = service.path("spec").path("publishNotReadyAddresses").asBoolean(false);
        boolean serving = Trees.isTrue(pod, "Ready");
        boolean terminating = Trees.isDeleting(pod);
        ObjectNode endpoint = Trees.object();
        endpoint.putArray("addresses").add(Trees.text(pod, "status", "podIP"));
        endpoint.putObject("conditions")
                .put("ready", publish || (serving && !terminating))
                .put("serving", serving)
                .put("terminating", terminating);
        endpoint.put("nodeName", Trees.text(pod, "spec", "nodeName"));
        endpoint.set("targetRef", reference(pod));
        return endpoint;
    }

    private static ObjectNode reference(ObjectNode pod) {
        return Trees.object()
                .put("kind", "Pod")
                .put("namespace", Trees.namespace(pod))
                .put("name", Trees.name(pod))
                .put("uid", Trees.uid(pod));
    }

    /** A service's ports as one pod has them: a port by a name that the pod does not know is left out. */
    private static ArrayNode ports(ObjectNode service, ObjectNode pod) {
        ArrayNode ports = Trees.object().putArray("ports");
        for (JsonNode port : service.path("spec").path("ports")) {
            Integer target = target(port, pod);
            if (target != null) {
                ports.addObject()
                        .put("name", Trees.text(port, "name"))
                        .put("port", target)
                        .put("protocol", port.path("protocol").asString("TCP"));
            }
        }
        return ports;
    }

    private static @Nullable Integer target(JsonNode port, ObjectNode pod) {
        JsonNode target = port.path("targetPort");
        if (target.isNumber()) {
            return target.asInt();
        }
        List<JsonNode> containers =
                new ArrayList<>(Trees.list(pod.path("spec").path("containers")));
        pod.path("spec")
                .path("initContainers")
                .valueStream()
                .filter(c -> Trees.text(c, "restartPolicy").equals("Always"))
                .forEach(containers::add);
        for (JsonNode container : containers) {
            for (JsonNode candidate : container.path("ports")) {
                if (Trees.text(candidate, "name").equals(target.asString(""))
                        && candidate
                                .path("protocol")
                                .asString("TCP")
                                .equals(port.path("protocol").asString("TCP"))) {
                    return candidate.path("containerPort").asInt(0);
                }
            }
        }
        return null;
    }

    /** The older object that says the same, of a thousand pods at most. */
    static ObjectNode endpoints(ObjectNode service, List<ObjectNode> pods) {
        ObjectNode endpoints = Trees.object();
        ObjectNode metadata = endpoints.putObject("metadata");
        metadata.put("name", Trees.name(service)).put("namespace", Trees.namespace(service));
        metadata.set("labels", labels(service, false));
        List<ObjectNode> staying = pods.stream().filter(pod -> !Trees.isDeleting(pod)).toList();
        if (staying.size() > MOST_ADDRESSES) {
            metadata.putObject("annotations")
                    .put("endpoints.kubernetes.io/over-capacity", "truncated");
        }
        boolean publish = service.path("spec").path("publishNotReadyAddresses").asBoolean(false);
        Map<ArrayNode, ObjectNode> subsets = new LinkedHashMap<>();
        for (ObjectNode pod : staying.subList(0, Math.min(staying.size(), MOST_ADDRESSES))) {
            ArrayNode ports = ports(service, pod);
            if (ports.isEmpty() && !service.path("spec").path("ports").isEmpty()) {
                continue;
            }
            boolean ready = publish || Trees.isTrue(pod, "Ready");
            ObjectNode address =
                    subsets.computeIfAbsent(ports, p -> Trees.object())
                            .withArray(ready ? "addresses" : "notReadyAddresses")
                            .addObject();
            address.put("ip", Trees.text(pod, "status", "podIP"))
                    .put("nodeName", Trees.text(pod, "spec", "nodeName"));
            address.set("targetRef", reference(pod));
        }
        ArrayNode all = endpoints.putArray("subsets");
        subsets.forEach((ports, subset) -> {
            if (!ports.isEmpty()) {
                subset.set("ports", ports);
            }
            all.add(subset);
        });
        return endpoints;
    }
}
