package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one service takes from the {@link Addresses}, to be given back where the write does not happen, and what it no longer needs, to be
 * given back once the write has happened.
 */
final class ServiceAllocation implements Allocation {
    private final Addresses addresses;
    private final List<Runnable> undo = new ArrayList<>();
    private final List<Runnable> after = new ArrayList<>();

    ServiceAllocation(Addresses addresses) {
        this.addresses = addresses;
    }

    void allocate(ObjectNode service, @Nullable ObjectNode old, Causes causes) {
        ObjectNode spec = Json.ensure(service, "spec");
        JsonNode before = old == null ? Json.object() : old.path("spec");
        if (Json.text(spec, "type").equals("ExternalName")) {
            release(before, Set.of());
            String ip = Json.text(before, "clusterIP");
            after.add(() -> addresses.releaseIp(ip));
            return;
        }
        ip(spec, Json.text(before, "clusterIP"), causes);
        Set<Integer> kept = ports(spec, before, causes);
        release(before, kept);
    }

    private void ip(ObjectNode spec, String before, Causes causes) {
        String ip = Json.text(spec, "clusterIP");
        if (ip.isEmpty() && !spec.path("clusterIPs").isEmpty()) {
            ip = spec.path("clusterIPs").path(0).asString("");
        }
        if (ip.isEmpty()) {
            ip = addresses.nextIp();
            if (ip == null) {
                causes.add(
                        Cause.invalid(
                                "spec.clusterIPs",
                                spec.path("clusterIPs"),
                                "failed to allocate IP: range is full"));
                return;
            }
            String taken = ip;
            undo.add(() -> addresses.releaseIp(taken));
        } else if (!ip.equals("None") && !ip.equals(before)) {
            if (!take(ip, causes)) {
                return;
            }
        }
        spec.put("clusterIP", ip);
        spec.putArray("clusterIPs").add(ip);
        if (!Json.has(spec, "ipFamilies")) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        Json.defaultTo(spec, "ipFamilyPolicy", "SingleStack");
    }

    private boolean take(String ip, Causes causes) {
        if (!Names.isIp(ip)) {
            // What is wrong with it the validation says.
            return false;
        }
        String problem = null;
        if (!addresses.contains(ip)) {
            problem =
                    "failed to allocate IP "
                            + ip
                            + ": the provided network does not match the current range";
        } else if (!addresses.takeIp(ip)) {
            problem = "failed to allocate IP " + ip + ": provided IP is already allocated";
        }
        if (problem != null) {
            causes.add(Cause.invalid("spec.clusterIPs", Json.array().add(ip), problem));
            return false;
        }
        undo.add(() -> addresses.releaseIp(ip));
        return true;
    }

    private Set<Integer> ports(ObjectNode spec, JsonNode before, Causes causes) {
        Set<Integer> had = nodePorts(before);
        Set<Integer> kept = new HashSet<>();
        boolean wanted = ServiceRules.wantsNodePorts(spec);
        List<ObjectNode> ports = Json.objects(spec.path("ports"));
        for (int i = 0; i < ports.size(); i++) {
            int port = (int) Json.integer(ports.get(i), 0, "nodePort");
            String at = "spec.ports[" + i + "].nodePort";
            if (port != 0 && (had.contains(port) || kept.contains(port))) {
                kept.add(port);
            } else if (port != 0) {
                take(port, at, causes);
                kept.add(port);
            } else if (wanted) {
                int free = addresses.nextPort();
                if (free == 0) {
                    causes.add(
                            Cause.invalid(at, 0, "failed to allocate a nodePort: range is full"));
                    return kept;
                }
                undo.add(() -> addresses.releasePort(free));
                Json.put(ports.get(i), "nodePort", free);
                kept.add(free);
            }
        }
        return kept;
    }

    private void take(int port, String at, Causes causes) {
        if (port < Addresses.FIRST_PORT || port > Addresses.LAST_PORT) {
            causes.add(
                    Cause.invalid(
                            at,
                            port,
                            "provided port is not in the valid range. The range of valid ports is "
                                    + Addresses.FIRST_PORT
                                    + "-"
                                    + Addresses.LAST_PORT));
        } else if (!addresses.takePort(port)) {
            causes.add(Cause.invalid(at, port, "provided port is already allocated"));
        } else {
            undo.add(() -> addresses.releasePort(port));
        }
    }

    private void release(JsonNode before, Set<Integer> kept) {
        for (int port : nodePorts(before)) {
            if (!kept.contains(port)) {
                after.add(() -> addresses.releasePort(port));
            }
        }
    }

    private static Set<Integer> nodePorts(JsonNode spec) {
        Set<Integer> ports = new HashSet<>();
        for (JsonNode port : spec.path("ports")) {
            int number = (int) Json.integer(port, 0, "nodePort");
            if (number != 0) {
                ports.add(number);
            }
        }
        return ports;
    }

    @Override
    public void done() {
        after.forEach(Runnable::run);
    }

    @Override
    public void undo() {
        undo.forEach(Runnable::run);
    }
}
