package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/** Services, with their cluster IPs and node ports. */
final class ServiceRules implements Rules {
    private static final List<String> TYPES =
            List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");

    private final Addresses addresses;

    ServiceRules(Addresses addresses) {
        this.addresses = addresses;
    }

    @Override
    public void defaults(ObjectNode service) {
        ObjectNode spec = Json.ensure(service, "spec");
        Json.defaultTo(spec, "sessionAffinity", "None");
        Json.defaultTo(spec, "type", "ClusterIP");
        if (Json.text(spec, "sessionAffinity").equals("ClientIP")) {
            ObjectNode config = Json.ensure(Json.ensure(spec, "sessionAffinityConfig"), "clientIP");
            Json.defaultTo(config, "timeoutSeconds", 10_800);
        } else {
            spec.remove("sessionAffinityConfig");
        }
        for (ObjectNode port : Json.objects(spec.path("ports"))) {
            Json.defaultTo(port, "protocol", "TCP");
            JsonNode target = port.path("targetPort");
            boolean unset =
                    target.isMissingNode()
                            || target.isNumber() && target.intValue() == 0
                            || target.isString() && target.stringValue().isEmpty();
            if (unset) {
                Json.put(port, "targetPort", Json.integer(port, 0, "port"));
            }
        }
        String type = Json.text(spec, "type");
        if (external(type)) {
            Json.defaultTo(spec, "externalTrafficPolicy", "Cluster");
        }
        if (!type.equals("ExternalName")) {
            Json.defaultTo(spec, "internalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            Json.defaultTo(spec, "allocateLoadBalancerNodePorts", true);
        }
    }

    private static boolean external(String type) {
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    static boolean wantsNodePorts(JsonNode spec) {
        return Json.text(spec, "type").equals("NodePort")
                || Json.text(spec, "type").equals("LoadBalancer")
                        && !Json.at(spec, "allocateLoadBalancerNodePorts")
                                .equals(BooleanNode.FALSE);
    }

    /** What an update leaves out of what the server gave stays as it is; what no longer belongs to the type goes. */
    @Override
    public void prepareUpdate(ObjectNode service, ObjectNode old) {
        ObjectNode spec = Json.ensure(service, "spec");
        JsonNode before = old.path("spec");
        String type = Json.text(spec, "type");
        String oldType = Json.text(before, "type");
        if (!type.equals("ExternalName") && !oldType.equals("ExternalName")) {
            for (String given :
                    List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
                if (!Json.has(spec, given)) {
                    Json.copy(spec, given, before.path(given));
                }
            }
        }
        if (wantsNodePorts(spec) && wantsNodePorts(before)) {
            for (ObjectNode port : Json.objects(spec.path("ports"))) {
                if (Json.integer(port, 0, "nodePort") == 0) {
                    for (JsonNode was : before.path("ports")) {
                        boolean same =
                                Json.same(was.path("port"), port.path("port"))
                                        && Json.same(was.path("protocol"), port.path("protocol"));
                        if (same) {
                            Json.copy(port, "nodePort", was.path("nodePort"));
                        }
                    }
                }
            }
        }
        if (!external(type)) {
            spec.remove("externalTrafficPolicy");
            spec.remove("healthCheckNodePort");
            if (external(oldType)) {
                dropNodePorts(spec, before);
            }
        }
        if (!type.equals("LoadBalancer")) {
            spec.remove("allocateLoadBalancerNodePorts");
            spec.remove("loadBalancerClass");
        }
        if (type.equals("ExternalName")) {
            for (String gone :
                    List.of(
                            "clusterIP",
                            "clusterIPs",
                            "ipFamilies",
                            "ipFamilyPolicy",
                            "internalTrafficPolicy")) {
                spec.remove(gone);
            }
        }
    }

    /** Node ports that the user did not change are no wish of the user's. */
    private static void dropNodePorts(ObjectNode spec, JsonNode before) {
        Set<Long> had = new HashSet<>();
        before.path("ports").forEach(p -> had.add(Json.integer(p, 0, "nodePort")));
        for (ObjectNode port : Json.objects(spec.path("ports"))) {
            if (had.contains(Json.integer(port, 0, "nodePort"))) {
                port.remove("nodePort");
            }
        }
    }

    @Override
    public Allocation allocate(ObjectNode service, @Nullable ObjectNode old, Causes causes) {
        ServiceAllocation allocation = new ServiceAllocation(addresses);
        allocation.allocate(service, old, causes);
        return allocation;
    }

    @Override
    public void released(ObjectNode service) {
        JsonNode spec = service.path("spec");
        addresses.releaseIp(Json.text(spec, "clusterIP"));
        spec.path("ports")
                .forEach(p -> addresses.releasePort((int) Json.integer(p, 0, "nodePort")));
    }

    @Override
    public @Nullable String nameProblem(String name) {
        return Names.label1035(name);
    }

    @Override
    public void validate(ObjectNode service, Causes causes) {
        JsonNode spec = service.path("spec");
        String type = Json.text(spec, "type");
        boolean headless = Json.text(spec, "clusterIP").equals("None");
        JsonNode ports = spec.path("ports");
        if (ports.isEmpty() && !headless && !type.equals("ExternalName")) {
            causes.add(Cause.required("spec.ports", ""));
        }
        if (type.equals("LoadBalancer") && headless) {
            causes.invalid(
                    "spec.clusterIPs[0]",
                    "None",
                    "may not be set to 'None' for LoadBalancer services");
        }
        if (type.equals("NodePort") && headless) {
            causes.invalid(
                    "spec.clusterIPs[0]", "None", "may not be set to 'None' for NodePort services");
        }
        if (!external(type) && Json.has(spec, "externalTrafficPolicy")) {
            causes.invalid(
                    "spec.externalTrafficPolicy",
                    Json.text(spec, "externalTrafficPolicy"),
                    "may only be set for externally-accessible services");
        }
        String ip = Json.text(spec, "clusterIP");
        if (!ip.isEmpty() && !headless && !Names.isIp(ip)) {
            causes.invalid(
                    "spec.clusterIPs[0]",
                    ip,
                    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
        Set<String> names = new HashSet<>();
        Set<String> pairs = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            port(ports.get(i), "spec.ports[" + i + "]", ports.size() > 1, type, names, causes);
            String pair =
                    Json.text(ports.get(i), "protocol") + Json.integer(ports.get(i), 0, "port");
            if (!pairs.add(pair)) {
                causes.add(
                        Cause.duplicateJson(
                                "spec.ports[" + i + "]", onlyWhatClashes(ports.get(i))));
            }
        }
        MetaValidation.labels(spec.path("selector"), "spec.selector", causes);
        if (!List.of("None", "ClientIP").contains(Json.text(spec, "sessionAffinity"))) {
            causes.add(
                    Cause.unsupported(
                            "spec.sessionAffinity",
                            Json.text(spec, "sessionAffinity"),
                            List.of("ClientIP", "None")));
        }
        if (!TYPES.contains(type)) {
            causes.add(Cause.unsupported("spec.type", type, TYPES));
        }
        if (type.equals("ExternalName") && Json.text(spec, "externalName").isEmpty()) {
            causes.add(Cause.required("spec.externalName", ""));
        }
    }

    /** Upstream shows a port with nothing in it but what makes it the same as another. */
    private static String onlyWhatClashes(JsonNode port) {
        return "{\"Name\":\"\",\"Protocol\":\"%s\",\"AppProtocol\":null,\"Port\":%d,\"TargetPort\":0,\"NodePort\":0}"
                .formatted(Json.text(port, "protocol"), Json.integer(port, 0, "port"));
    }

    private static void port(
            JsonNode port,
            String at,
            boolean named,
            String type,
            Set<String> names,
            Causes causes) {
        String name = Json.text(port, "name");
        if (name.isEmpty()) {
            if (named) {
                causes.add(Cause.required(at + ".name", ""));
            }
        } else {
            String problem = Names.label(name);
            causes.invalid(at + ".name", name, problem);
            if (problem == null && !names.add(name)) {
                causes.add(Cause.duplicate(at + ".name", name));
            }
        }
        long number = Json.integer(port, 0, "port");
        String problem = MetaValidation.port(number);
        if (problem != null) {
            causes.add(Cause.invalid(at + ".port", number, problem));
        }
        String protocol = Json.text(port, "protocol");
        if (!List.of("TCP", "UDP", "SCTP").contains(protocol)) {
            causes.add(
                    Cause.unsupported(at + ".protocol", protocol, List.of("SCTP", "TCP", "UDP")));
        }
        JsonNode target = port.path("targetPort");
        if (target.isString()) {
            causes.invalid(
                    at + ".targetPort", target.stringValue(), Names.port(target.stringValue()));
        } else if (MetaValidation.port(target.asLong(0)) instanceof String wrong) {
            causes.add(Cause.invalid(at + ".targetPort", target.asLong(0), wrong));
        }
        if (!external(type) && Json.integer(port, 0, "nodePort") != 0) {
            causes.add(
                    Cause.forbidden(
                            at + ".nodePort", "may not be used when `type` is 'ClusterIP'"));
        }
    }

    @Override
    public void validateUpdate(ObjectNode service, ObjectNode old, Causes causes) {
        String type = Json.text(service, "spec", "type");
        String oldType = Json.text(old, "spec", "type");
        if (type.equals("ExternalName") || oldType.equals("ExternalName")) {
            return;
        }
        String was = Json.text(old, "spec", "clusterIP");
        String now = Json.text(service, "spec", "clusterIP");
        if (!was.isEmpty() && !was.equals(now)) {
            causes.add(
                    Cause.invalid(
                            "spec.clusterIPs[0]",
                            Json.at(service, "spec", "clusterIPs"),
                            "may not change once set"));
        }
    }

    @Override
    public boolean hasStatus() {
        return true;
    }
}
