package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Names;
import dev.headroom.cluster.api.base.Selectors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What is wrong with a pod's specification (upstream: ValidatePodSpec). */
final class PodValidation {
    private static final List<String> RESTART = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS =
            List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");

    private PodValidation() {}

    static void spec(JsonNode spec, String at, Causes causes) {
        Set<String> volumes = volumes(spec.path("volumes"), at + ".volumes", causes);
        Set<String> names = new HashSet<>();
        if (spec.path("containers").isEmpty()) {
            causes.add(Cause.required(at + ".containers", ""));
        }
        ContainerValidation containers = new ContainerValidation(volumes, names, causes);
        containers.all(spec.path("containers"), at + ".containers", false);
        containers.all(spec.path("initContainers"), at + ".initContainers", true);
        if (Json.has(spec, "activeDeadlineSeconds")
                && Json.integer(spec, 1, "activeDeadlineSeconds") < 1) {
            causes.add(
                    Cause.invalid(
                            at + ".activeDeadlineSeconds",
                            spec.path("activeDeadlineSeconds"),
                            "must be between 1 and 2147483647, inclusive"));
        }
        oneOf(spec, "restartPolicy", RESTART, at, causes);
        oneOf(spec, "dnsPolicy", DNS, at, causes);
        SecurityValidation.pod(spec.path("securityContext"), at + ".securityContext", causes);
        MetaValidation.labels(spec.path("nodeSelector"), at + ".nodeSelector", causes);
        PlacementValidation.spec(spec, at, causes);
        String account = Json.text(spec, "serviceAccountName");
        if (!account.isEmpty()) {
            causes.invalid(at + ".serviceAccountName", account, Names.subdomain(account));
        }
        String node = Json.text(spec, "nodeName");
        if (!node.isEmpty()) {
            causes.invalid(at + ".nodeName", node, Names.subdomain(node));
        }
        String host = Json.text(spec, "hostname");
        if (!host.isEmpty()) {
            causes.invalid(at + ".hostname", host, Names.label(host));
        }
    }

    private static void oneOf(
            JsonNode spec, String field, List<String> accepted, String at, Causes causes) {
        String value = Json.text(spec, field);
        if (value.isEmpty()) {
            causes.add(Cause.required(at + "." + field, ""));
        } else if (!accepted.contains(value)) {
            causes.add(Cause.unsupported(at + "." + field, value, accepted));
        }
    }

    private static Set<String> volumes(JsonNode volumes, String at, Causes causes) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < volumes.size(); i++) {
            JsonNode volume = volumes.get(i);
            String place = at + "[" + i + "]";
            String name = Json.text(volume, "name");
            if (volume.size() > 2) {
                String second =
                        volume.propertyNames().stream()
                                .filter(f -> !f.equals("name"))
                                .skip(1)
                                .findFirst()
                                .orElse("");
                causes.add(
                        Cause.forbidden(
                                place + "." + second, "may not specify more than 1 volume type"));
            }
            if (name.isEmpty()) {
                causes.add(Cause.required(place + ".name", ""));
            } else {
                causes.invalid(place + ".name", name, Names.label(name));
                if (!names.add(name)) {
                    causes.add(Cause.duplicate(place + ".name", name));
                }
            }
            if (volume.has("configMap") && Json.text(volume, "configMap", "name").isEmpty()) {
                causes.add(Cause.required(place + ".configMap.name", ""));
            }
            if (volume.has("secret") && Json.text(volume, "secret", "secretName").isEmpty()) {
                causes.add(Cause.required(place + ".secret.secretName", ""));
            }
            if (volume.has("hostPath") && Json.text(volume, "hostPath", "path").isEmpty()) {
                causes.add(Cause.required(place + ".hostPath.path", ""));
            }
        }
        return names;
    }

    /** A pod template of a Deployment or ReplicaSet, with the selector that must find its pods. */
    static void template(JsonNode object, Causes causes) {
        JsonNode template = Json.at(object, "spec", "template");
        JsonNode selector = Json.at(object, "spec", "selector");
        JsonNode labels = Json.at(template, "metadata", "labels");
        // One that is empty is a fault of its own; one that is missing matches nothing.
        boolean matches = selector.isObject() && Selectors.matches(selector, labels);
        if (!matches) {
            causes.add(
                    Cause.invalid(
                            "spec.template.metadata.labels",
                            labels,
                            "`selector` does not match template `labels`"));
        }
        MetaValidation.labels(labels, "spec.template.metadata.labels", causes);
        MetaValidation.annotations(
                Json.at(template, "metadata", "annotations"),
                "spec.template.metadata.annotations",
                causes);
        spec(template.path("spec"), "spec.template.spec", causes);
        String restart = Json.text(template, "spec", "restartPolicy");
        if (!restart.equals("Always") && RESTART.contains(restart)) {
            causes.add(
                    Cause.unsupported(
                            "spec.template.spec.restartPolicy", restart, List.of("Always")));
        }
        if (Json.has(template, "spec", "activeDeadlineSeconds")) {
            causes.add(
                    Cause.forbidden(
                            "spec.template.spec.activeDeadlineSeconds",
                            "activeDeadlineSeconds in ReplicaSet is not Supported"));
        }
    }
}
