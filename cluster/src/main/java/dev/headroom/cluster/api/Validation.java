package dev.headroom.cluster.api;

import dev.headroom.cluster.api.Statuses.Cause;
import dev.headroom.cluster.objects.ApiException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What upstream refuses in the kinds served here, all causes at once and in its words; the rest is kept as it was given. */
final class Validation {
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern QUANTITY =
            Pattern.compile(
                    "[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|n|u|[eE][+-]?[0-9]+)?");
    private static final String SUBDOMAIN_RULE =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private static final String LABEL_RULE =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private final List<Cause> causes = new ArrayList<>();

    private Validation() {}

    /** Throws an Invalid refusal with every cause that was found. */
    static void check(ObjectNode object, Kind kind) {
        Validation validation = new Validation();
        validation.metadata(object);
        JsonNode spec = object.path("spec");
        switch (kind.type().kind()) {
            case "Deployment", "ReplicaSet" -> validation.workload(spec);
            case "Pod" -> validation.podSpec(spec, "spec");
            case "Service" -> validation.service(spec);
            case "HorizontalPodAutoscaler" -> AutoscalerValidation.check(object, validation.causes);
            default -> {}
        }
        validation.raise(object, kind);
    }

    /** What must not change in an update. */
    static void checkUpdate(ObjectNode before, ObjectNode after, Kind kind) {
        Validation validation = new Validation();
        String type = kind.type().kind();
        if (type.equals("Deployment") || type.equals("ReplicaSet")) {
            JsonNode selector = after.path("spec").path("selector");
            if (!selector.equals(before.path("spec").path("selector"))) {
                validation.causes.add(
                        Cause.invalid(
                                "spec.selector",
                                Json.MAPPER.writeValueAsString(selector),
                                "field is immutable"));
            }
        }
        if (type.equals("Service")) {
            String was = Json.text(before, "spec", "clusterIP");
            String is = Json.text(after, "spec", "clusterIP");
            boolean external = Json.text(after, "spec", "type").equals("ExternalName");
            if (!was.isEmpty() && !external && !was.equals(is)) {
                validation.causes.add(
                        Cause.invalid(
                                "spec.clusterIPs[0]",
                                "[\"" + is + "\"]",
                                "may not change once set"));
            }
        }
        validation.raise(after, kind);
    }

    private void raise(ObjectNode object, Kind kind) throws ApiException {
        if (!causes.isEmpty()) {
            throw Statuses.invalid(
                    kind.type().kind(), kind.type().group(), Json.name(object), causes);
        }
    }

    private void metadata(ObjectNode object) {
        String name = Json.name(object);
        if (name.isEmpty()) {
            causes.add(Cause.required("metadata.name", "name or generateName is required"));
        } else if (!SUBDOMAIN.matcher(name).matches() || name.length() > 253) {
            causes.add(Cause.invalid("metadata.name", '"' + name + '"', SUBDOMAIN_RULE));
        }
    }

    private void workload(JsonNode spec) {
        if (spec.path("replicas").asInt(0) < 0) {
            causes.add(
                    Cause.invalid(
                            "spec.replicas",
                            spec.path("replicas").toString(),
                            "must be greater than or equal to 0"));
        }
        JsonNode selector = spec.path("selector");
        JsonNode template = spec.path("template");
        if (selector.isMissingNode()) {
            causes.add(Cause.required("spec.selector", ""));
        } else if (selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty()) {
            causes.add(
                    Cause.invalid(
                            "spec.selector",
                            Json.MAPPER.writeValueAsString(selector),
                            "empty selector is invalid for deployment"));
        } else if (!Selectors.matches(selector, template.path("metadata").path("labels"))) {
            causes.add(
                    Cause.invalid(
                            "spec.template.metadata.labels",
                            Json.MAPPER.writeValueAsString(
                                    Json.object(template.path("metadata"), "labels")),
                            "`selector` does not match template `labels`"));
        }
        podSpec(template.path("spec"), "spec.template.spec");
    }

    private void podSpec(JsonNode spec, String path) {
        if (spec.path("containers").isEmpty()) {
            causes.add(Cause.required(path + ".containers", ""));
        }
        Set<String> names = new HashSet<>();
        for (String list : List.of("initContainers", "containers")) {
            int i = 0;
            for (JsonNode container : spec.path(list)) {
                container(container, path + "." + list + "[" + i++ + "]", names);
            }
        }
    }

    private void container(JsonNode container, String path, Set<String> names) {
        String name = Json.text(container, "name");
        if (name.isEmpty()) {
            causes.add(Cause.required(path + ".name", ""));
        } else if (!LABEL.matcher(name).matches()) {
            causes.add(Cause.invalid(path + ".name", '"' + name + '"', LABEL_RULE));
        } else if (!names.add(name)) {
            causes.add(
                    new Cause(
                            "FieldValueDuplicate",
                            "Duplicate value: \"" + name + "\"",
                            path + ".name"));
        }
        if (Json.text(container, "image").isEmpty()) {
            causes.add(Cause.required(path + ".image", ""));
        }
        int i = 0;
        for (JsonNode port : container.path("ports")) {
            port(port.path("containerPort"), path + ".ports[" + i++ + "].containerPort");
        }
        resources(container.path("resources"), path + ".resources");
    }

    private void resources(JsonNode resources, String path) {
        for (String part : List.of("limits", "requests")) {
            for (var entry : resources.path(part).properties()) {
                String value = entry.getValue().asString("");
                String field = path + "." + part + "." + entry.getKey();
                if (!QUANTITY.matcher(value).matches()) {
                    throw Statuses.badRequest(
                            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
                }
                if (value.startsWith("-")) {
                    causes.add(
                            Cause.invalid(
                                    field,
                                    '"' + value + '"',
                                    "must be greater than or equal to 0"));
                }
            }
        }
        for (var request : resources.path("requests").properties()) {
            JsonNode limit = resources.path("limits").path(request.getKey());
            if (!limit.isMissingNode()
                    && Quantities.milli(request.getValue()) > Quantities.milli(limit)) {
                causes.add(
                        Cause.invalid(
                                path + ".requests",
                                '"' + request.getValue().asString() + '"',
                                "must be less than or equal to "
                                        + request.getKey()
                                        + " limit of "
                                        + limit.asString()));
            }
        }
    }

    private void service(JsonNode spec) {
        boolean external = Json.text(spec, "type").equals("ExternalName");
        boolean headless = Json.text(spec, "clusterIP").equals("None");
        if (spec.path("ports").isEmpty() && !external && !headless) {
            causes.add(Cause.required("spec.ports", ""));
        }
        List<String> types = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        if (!types.contains(Json.text(spec, "type"))) {
            causes.add(Cause.unsupported("spec.type", Json.text(spec, "type"), types));
        }
        Set<String> names = new HashSet<>();
        int i = 0;
        for (JsonNode port : spec.path("ports")) {
            String path = "spec.ports[" + i++ + "]";
            port(port.path("port"), path + ".port");
            String name = Json.text(port, "name");
            if (name.isEmpty() && spec.path("ports").size() > 1) {
                causes.add(Cause.required(path + ".name", ""));
            } else if (!name.isEmpty() && !names.add(name)) {
                causes.add(
                        new Cause(
                                "FieldValueDuplicate",
                                "Duplicate value: \"" + name + "\"",
                                path + ".name"));
            }
        }
    }

    private void port(JsonNode port, String path) {
        int value = port.asInt(0);
        if (value < 1 || value > 65535) {
            causes.add(
                    Cause.invalid(
                            path,
                            Integer.toString(value),
                            "must be between 1 and 65535, inclusive"));
        }
    }
}
