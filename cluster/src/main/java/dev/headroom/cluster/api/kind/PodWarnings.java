package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** What of a pod is accepted, but hardly as it was meant (upstream: warningsForPodSpecAndMeta). */
final class PodWarnings {
    private static final Map<String, String> LABELS =
            Map.of(
                    "beta.kubernetes.io/arch",
                    "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
                    "beta.kubernetes.io/os",
                    "deprecated since v1.14; use \"kubernetes.io/os\" instead",
                    "failure-domain.beta.kubernetes.io/region",
                    "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
                    "failure-domain.beta.kubernetes.io/zone",
                    "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
                    "beta.kubernetes.io/instance-type",
                    "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
                    "app.kubernetes.io/created-by",
                    "deprecated since v1.9");

    private final JsonNode spec;
    private final String at;
    private final Consumer<String> warning;

    private PodWarnings(JsonNode spec, String at, Consumer<String> warning) {
        this.spec = spec;
        this.at = at;
        this.warning = warning;
    }

    static void of(JsonNode spec, String at, Consumer<String> warning) {
        new PodWarnings(spec, at, warning).all();
    }

    private void all() {
        for (String label : spec.path("nodeSelector").propertyNames()) {
            String why = LABELS.get(label);
            if (why != null) {
                warning.accept(at + ".nodeSelector[" + label + "]: " + why);
            }
        }
        Map<String, JsonNode> containers = containers();
        containers.forEach((place, container) -> {
            bytes(place, container);
            environment(place, container);
        });
        ports(containers);
        portNames(containers);
        if (Json.integer(spec, 0, "terminationGracePeriodSeconds") < 0) {
            warning.accept(
                    at
                            + ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
        }
    }

    /** By their places. */
    private Map<String, JsonNode> containers() {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        for (String list : List.of("initContainers", "containers")) {
            for (int i = 0; i < spec.path(list).size(); i++) {
                found.put(at + "." + list + "[" + i + "]", spec.path(list).get(i));
            }
        }
        return found;
    }

    /** {@code 100m} of memory is a tenth of a byte. */
    private void bytes(String place, JsonNode container) {
        for (String resource : List.of("memory", "ephemeral-storage")) {
            for (String kind : List.of("limits", "requests")) {
                String amount = Json.text(container, "resources", kind, resource);
                if (!amount.isEmpty() && isFraction(Quantity.parse(amount).value())) {
                    warning.accept(
                            place
                                    + ".resources."
                                    + kind
                                    + "["
                                    + resource
                                    + "]: fractional byte value "
                                    + Cause.quote(amount)
                                    + " is invalid, must be an integer");
                }
            }
        }
    }

    private static boolean isFraction(BigDecimal amount) {
        return amount.stripTrailingZeros().scale() > 0;
    }

    private void environment(String place, JsonNode container) {
        Set<String> names = new HashSet<>();
        JsonNode variables = container.path("env");
        for (int i = 0; i < variables.size(); i++) {
            JsonNode variable = variables.get(i);
            String name = Json.text(variable, "name");
            String value = Json.text(variable, "value");
            String itself = "$(" + name + ")";
            // One that is made of the one before is meant so.
            boolean hides =
                    variable.has("valueFrom") || value.equals(itself) || !value.contains(itself);
            if (!names.add(name) && hides) {
                warning.accept(
                        place
                                + ".env["
                                + i
                                + "]: hides previous definition of "
                                + Cause.quote(name)
                                + ", which may be dropped when using apply");
            }
        }
    }

    private void ports(Map<String, JsonNode> containers) {
        Map<String, List<String>> places = new HashMap<>();
        containers.forEach((place, container) -> {
            for (int i = 0; i < container.path("ports").size(); i++) {
                JsonNode port = container.path("ports").get(i);
                String here = place + ".ports[" + i + "]";
                // Ports of the host have no effect here, and a warning of their own.
                String key =
                        port.path("containerPort")
                                + "/"
                                + Json.text(port, "protocol")
                                + "/"
                                + port.path("hostPort")
                                + "/"
                                + Json.text(port, "hostIP");
                List<String> others = places.computeIfAbsent(key, k -> new ArrayList<>());
                others.forEach(other ->
                        warning.accept(here + ": duplicate port definition with " + other));
                others.add(here);
            }
        });
    }

    private void portNames(Map<String, JsonNode> containers) {
        Map<String, String> places = new HashMap<>();
        containers.forEach((place, container) -> {
            for (int i = 0; i < container.path("ports").size(); i++) {
                String name = Json.text(container.path("ports").get(i), "name");
                String here = place + ".ports[" + i + "]";
                String first = name.isEmpty() ? null : places.putIfAbsent(name, here);
                if (first != null) {
                    warning.accept(
                            here
                                    + ": duplicate port name "
                                    + Cause.quote(name)
                                    + " with "
                                    + first
                                    + ", services and probes that select ports by name will use "
                                    + first);
                }
            }
        });
    }
}
