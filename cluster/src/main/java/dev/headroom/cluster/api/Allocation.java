package dev.headroom.cluster.api;

import dev.headroom.cluster.api.Statuses.Cause;
import dev.headroom.cluster.objects.ResourceType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives services their cluster address and node ports: never one that another service has.
 *
 * @param addresses the n-th address of the service range, from 1
 * @param count how many there are
 */
record Allocation(IntFunction<String> addresses, int count) {
    private static final int FIRST_NODE_PORT = 30_000;
    private static final int LAST_NODE_PORT = 32_767;

    /** Runs under the store's lock. */
    void allocate(ObjectNode object, Kind kind, Store store) {
        if (!kind.type().equals(ResourceType.SERVICE)) {
            return;
        }
        ObjectNode spec = Json.object(object, "spec");
        String type = Json.text(spec, "type");
        if (type.equals("ExternalName")) {
            return;
        }
        Set<String> addressesTaken = new HashSet<>();
        Set<Integer> portsTaken = new HashSet<>();
        for (ObjectNode other : store.list(ResourceType.SERVICE, null, o -> true).items()) {
            if (Json.name(other).equals(Json.name(object))
                    && Json.namespace(other).equals(Json.namespace(object))) {
                continue;
            }
            addressesTaken.add(Json.text(other, "spec", "clusterIP"));
            other.path("spec")
                    .path("ports")
                    .forEach(port -> portsTaken.add(port.path("nodePort").asInt(0)));
        }
        if (Json.text(spec, "clusterIP").isEmpty()) {
            spec.put("clusterIP", free(addressesTaken));
        }
        spec.putArray("clusterIPs").add(Json.text(spec, "clusterIP"));
        for (JsonNode port : spec.path("ports")) {
            nodePort((ObjectNode) port, !type.equals("ClusterIP"), portsTaken, object, kind);
        }
    }

    /** A client that leaves out what was allocated means no change. */
    static void keep(ObjectNode live, ObjectNode after, Kind kind) {
        if (!kind.type().equals(ResourceType.SERVICE)
                || Json.text(after, "spec", "type").equals("ExternalName")) {
            return;
        }
        ObjectNode spec = Json.object(after, "spec");
        if (Json.text(spec, "clusterIP").isEmpty() && live.path("spec").has("clusterIP")) {
            spec.set("clusterIP", live.path("spec").path("clusterIP"));
        }
        for (JsonNode port : spec.path("ports")) {
            for (JsonNode old : live.path("spec").path("ports")) {
                boolean same =
                        old.path("port").equals(port.path("port"))
                                && Json.text(old, "name").equals(Json.text(port, "name"));
                if (same
                        && port.path("nodePort").asInt(0) == 0
                        && old.path("nodePort").asInt(0) != 0) {
                    ((ObjectNode) port).set("nodePort", old.path("nodePort"));
                }
            }
        }
    }

    private String free(Set<String> taken) {
        int offset = ThreadLocalRandom.current().nextInt(count);
        for (int i = 0; i < count; i++) {
            String address = addresses.apply(1 + (offset + i) % count);
            if (!taken.contains(address)) {
                return address;
            }
        }
        throw Statuses.internal("failed to allocate a serviceIP: range is full");
    }

    private static void nodePort(
            ObjectNode port, boolean wanted, Set<Integer> taken, ObjectNode service, Kind kind) {
        if (!wanted) {
            port.remove("nodePort");
            return;
        }
        int given = port.path("nodePort").asInt(0);
        if (given != 0) {
            if (!taken.add(given)) {
                throw Statuses.invalid(
                        kind.type().kind(),
                        "",
                        Json.name(service),
                        List.of(
                                Cause.invalid(
                                        "spec.ports[0].nodePort",
                                        Integer.toString(given),
                                        "provided port is already allocated")));
            }
            return;
        }
        int range = LAST_NODE_PORT - FIRST_NODE_PORT + 1;
        int offset = ThreadLocalRandom.current().nextInt(range);
        for (int i = 0; i < range; i++) {
            int candidate = FIRST_NODE_PORT + (offset + i) % range;
            if (taken.add(candidate)) {
                port.put("nodePort", candidate);
                return;
            }
        }
        throw Statuses.internal("failed to allocate a nodePort: range is full");
    }
}
