package dev.headroom.autoscaler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with an autoscaler's spec, after defaulting (section 2), in Kubernetes' order and words; trees are JSON as maps, lists,
 * strings and numbers.
 */
public final class Validation {
    private static final int LONGEST_PERIOD = 1_800;
    private static final int LONGEST_WINDOW = 3_600;
    private static final List<String> TARGETS = List.of("Utilization", "Value", "AverageValue");

    /** Metric types and the fields of their sources, in the order in which they are looked at. */
    private static final List<Map.Entry<String, String>> SOURCES =
            List.of(
                    Map.entry("Object", "object"),
                    Map.entry("External", "external"),
                    Map.entry("Pods", "pods"),
                    Map.entry("Resource", "resource"),
                    Map.entry("ContainerResource", "containerResource"));

    private final List<Problem> problems = new ArrayList<>();

    private Validation() {}

    /**
     * The problems, the first first; empty where there are none.
     *
     * @param stored the spec before an update; null for a new object
     * @param scaleToZero gate HPAScaleToZero: whether {@code minReplicas: 0} may be asked for
     */
    public static List<Problem> spec(
            Map<String, ?> spec, @Nullable Map<String, ?> stored, boolean scaleToZero) {
        Validation validation = new Validation();
        boolean zero =
                scaleToZero || (stored != null && Tree.integer(stored, 1, "minReplicas") == 0);
        validation.run(spec, zero ? 0 : 1);
        return List.copyOf(validation.problems);
    }

    private void run(Map<String, ?> spec, int least) {
        long min = Tree.integer(spec, 1, "minReplicas");
        long max = Tree.integer(spec, 0, "maxReplicas");
        if (min < least) {
            invalid("spec.minReplicas", min, "must be greater than or equal to " + least);
        }
        if (max < 1) {
            invalid("spec.maxReplicas", max, "must be greater than 0");
        }
        if (max < min) {
            invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
        }
        reference(Tree.at(spec, "scaleTargetRef"), "spec.scaleTargetRef");
        boolean measured = false;
        List<?> metrics = Tree.list(spec, "metrics");
        for (int i = 0; i < metrics.size(); i++) {
            metric(metrics.get(i), "spec.metrics[" + i + "]");
            String type = Tree.text(metrics.get(i), "type");
            measured |= type.equals("Object") || type.equals("External");
        }
        if (min == 0 && !measured) {
            problems.add(
                    Problem.forbidden(
                            "spec.metrics",
                            "must specify at least one Object or External metric to support scaling to zero replicas"));
        }
        behavior(Tree.at(spec, "behavior", "scaleUp"), "spec.behavior.scaleUp");
        behavior(Tree.at(spec, "behavior", "scaleDown"), "spec.behavior.scaleDown");
    }

    private void invalid(String field, @Nullable Object value, String detail) {
        problems.add(Problem.invalid(field, value, detail));
    }

    private void reference(@Nullable Object reference, String at) {
        segment(Tree.text(reference, "kind"), at + ".kind", "");
        segment(Tree.text(reference, "name"), at + ".name", "");
    }

    /** A segment of a URL's path. */
    private void segment(String value, String at, String whyRequired) {
        if (value.isEmpty()) {
            problems.add(Problem.required(at, whyRequired));
        } else if (value.equals(".") || value.equals("..")) {
            invalid(at, value, "may not be '" + value + "'");
        } else {
            for (String character : List.of("/", "%")) {
                if (value.contains(character)) {
                    invalid(at, value, "may not contain '" + character + "'");
                }
            }
        }
    }

    private void metric(@Nullable Object metric, String at) {
        String type = Tree.text(metric, "type");
        if (type.isEmpty()) {
            problems.add(Problem.required(at + ".type", "must specify a metric source type"));
        }
        boolean known = SOURCES.stream().anyMatch(source -> source.getKey().equals(type));
        if (!known) {
            unsupportedType(type, at);
        }
        TreeSet<String> present = new TreeSet<>();
        String expected = "";
        for (var source : SOURCES) {
            if (Tree.has(metric, source.getValue())) {
                present.add(source.getValue());
                if (present.size() == 1) {
                    Object found = Tree.at(metric, source.getValue());
                    source(source.getKey(), found, at + "." + source.getValue());
                }
            }
            if (source.getKey().equals(type)) {
                expected = source.getValue();
            }
        }
        if (expected.isEmpty()) {
            unsupportedType(type, at); // said before and after the sources
        } else if (!present.contains(expected)) {
            problems.add(
                    Problem.required(
                            at + "." + expected,
                            "must populate information for the given metric source"));
        }
        if (present.size() != 1) {
            present.remove(expected);
            for (String other : present) {
                problems.add(
                        Problem.forbidden(
                                at + "." + other, "must populate the given metric source only"));
            }
        }
    }

    private void unsupportedType(String type, String at) {
        problems.add(
                Problem.unsupported(
                        at + ".type", type, SOURCES.stream().map(Map.Entry::getKey).toList()));
    }

    private void source(String type, @Nullable Object source, String at) {
        Object target = Tree.at(source, "target");
        switch (type) {
            case "Resource", "ContainerResource" -> resource(type, source, target, at);
            case "Pods" -> {
                identifier(source, at);
                target(target, at + ".target");
                if (!Tree.has(target, "averageValue")) {
                    problems.add(
                            Problem.required(
                                    at + ".target.averageValue",
                                    "must specify a positive target averageValue"));
                }
            }
            case "Object" -> {
                reference(Tree.at(source, "describedObject"), at + ".describedObject");
                identifier(source, at);
                target(target, at + ".target");
                if (!Tree.has(target, "value") && !Tree.has(target, "averageValue")) {
                    problems.add(
                            Problem.required(
                                    at + ".target.averageValue",
                                    "must set either a target value or averageValue"));
                }
            }
            default -> {
                identifier(source, at);
                target(target, at + ".target");
                boolean value = Tree.has(target, "value");
                boolean average = Tree.has(target, "averageValue");
                if (!value && !average) {
                    problems.add(
                            Problem.required(
                                    at + ".target.averageValue",
                                    "must set either a target value for metric or a per-pod target"));
                }
                if (value && average) {
                    problems.add(
                            Problem.forbidden(
                                    at + ".target.value",
                                    "may not set both a target value for metric and a per-pod target"));
                }
            }
        }
    }

    private void resource(
            String type, @Nullable Object source, @Nullable Object target, String at) {
        String name = Tree.text(source, "name");
        boolean ofContainer = type.equals("ContainerResource");
        if (name.isEmpty()) {
            problems.add(Problem.required(at + ".name", "must specify a resource name"));
        } else if (ofContainer) {
            Names.ofContainerResource(name)
                    .forEach(problem -> invalid(at + ".name", name, problem));
        }
        String container = Tree.text(source, "container");
        if (ofContainer && container.isEmpty()) {
            problems.add(Problem.required(at + ".container", "must specify a container"));
        } else if (ofContainer) {
            Names.ofContainer(container)
                    .forEach(problem -> invalid(at + ".container", container, problem));
        }
        target(target, at + ".target");
        boolean utilization = Tree.has(target, "averageUtilization");
        boolean average = Tree.has(target, "averageValue");
        if (!utilization && !average) {
            problems.add(
                    Problem.required(
                            at + ".target.averageUtilization",
                            "must set either a target raw value or a target utilization"));
        }
        if (utilization && average) {
            problems.add(
                    Problem.forbidden(
                            at + ".target.averageValue",
                            "may not set both a target raw value and a target utilization"));
        }
    }

    private void identifier(@Nullable Object source, String at) {
        segment(
                Tree.text(source, "metric", "name"),
                at + ".metric.name",
                "must specify a metric name");
    }

    private void target(@Nullable Object target, String at) {
        String type = Tree.text(target, "type");
        if (type.isEmpty()) {
            problems.add(Problem.required(at + ".type", "must specify a metric target type"));
        }
        if (!TARGETS.contains(type)) {
            invalid(at + ".type", type, "must be either Utilization, Value, or AverageValue");
        }
        for (String field : List.of("value", "averageValue")) {
            Object amount = Tree.at(target, field);
            if (amount != null && Quantity.sign(amount.toString()) <= 0) {
                invalid(at + "." + field, amount, "must be positive");
            }
        }
        if (Tree.integer(target, 1, "averageUtilization") < 1) {
            Object found = Tree.at(target, "averageUtilization");
            invalid(at + ".averageUtilization", found, "must be greater than 0");
        }
    }

    private void behavior(@Nullable Object rules, String at) {
        if (rules == null) {
            return;
        }
        long window = Tree.integer(rules, 0, "stabilizationWindowSeconds");
        if (window < 0) {
            invalid(
                    at + ".stabilizationWindowSeconds",
                    window,
                    "must be greater than or equal to zero");
        }
        if (window > LONGEST_WINDOW) {
            invalid(
                    at + ".stabilizationWindowSeconds",
                    window,
                    "must be less than or equal to " + LONGEST_WINDOW);
        }
        choice(rules, "selectPolicy", at, List.of("Disabled", "Max", "Min"));
        List<?> policies = Tree.list(rules, "policies");
        if (policies.isEmpty()) {
            problems.add(Problem.required(at + ".policies", "must specify at least one Policy"));
        }
        for (int i = 0; i < policies.size(); i++) {
            policy(policies.get(i), at + ".policies[" + i + "]");
        }
        Object tolerance = Tree.at(rules, "tolerance");
        if (tolerance != null && Quantity.sign(tolerance.toString()) < 0) {
            invalid(at + ".tolerance", tolerance, "must be greater than or equal to 0");
        }
    }

    private void choice(@Nullable Object tree, String field, String at, List<String> supported) {
        Object found = Tree.at(tree, field);
        if (found != null && !supported.contains(found.toString())) {
            problems.add(Problem.unsupported(at + "." + field, found, supported));
        }
    }

    private void policy(@Nullable Object policy, String at) {
        if (!Tree.has(policy, "type")) {
            problems.add(Problem.unsupported(at + ".type", "", List.of("Percent", "Pods")));
        }
        choice(policy, "type", at, List.of("Percent", "Pods"));
        for (String field : List.of("value", "periodSeconds")) {
            long found = Tree.integer(policy, 0, field);
            if (found <= 0) {
                invalid(at + "." + field, found, "must be greater than zero");
            }
        }
        long period = Tree.integer(policy, 0, "periodSeconds");
        if (period > LONGEST_PERIOD) {
            invalid(
                    at + ".periodSeconds",
                    period,
                    "must be less than or equal to " + LONGEST_PERIOD);
        }
    }
}
