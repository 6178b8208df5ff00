package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import dev.headroom.cluster.api.base.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is wrong with the containers of a pod (upstream: validateContainers). */
final class ContainerValidation {
    private static final List<String> PULL = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final Set<String> STANDARD =
            Set.of("cpu", "memory", "ephemeral-storage", "storage");
    private static final List<String> HANDLERS =
            List.of("exec", "grpc", "httpGet", "sleep", "tcpSocket");

    private static final Set<String> FIELDS =
            Set.of(
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid",
                    "spec.nodeName",
                    "spec.serviceAccountName",
                    "status.hostIP",
                    "status.hostIPs",
                    "status.podIP",
                    "status.podIPs");

    private final Set<String> volumes;
    private final Set<String> names;
    private final Causes causes;

    ContainerValidation(Set<String> volumes, Set<String> names, Causes causes) {
        this.volumes = volumes;
        this.names = names;
        this.causes = causes;
    }

    void all(JsonNode containers, String at, boolean init) {
        for (int i = 0; i < containers.size(); i++) {
            container(containers.get(i), at + "[" + i + "]", init);
        }
    }

    private void container(JsonNode container, String at, boolean init) {
        String name = Json.text(container, "name");
        if (name.isEmpty()) {
            causes.add(Cause.required(at + ".name", ""));
        } else {
            causes.invalid(at + ".name", name, Names.label(name));
            if (!names.add(name)) {
                causes.add(Cause.duplicate(at + ".name", name));
            }
        }
        String image = Json.text(container, "image");
        if (image.isEmpty()) {
            causes.add(Cause.required(at + ".image", ""));
        }
        ports(container.path("ports"), at + ".ports");
        environment(container.path("env"), at + ".env");
        mounts(container.path("volumeMounts"), at + ".volumeMounts");
        String pull = Json.text(container, "imagePullPolicy");
        if (!PULL.contains(pull)) {
            causes.add(
                    pull.isEmpty()
                            ? Cause.required(at + ".imagePullPolicy", "")
                            : Cause.unsupported(at + ".imagePullPolicy", pull, PULL));
        }
        resources(container.path("resources"), at + ".resources");
        SecurityValidation.container(
                container.path("securityContext"), at + ".securityContext", causes);
        for (String hook : List.of("postStart", "preStop")) {
            JsonNode handler = Json.at(container, "lifecycle", hook);
            if (!handler.isMissingNode() && HANDLERS.stream().noneMatch(handler::has)) {
                causes.add(
                        Cause.required(at + ".lifecycle." + hook, "must specify a handler type"));
            }
        }
        probes(container, at, init);
    }

    private void ports(JsonNode ports, String at) {
        Set<String> known = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            String place = at + "[" + i + "]";
            String name = Json.text(port, "name");
            if (!name.isEmpty()) {
                String problem = Names.port(name);
                causes.invalid(place + ".name", name, problem);
                if (problem == null && !known.add(name)) {
                    causes.add(Cause.duplicate(place + ".name", name));
                }
            }
            long number = Json.integer(port, 0, "containerPort");
            String problem = MetaValidation.port(number);
            if (number == 0) {
                causes.add(Cause.required(place + ".containerPort", ""));
            } else if (problem != null) {
                causes.add(Cause.invalid(place + ".containerPort", number, problem));
            }
            if (Json.integer(port, 0, "hostPort") != 0) {
                long host = Json.integer(port, 0, "hostPort");
                String wrong = MetaValidation.port(host);
                if (wrong != null) {
                    causes.add(Cause.invalid(place + ".hostPort", host, wrong));
                }
            }
            String protocol = Json.text(port, "protocol");
            if (protocol.isEmpty()) {
                causes.add(Cause.required(place + ".protocol", ""));
            } else if (!PROTOCOLS.contains(protocol)) {
                causes.add(Cause.unsupported(place + ".protocol", protocol, PROTOCOLS));
            }
        }
    }

    private void environment(JsonNode variables, String at) {
        for (int i = 0; i < variables.size(); i++) {
            JsonNode variable = variables.get(i);
            String place = at + "[" + i + "]";
            String name = Json.text(variable, "name");
            if (name.isEmpty()) {
                causes.add(Cause.required(place + ".name", ""));
            } else {
                causes.invalid(place + ".name", name, Names.environment(name));
            }
            if (!variable.has("valueFrom")) {
                continue;
            }
            JsonNode source = variable.path("valueFrom");
            if (source.isEmpty()) {
                causes.invalid(
                        place + ".valueFrom",
                        "",
                        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
            } else if (!Json.text(variable, "value").isEmpty()) {
                causes.invalid(
                        place + ".valueFrom", "", "may not be specified when `value` is not empty");
            } else if (source.size() > 1) {
                causes.invalid(
                        place + ".valueFrom",
                        "",
                        "may not have more than one field specified at a time");
            } else {
                field(source, place + ".valueFrom.fieldRef.fieldPath");
            }
        }
    }

    private void field(JsonNode source, String at) {
        if (!source.has("fieldRef")) {
            return;
        }
        String path = Json.text(source, "fieldRef", "fieldPath");
        if (path.isEmpty()) {
            causes.add(Cause.required(at, ""));
        } else if (!FIELDS.contains(path)
                && !path.matches("metadata\\.(labels|annotations)\\['.+'\\]")) {
            causes.invalid(
                    at, path, "error converting fieldPath: field label not supported: " + path);
        }
    }

    private void mounts(JsonNode mounts, String at) {
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            JsonNode mount = mounts.get(i);
            String place = at + "[" + i + "]";
            String name = Json.text(mount, "name");
            String path = Json.text(mount, "mountPath");
            if (name.isEmpty()) {
                causes.add(Cause.required(place + ".name", ""));
            } else if (!volumes.contains(name)) {
                causes.add(Cause.notFound(place + ".name", name));
            }
            if (path.isEmpty()) {
                causes.add(Cause.required(place + ".mountPath", ""));
            } else if (!paths.add(path)) {
                causes.invalid(place + ".mountPath", path, "must be unique");
            }
            within(mount, "subPath", place, causes);
            within(mount, "subPathExpr", place, causes);
            if (mount.has("subPath") && mount.has("subPathExpr")) {
                causes.invalid(
                        place + ".subPathExpr",
                        Json.text(mount, "subPathExpr"),
                        "subPathExpr and subPath are mutually exclusive");
            }
        }
    }

    /** Upstream: validateLocalDescendingPath. */
    private static void within(JsonNode mount, String field, String at, Causes causes) {
        String path = Json.text(mount, field);
        if (path.startsWith("/")) {
            causes.invalid(at + "." + field, path, "must be a relative path");
        }
        if (List.of(path.split("/")).contains("..")) {
            causes.invalid(at + "." + field, path, "must not contain '..'");
        }
    }

    private void resources(JsonNode resources, String at) {
        JsonNode limits = resources.path("limits");
        JsonNode requests = resources.path("requests");
        quantities(limits, at + ".limits");
        for (Map.Entry<String, JsonNode> entry : requests.properties()) {
            String name = entry.getKey();
            quantity(name, entry.getValue(), at + ".requests");
            if (limits.has(name)) {
                Quantity limit = Quantity.parse(limits.path(name).asString(""));
                Quantity request = Quantity.parse(entry.getValue().asString(""));
                if (request.compareTo(limit) > 0) {
                    causes.invalid(
                            at + ".requests",
                            request.toString(),
                            "must be less than or equal to " + name + " limit of " + limit);
                }
            }
        }
    }

    private void quantities(JsonNode amounts, String at) {
        amounts.properties().forEach(entry -> quantity(entry.getKey(), entry.getValue(), at));
    }

    private void quantity(String name, JsonNode amount, String at) {
        String place = at + "[" + name + "]";
        boolean known = STANDARD.contains(name) || name.startsWith("hugepages-");
        if (!name.contains("/") && !known) {
            causes.invalid(place, name, "must be a standard resource type or fully qualified");
            causes.invalid(place, name, "must be a standard resource for containers");
        }
        Quantity quantity = Quantity.parse(amount.asString("0"));
        if (quantity.value().signum() < 0) {
            causes.invalid(place, quantity.toString(), MetaValidation.NOT_NEGATIVE);
        }
    }

    private void probes(JsonNode container, String at, boolean init) {
        boolean sidecar = Json.text(container, "restartPolicy").equals("Always");
        for (String kind : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            JsonNode probe = container.path(kind);
            if (probe.isMissingNode()) {
                continue;
            }
            String place = at + "." + kind;
            if (init && !sidecar) {
                causes.add(
                        Cause.forbidden(
                                place,
                                "may not be set for init containers without restartPolicy=Always"));
                continue;
            }
            probe(probe, place);
            if (!kind.equals("readinessProbe") && Json.integer(probe, 1, "successThreshold") != 1) {
                causes.add(
                        Cause.invalid(
                                place + ".successThreshold",
                                probe.path("successThreshold"),
                                "must be 1"));
            }
        }
    }

    private void probe(JsonNode probe, String at) {
        List<String> handlers = HANDLERS.stream().filter(probe::has).toList();
        if (handlers.isEmpty()) {
            causes.add(Cause.required(at, "must specify a handler type"));
        }
        for (String second : handlers.stream().skip(1).toList()) {
            causes.add(
                    Cause.forbidden(at + "." + second, "may not specify more than 1 handler type"));
        }
        JsonNode http = probe.path("httpGet");
        if (!http.isMissingNode()) {
            targetPort(http.path("port"), at + ".httpGet.port");
            if (!List.of("HTTP", "HTTPS").contains(Json.text(http, "scheme"))) {
                causes.add(
                        Cause.unsupported(
                                at + ".httpGet.scheme",
                                Json.text(http, "scheme"),
                                List.of("HTTP", "HTTPS")));
            }
        }
        if (probe.has("tcpSocket")) {
            targetPort(Json.at(probe, "tcpSocket", "port"), at + ".tcpSocket.port");
        }
        if (probe.has("exec") && Json.at(probe, "exec", "command").isEmpty()) {
            causes.add(Cause.required(at + ".exec.command", ""));
        }
        for (String field :
                List.of(
                        "initialDelaySeconds",
                        "timeoutSeconds",
                        "periodSeconds",
                        "successThreshold",
                        "failureThreshold")) {
            MetaValidation.notNegative(probe, at + "." + field, causes, field);
        }
    }

    private void targetPort(JsonNode port, String at) {
        if (port.isString()) {
            causes.invalid(at, port.stringValue(), portName(port.stringValue()));
        } else {
            String problem = MetaValidation.port(port.asLong(0));
            if (problem != null) {
                causes.add(Cause.invalid(at, port.asLong(0), problem));
            }
        }
    }

    static @Nullable String portName(String name) {
        return Names.port(name);
    }
}
