package dev.headroom.cluster.controller;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which controllers run, as kube-controller-manager's {@code --controllers} says it: {@code *} is all, {@code NAME} that one, {@code -NAME}
 * all the others; what is said first of a controller counts, and where nothing is said of it, it runs if there is a {@code *}.
 *
 * @param said the list, each name in its present form
 */
public record ControllerSelection(List<String> said) {
    public static final ControllerSelection ALL = new ControllerSelection(List.of("*"));

    /** A controller under kube-controller-manager's name for it, and the name it had before 1.28. */
    enum Name {
        NAMESPACE("namespace-controller", "namespace"),
        NODE_LIFECYCLE("node-lifecycle-controller", "nodelifecycle"),
        REPLICA_SET("replicaset-controller", "replicaset"),
        DEPLOYMENT("deployment-controller", "deployment"),
        ENDPOINTS("endpoints-controller", "endpoint"),
        ENDPOINT_SLICE("endpointslice-controller", "endpointslice"),
        HORIZONTAL_POD_AUTOSCALER(
                "horizontal-pod-autoscaler-controller", "horizontalpodautoscaling"),
        GARBAGE_COLLECTOR("garbage-collector-controller", "garbagecollector");

        private final String now;
        private final String before;

        Name(String now, String before) {
            this.now = now;
            this.before = before;
        }

        private boolean answersTo(String name) {
            return name.equals(now) || name.equals(before);
        }
    }

    public ControllerSelection {
        said = List.copyOf(said);
    }

    /**
     * Reads the list.
     *
     * @param list separated by commas
     * @throws IllegalArgumentException where there is no controller of a name
     */
    public static ControllerSelection parse(String list) {
        List<String> said = new ArrayList<>();
        for (String one : list.split(",", -1)) {
            String name = one.strip();
            said.add(name.equals("*") ? name : current(name));
        }
        return new ControllerSelection(said);
    }

    private static String current(String one) {
        boolean without = one.startsWith("-");
        String name = without ? one.substring(1) : one;
        return Arrays.stream(Name.values())
                .filter(known -> known.answersTo(name))
                .map(known -> (without ? "-" : "") + known.now)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "\""
                                        + name
                                        + "\" is not in the list of known controllers: "
                                        + names().collect(Collectors.joining(", "))));
    }

    /** What every controller here is called. */
    public static Stream<String> names() {
        return Arrays.stream(Name.values()).map(known -> known.now);
    }

    boolean runs(Name name) {
        for (String one : said) {
            if (one.equals(name.now)) {
                return true;
            }
            if (one.equals("-" + name.now)) {
                return false;
            }
        }
        return said.contains("*");
    }
}
