package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Quantities;
import dev.headroom.cluster.informer.Trees;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a container may be told of its own pod: fields ({@code fieldRef}) and resources ({@code resourceFieldRef}), as variables or in files. */
final class Downward {
    private static final Pattern KEYED =
            Pattern.compile("metadata\\.(labels|annotations)\\['(.*)'\\]");

    private Downward() {}

    static String field(String path, JsonNode pod, String podIp, String hostIp) {
        Matcher keyed = KEYED.matcher(path);
        if (keyed.matches()) {
            return Trees.text(pod, "metadata", keyed.group(1), keyed.group(2));
        }
        return switch (path) {
            case "status.podIP", "status.podIPs" -> podIp;
            case "status.hostIP", "status.hostIPs" -> hostIp;
            case "spec.serviceAccountName" ->
                    Trees.at(pod, "spec", "serviceAccountName").asString("default");
            case "metadata.labels", "metadata.annotations" ->
                    lines(Trees.at(pod, path.split("\\.")));
            default -> Trees.text(pod, path.split("\\."));
        };
    }

    /** A map in a file of a volume: {@code key="value"}, a line each, by key. */
    private static String lines(JsonNode map) {
        TreeMap<String, String> sorted = new TreeMap<>();
        map.properties()
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue().asString("")));
        return sorted.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static String quoted(String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\r", "\\r")
                + "\"";
    }

    /**
     * An amount of a container, rounded up to whole multiples of the divisor.
     *
     * @param otherwise the container that is meant where none is named
     * @param size what a limit is that the container does not have: all that the node has
     */
    static String resource(
            JsonNode reference, JsonNode pod, JsonNode otherwise, NodeContext.Size size) {
        String[] path = Trees.text(reference, "resource").split("\\.", 2);
        String name = Trees.text(reference, "containerName");
        JsonNode owner =
                pod.path("spec")
                        .path("containers")
                        .valueStream()
                        .filter(c -> Trees.text(c, "name").equals(name))
                        .findFirst()
                        .orElse(otherwise);
        JsonNode amount = owner.path("resources").path(path[0]).path(path[path.length - 1]);
        BigDecimal value =
                amount.isMissingNode() && path[0].equals("limits")
                        ? size.allocatable(path[path.length - 1])
                        : Quantities.parse(amount.asString("0"));
        BigDecimal divisor = Quantities.parse(Trees.text(reference, "divisor"));
        if (divisor.signum() == 0) {
            divisor = BigDecimal.ONE;
        }
        return value.divide(divisor, 0, RoundingMode.CEILING).toPlainString();
    }
}
