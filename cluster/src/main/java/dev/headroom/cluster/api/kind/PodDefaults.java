package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Defaults of a pod's specification, alone or in a template (upstream: pkg/apis/core/v1/defaults.go). */
final class PodDefaults {
    private static final int FILE_MODE = 0644;

    private PodDefaults() {}

    static void template(ObjectNode template) {
        spec(Json.ensure(template, "spec"));
    }

    static void spec(ObjectNode spec) {
        Json.defaultTo(spec, "dnsPolicy", "ClusterFirst");
        Json.defaultTo(spec, "restartPolicy", "Always");
        Json.defaultTo(spec, "schedulerName", "default-scheduler");
        Json.defaultTo(spec, "terminationGracePeriodSeconds", 30);
        Json.ensure(spec, "securityContext");
        // The deprecated name of the same field is kept in step.
        String account = Json.text(spec, "serviceAccountName");
        account = account.isEmpty() ? Json.text(spec, "serviceAccount") : account;
        if (!account.isEmpty()) {
            spec.put("serviceAccountName", account).put("serviceAccount", account);
        }
        boolean host = Json.flag(spec, "hostNetwork");
        for (String list : List.of("initContainers", "containers")) {
            Json.objects(spec.path(list)).forEach(container -> container(container, host));
        }
        Json.objects(spec.path("volumes")).forEach(PodDefaults::volume);
    }

    private static void container(ObjectNode container, boolean hostNetwork) {
        if (!Json.has(container, "imagePullPolicy")) {
            container.put("imagePullPolicy", pullPolicy(Json.text(container, "image")));
        }
        Json.defaultTo(container, "terminationMessagePath", "/dev/termination-log");
        Json.defaultTo(container, "terminationMessagePolicy", "File");
        for (ObjectNode port : Json.objects(container.path("ports"))) {
            Json.defaultTo(port, "protocol", "TCP");
            if (hostNetwork) {
                Json.defaultTo(port, "hostPort", Json.integer(port, 0, "containerPort"));
            }
        }
        for (ObjectNode variable : Json.objects(container.path("env"))) {
            if (Json.at(variable, "valueFrom", "fieldRef") instanceof ObjectNode reference) {
                Json.defaultTo(reference, "apiVersion", "v1");
            }
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(probe) instanceof ObjectNode found) {
                probe(found);
            }
        }
        for (String hook : List.of("postStart", "preStop")) {
            httpGet(Json.at(container, "lifecycle", hook, "httpGet"));
        }
    }

    /** {@code :latest}, or no tag and no digest, is pulled always. */
    private static String pullPolicy(String image) {
        if (image.contains("@")) {
            return "IfNotPresent";
        }
        String name = image.substring(image.lastIndexOf('/') + 1);
        int colon = name.indexOf(':');
        return colon < 0 || name.substring(colon + 1).equals("latest") ? "Always" : "IfNotPresent";
    }

    private static void probe(ObjectNode probe) {
        Json.defaultTo(probe, "timeoutSeconds", 1);
        Json.defaultTo(probe, "periodSeconds", 10);
        Json.defaultTo(probe, "successThreshold", 1);
        Json.defaultTo(probe, "failureThreshold", 3);
        httpGet(probe.path("httpGet"));
        if (probe.path("grpc") instanceof ObjectNode grpc) {
            Json.defaultTo(grpc, "service", "");
        }
    }

    private static void httpGet(JsonNode action) {
        if (action instanceof ObjectNode http) {
            Json.defaultTo(http, "path", "/");
            Json.defaultTo(http, "scheme", "HTTP");
        }
    }

    private static void volume(ObjectNode volume) {
        if (volume.size() == 1) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            if (volume.path(source) instanceof ObjectNode found) {
                Json.defaultTo(found, "defaultMode", FILE_MODE);
            }
        }
        if (volume.path("hostPath") instanceof ObjectNode host) {
            Json.defaultTo(host, "type", "");
        }
        fieldReferences(Json.at(volume, "downwardAPI", "items"));
        for (JsonNode source : Json.at(volume, "projected", "sources")) {
            fieldReferences(Json.at(source, "downwardAPI", "items"));
            if (source.path("serviceAccountToken") instanceof ObjectNode token) {
                Json.defaultTo(token, "expirationSeconds", 3600);
            }
        }
    }

    private static void fieldReferences(JsonNode items) {
        for (JsonNode item : items) {
            if (item.path("fieldRef") instanceof ObjectNode reference) {
                Json.defaultTo(reference, "apiVersion", "v1");
            }
        }
    }
}
