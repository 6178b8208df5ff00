package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.lint.Autoscaler.Metric;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What an autoscaler says of itself, and who else changes the same thing. */
final class AutoscalerRules {
    /** Metrics are 15 s apart and a period is 15 s: within less than some of them, noise looks like a trend. */
    private static final int CALM_SECONDS = 60;

    private static final String REFERENCE =
            "https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/";

    private AutoscalerRules() {}

    static List<Rule> all() {
        return List.of(
                new Rule(
                        "missing-target",
                        Severity.ERROR,
                        "An autoscaler whose target does not exist",
                        "It can't read a scale (AbleToScale is False, FailedGetScale), and nothing is ever scaled.",
                        "Correct apiVersion, kind and name of spec.scaleTargetRef, and the namespace; a container that a metric names must be one of the pod.",
                        REFERENCE + "#how-does-a-horizontalpodautoscaler-work",
                        AutoscalerRules::missingTarget),
                new Rule(
                        "two-autoscalers",
                        Severity.ERROR,
                        "Two autoscalers on one target",
                        "Each puts back what the other wrote, every 15 s; newer versions refuse both (AmbiguousSelector) and scale nothing.",
                        "Make them one, with both metrics: it takes the highest proposal.",
                        REFERENCE + "#scaling-on-multiple-metrics",
                        AutoscalerRules::twoAutoscalers),
                new Rule(
                        "vpa-on-same-resource",
                        Severity.ERROR,
                        "A VerticalPodAutoscaler on the resource that is scaled by",
                        "It changes the request that utilization is measured by: each answers the other's change, and replicas and requests drift.",
                        "Set updateMode: \"Off\" (advice only), or leave the resource out of controlledResources, or scale by another metric.",
                        "https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md",
                        AutoscalerRules::verticalToo),
                new Rule(
                        "no-room-to-scale",
                        Severity.WARNING,
                        "maxReplicas 1, or no more than minReplicas",
                        "The number of pods can't change, whatever the load: the service ends at its limit (ScalingLimited, TooManyReplicas).",
                        "Raise maxReplicas above minReplicas, or remove the autoscaler.",
                        REFERENCE + "#algorithm-details",
                        AutoscalerRules::noRoom),
                new Rule(
                        "flapping-behavior",
                        Severity.WARNING,
                        "A behavior that removes pods at once",
                        "With a short stabilization window one quiet sample removes pods, and the next adds them again: each time connections break and new pods start cold.",
                        "Leave scaleDown.stabilizationWindowSeconds at 300, or at least at 60; or allow only one pod or 10 % a minute.",
                        REFERENCE + "#flapping",
                        AutoscalerRules::flapping),
                new Rule(
                        "replicas-beside-autoscaler",
                        Severity.WARNING,
                        "spec.replicas in a manifest whose workload is autoscaled",
                        "Every apply sets the number back, in the middle of load too; then the autoscaler has to scale up again.",
                        "Remove spec.replicas from the manifest.",
                        REFERENCE
                                + "#migrating-deployments-and-statefulsets-to-horizontal-autoscaling",
                        AutoscalerRules::replicas),
                new Rule(
                        "memory-target-on-jvm",
                        Severity.WARNING,
                        "A memory target on a Java program",
                        "A JVM keeps the heap it has grown to. Memory rises with load and hardly falls after it, so pods are added and never removed; more pods don't lower it either.",
                        "Scale by CPU or by requests in flight; size the memory by a fixed heap.",
                        "https://docs.oracle.com/en/java/javase/25/gctuning/factors-affecting-garbage-collection-performance.html",
                        AutoscalerRules::memoryOfJava));
    }

    private static void missingTarget(World world, Findings findings) {
        for (Autoscaler autoscaler : world.autoscalers()) {
            Manifest target =
                    world.target(autoscaler.object(), autoscaler.reference()).orElse(null);
            if (target == null) {
                String kind = autoscaler.reference().path("kind").asString("");
                if (world.knowsAll(kind)) {
                    findings.add(
                            autoscaler.object(),
                            "spec.scaleTargetRef.name",
                            "scales "
                                    + autoscaler.targetTitle()
                                    + " ("
                                    + autoscaler.reference().path("apiVersion").asString("v1")
                                    + "), which is not there"
                                    + others(world, autoscaler.object(), kind));
                }
                continue;
            }
            for (Metric metric : autoscaler.metrics()) {
                if (!metric.container().isEmpty()
                        && new Workload(target).containers().stream().noneMatch(metric::counts)) {
                    findings.add(
                            autoscaler.object(),
                            metric.key().replace(".target", ".container"),
                            "measures container "
                                    + metric.container()
                                    + ", which "
                                    + target.title()
                                    + " does not have");
                }
            }
        }
    }

    private static String others(World world, Manifest autoscaler, String kind) {
        List<String> names =
                world.beside(autoscaler)
                        .filter(o -> o.kind().equals(kind))
                        .map(o -> o.title() + " (" + o.apiVersion() + ")")
                        .toList();
        return names.isEmpty() ? "" : "; there is " + String.join(", ", names);
    }

    private static void twoAutoscalers(World world, Findings findings) {
        Map<String, Manifest> first = new HashMap<>();
        for (Autoscaler autoscaler : world.autoscalers()) {
            JsonNode reference = autoscaler.reference();
            String target =
                    autoscaler.object().namespace()
                            + " "
                            + World.group(reference.path("apiVersion").asString("v1"))
                            + " "
                            + autoscaler.targetTitle();
            Manifest other = first.putIfAbsent(target, autoscaler.object());
            if (other != null) {
                findings.add(
                        autoscaler.object(),
                        "spec.scaleTargetRef",
                        "scales "
                                + autoscaler.targetTitle()
                                + ", and so does "
                                + other.title()
                                + (other.line() > 0
                                        ? " at " + other.file() + ":" + other.line()
                                        : ""));
            }
        }
    }

    private static void verticalToo(World world, Findings findings) {
        for (Manifest vertical : world.kind("VerticalPodAutoscaler").toList()) {
            JsonNode spec = vertical.object().path("spec");
            Manifest target = world.target(vertical, spec.path("targetRef")).orElse(null);
            if (target == null
                    || spec.path("updatePolicy").path("updateMode").asString("").equals("Off")) {
                continue;
            }
            for (Autoscaler autoscaler : world.autoscalersOf(target)) {
                for (String resource : List.of("cpu", "memory")) {
                    boolean scaledBy =
                            autoscaler.metrics().stream()
                                    .anyMatch(m -> m.resource().equals(resource));
                    if (scaledBy && controls(spec, resource, new Workload(target))) {
                        findings.add(
                                vertical,
                                "spec.targetRef",
                                "changes the "
                                        + resource
                                        + " request of "
                                        + target.title()
                                        + ", which "
                                        + autoscaler.object().title()
                                        + " scales by "
                                        + resource);
                    }
                }
            }
        }
    }

    /** Whether it sets the request of any container: by default of all, both resources. */
    private static boolean controls(JsonNode spec, String resource, Workload workload) {
        JsonNode policies = spec.path("resourcePolicy").path("containerPolicies");
        return workload.containers().stream()
                .map(c -> policy(policies, c.name()))
                .filter(p -> !p.path("mode").asString("").equals("Off"))
                .map(p -> p.path("controlledResources"))
                .anyMatch(r ->
                        r.isMissingNode()
                                || r.valueStream().anyMatch(n -> n.asString("").equals(resource)));
    }

    private static JsonNode policy(JsonNode policies, String container) {
        return Stream.of(container, "*")
                .flatMap(name ->
                        policies.valueStream()
                                .filter(p -> p.path("containerName").asString("").equals(name)))
                .findFirst()
                .orElse(JsonNodeFactory.instance.missingNode());
    }

    private static void noRoom(World world, Findings findings) {
        for (Autoscaler autoscaler : world.autoscalers()) {
            if (autoscaler.maxReplicas() <= autoscaler.minReplicas()) {
                findings.add(
                        autoscaler.object(),
                        "spec.maxReplicas",
                        "may have "
                                + autoscaler.maxReplicas()
                                + " at most and has "
                                + autoscaler.minReplicas()
                                + " at least: it can scale nothing");
            }
        }
    }

    private static void flapping(World world, Findings findings) {
        for (Autoscaler autoscaler : world.autoscalers()) {
            JsonNode down = autoscaler.spec().path("behavior").path("scaleDown");
            int window = down.path("stabilizationWindowSeconds").asInt(300);
            if (window < CALM_SECONDS && !slow(down)) {
                findings.add(
                        autoscaler.object(),
                        "spec.behavior.scaleDown.stabilizationWindowSeconds",
                        "removes pods after " + window + " s of less load, as many as it likes");
            }
        }
    }

    /** At most one pod or a tenth of them a minute. */
    private static boolean slow(JsonNode down) {
        if (down.path("selectPolicy").asString("").equals("Disabled")) {
            return true;
        }
        JsonNode policies = down.path("policies");
        boolean least = down.path("selectPolicy").asString("").equals("Min");
        return !policies.isEmpty()
                && (least
                        ? policies.valueStream().anyMatch(AutoscalerRules::slowPolicy)
                        : policies.valueStream().allMatch(AutoscalerRules::slowPolicy));
    }

    private static boolean slowPolicy(JsonNode policy) {
        int most = policy.path("type").asString("").equals("Pods") ? 1 : 10;
        return policy.path("value").asInt(100) <= most
                && policy.path("periodSeconds").asInt(0) >= CALM_SECONDS;
    }

    private static void replicas(World world, Findings findings) {
        for (Workload workload : world.workloads().toList()) {
            Manifest object = workload.object();
            List<Autoscaler> autoscalers = world.autoscalersOf(object);
            JsonNode replicas = Applied.of(object).path("spec").path("replicas");
            if (!autoscalers.isEmpty() && replicas.isNumber()) {
                findings.add(
                        object,
                        "spec.replicas",
                        "its manifest says replicas: "
                                + replicas.asInt()
                                + ", and "
                                + autoscalers.getFirst().object().title()
                                + " scales it");
            }
        }
    }

    private static void memoryOfJava(World world, Findings findings) {
        for (Autoscaler autoscaler : world.autoscalers()) {
            Manifest target =
                    world.target(autoscaler.object(), autoscaler.reference()).orElse(null);
            for (Metric metric : autoscaler.metrics()) {
                if (target == null || !metric.resource().equals("memory")) {
                    continue;
                }
                Set<String> programs = Java.containers(new Workload(target), metric);
                if (!programs.isEmpty()) {
                    findings.add(
                            autoscaler.object(),
                            metric.key(),
                            "scales "
                                    + target.title()
                                    + " by memory, and it is a Java program: "
                                    + String.join(", ", programs));
                }
            }
        }
    }
}
