package dev.headroom.cluster.api;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What upstream fills in where a manifest is silent, so that a manifest read back is what a real API server gives. */
final class Defaults {
    private Defaults() {}

    static void fill(ObjectNode object, Kind kind) {
        ObjectNode spec = Json.object(object, "spec");
        switch (kind.type().kind()) {
            case "Deployment" -> deployment(spec);
            case "ReplicaSet" -> replicaSet(object, spec);
            case "Pod" -> pod(spec);
            case "Service" -> service(spec);
            case "HorizontalPodAutoscaler" -> autoscaler(spec);
            case "Secret" -> set(object, "type", "Opaque");
            case "Namespace" -> {
                ArrayNode finalizers = Json.ensure(object, "spec").withArray("finalizers");
                if (finalizers.isEmpty()) {
                    finalizers.add("kubernetes");
                }
                Json.ensure(Json.ensure(object, "metadata"), "labels")
                        .put("kubernetes.io/metadata.name", Json.name(object));
                set(Json.ensure(object, "status"), "phase", "Active");
            }
            default -> {}
        }
    }

    private static void set(ObjectNode object, String field, String value) {
        if (!object.hasNonNull(field) || object.path(field).asString("").isEmpty()) {
            object.put(field, value);
        }
    }

    private static void set(ObjectNode object, String field, int value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }

    private static void deployment(ObjectNode spec) {
        set(spec, "replicas", 1);
        set(spec, "revisionHistoryLimit", 10);
        set(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = Json.ensure(spec, "strategy");
        set(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Json.ensure(strategy, "rollingUpdate");
            set(rolling, "maxUnavailable", "25%");
            set(rolling, "maxSurge", "25%");
        }
        podTemplate(Json.object(spec, "template"));
    }

    /** Like {@link #set(ObjectNode, String, String)}, for a field that may hold a number. */
    private static void replicaSet(ObjectNode object, ObjectNode spec) {
        set(spec, "replicas", 1);
        ObjectNode template = Json.object(spec, "template");
        if (!spec.has("selector")
                && template.path("metadata").path("labels") instanceof ObjectNode labels) {
            Json.ensure(spec, "selector").set("matchLabels", labels.deepCopy());
        }
        podTemplate(template);
    }

    private static void podTemplate(ObjectNode template) {
        if (template.path("spec") instanceof ObjectNode spec) {
            Json.ensure(template, "metadata");
            pod(spec);
        }
    }

    private static void pod(ObjectNode spec) {
        set(spec, "restartPolicy", "Always");
        set(spec, "terminationGracePeriodSeconds", 30);
        set(spec, "dnsPolicy", "ClusterFirst");
        Json.ensure(spec, "securityContext");
        set(spec, "schedulerName", "default-scheduler");
        if (spec.has("serviceAccountName")) {
            set(spec, "serviceAccount", Json.text(spec, "serviceAccountName"));
        }
        for (String list : List.of("initContainers", "containers")) {
            spec.path(list).forEach(container -> container((ObjectNode) container));
        }
        spec.path("volumes").forEach(volume -> volume((ObjectNode) volume));
    }

    private static void container(ObjectNode container) {
        set(container, "imagePullPolicy", pullPolicy(Json.text(container, "image")));
        set(container, "terminationMessagePath", "/dev/termination-log");
        set(container, "terminationMessagePolicy", "File");
        ObjectNode resources = Json.ensure(container, "resources");
        if (resources.path("limits") instanceof ObjectNode limits) {
            ObjectNode requests = Json.ensure(resources, "requests");
            limits.properties()
                    .forEach(limit -> requests.putIfAbsent(limit.getKey(), limit.getValue()));
        }
        container.path("ports").forEach(port -> set((ObjectNode) port, "protocol", "TCP"));
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(probe) instanceof ObjectNode found) {
                probe(found);
            }
        }
        for (String hook : List.of("postStart", "preStop")) {
            if (container.path("lifecycle").path(hook).path("httpGet") instanceof ObjectNode get) {
                httpGet(get);
            }
        }
        for (JsonNode variable : container.path("env")) {
            if (variable.path("valueFrom").path("fieldRef") instanceof ObjectNode field) {
                set(field, "apiVersion", "v1");
            }
            if (variable.path("valueFrom").path("resourceFieldRef") instanceof ObjectNode field) {
                set(field, "divisor", "0");
            }
        }
    }

    private static String pullPolicy(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        boolean latest = !image.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
        return latest ? "Always" : "IfNotPresent";
    }

    private static void probe(ObjectNode probe) {
        set(probe, "timeoutSeconds", 1);
        set(probe, "periodSeconds", 10);
        set(probe, "successThreshold", 1);
        set(probe, "failureThreshold", 3);
        if (probe.path("httpGet") instanceof ObjectNode get) {
            httpGet(get);
        }
    }

    private static void httpGet(ObjectNode get) {
        set(get, "path", "/");
        set(get, "scheme", "HTTP");
    }

    private static void volume(ObjectNode volume) {
        if (volume.path("configMap") instanceof ObjectNode source) {
            set(source, "defaultMode", 420);
        } else if (volume.path("secret") instanceof ObjectNode source) {
            set(source, "defaultMode", 420);
        } else if (volume.path("downwardAPI") instanceof ObjectNode source) {
            set(source, "defaultMode", 420);
        } else if (volume.path("projected") instanceof ObjectNode source) {
            set(source, "defaultMode", 420);
        } else if (volume.size() == 1) {
            volume.putObject("emptyDir");
        }
    }

    private static void service(ObjectNode spec) {
        set(spec, "sessionAffinity", "None");
        set(spec, "type", "ClusterIP");
        String type = Json.text(spec, "type");
        if (Json.text(spec, "sessionAffinity").equals("ClientIP")) {
            set(
                    Json.ensure(Json.ensure(spec, "sessionAffinityConfig"), "clientIP"),
                    "timeoutSeconds",
                    10800);
        }
        if (type.equals("ExternalName")) {
            return;
        }
        set(spec, "internalTrafficPolicy", "Cluster");
        set(spec, "ipFamilyPolicy", "SingleStack");
        if (spec.path("ipFamilies").isEmpty()) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        if (type.equals("NodePort") || type.equals("LoadBalancer")) {
            set(spec, "externalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer") && !spec.has("allocateLoadBalancerNodePorts")) {
            spec.put("allocateLoadBalancerNodePorts", true);
        }
        for (JsonNode node : spec.path("ports")) {
            ObjectNode port = (ObjectNode) node;
            set(port, "protocol", "TCP");
            if (!port.hasNonNull("targetPort")) {
                port.set("targetPort", port.path("port"));
            }
        }
    }

    private static void autoscaler(ObjectNode spec) {
        set(spec, "minReplicas", 1);
        if (spec.path("metrics").isEmpty()) {
            ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
            ObjectNode resource = metric.putObject("resource").put("name", "cpu");
            resource.putObject("target").put("type", "Utilization").put("averageUtilization", 80);
        }
        if (spec.path("behavior") instanceof ObjectNode behavior) {
            scaleUp(Json.ensure(behavior, "scaleUp"));
            ObjectNode down = Json.ensure(behavior, "scaleDown");
            set(down, "selectPolicy", "Max");
            if (down.path("policies").isEmpty()) {
                policy(down.putArray("policies"), "Percent", 100);
            }
        }
    }

    private static void scaleUp(ObjectNode up) {
        set(up, "stabilizationWindowSeconds", 0);
        set(up, "selectPolicy", "Max");
        if (up.path("policies").isEmpty()) {
            ArrayNode policies = up.putArray("policies");
            policy(policies, "Pods", 4);
            policy(policies, "Percent", 100);
        }
    }

    private static void policy(ArrayNode policies, String type, int value) {
        policies.addObject().put("type", type).put("value", value).put("periodSeconds", 15);
    }
}
