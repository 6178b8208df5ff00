package dev.headroom.lab.lint;

import dev.headroom.lab.deploy.Selectors;
import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.lint.Autoscaler.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the cluster around a workload allows: nodes, metrics, disruptions. */
final class ClusterRules {
    private ClusterRules() {}

    static List<Rule> all() {
        return List.of(
                new Rule(
                        "nodes-too-small",
                        Severity.WARNING,
                        "maxReplicas is more than the nodes can hold",
                        "The pods that don't fit stay Pending (FailedScheduling): the autoscaler counts them as scaled, and they serve nothing.",
                        "Lower maxReplicas or the requests, add nodes, or let a cluster autoscaler add them (then take its delay into account).",
                        "https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/",
                        ClusterRules::nodes),
                new Rule(
                        "metrics-api-missing",
                        Severity.ERROR,
                        "The metrics API that an autoscaler needs is not served",
                        "It has no metric to decide by (FailedGetResourceMetric), and keeps the number of pods whatever the load.",
                        "Install metrics-server, or the adapter for custom or external metrics, and see that kubectl get apiservices says Available.",
                        "https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#support-for-metrics-apis",
                        ClusterRules::metrics),
                new Rule(
                        "blocking-disruption-budget",
                        Severity.WARNING,
                        "A PodDisruptionBudget that never lets a pod go",
                        "A node can't be drained while it holds such a pod: upgrades and scale-down of nodes wait, or take the pod by force after an hour.",
                        "Set maxUnavailable: 1, or keep minAvailable below minReplicas; one budget for a pod, not two.",
                        "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
                        ClusterRules::budgets));
    }

    private static void nodes(World world, Findings findings) {
        List<Manifest> nodes = world.kind("Node").toList();
        if (nodes.isEmpty()) {
            return;
        }
        for (Autoscaler autoscaler : world.autoscalers()) {
            Manifest target =
                    world.target(autoscaler.object(), autoscaler.reference()).orElse(null);
            if (target == null) {
                continue;
            }
            Workload workload = new Workload(target);
            long room = Room.of(world, nodes, workload);
            if (room < autoscaler.maxReplicas()) {
                findings.add(
                        autoscaler.object(),
                        "spec.maxReplicas",
                        String.format(
                                "may have %d pods of %s (cpu %s, memory %s each), and the %s room for %d",
                                autoscaler.maxReplicas(),
                                target.title(),
                                Quantities.words("cpu", workload.needs("cpu")),
                                Quantities.words("memory", workload.needs("memory")),
                                nodes.size() == 1 ? "node has" : nodes.size() + " nodes have",
                                room));
            }
        }
    }

    private static void metrics(World world, Findings findings) {
        for (Autoscaler autoscaler : world.autoscalers()) {
            Map<String, Metric> wanted = new LinkedHashMap<>();
            for (Metric metric : autoscaler.metrics()) {
                wanted.putIfAbsent(group(metric), metric);
            }
            wanted.forEach((group, metric) -> {
                if (Objects.equals(world.serves(group), false)) {
                    findings.add(
                            autoscaler.object(),
                            metric.key().replaceFirst("(\\])\\..*", "$1"),
                            "takes "
                                    + metric.type()
                                    + " metrics from "
                                    + group
                                    + ", which the cluster does not serve");
                }
            });
        }
    }

    /** Which API has a metric of this type. */
    static String group(Metric metric) {
        return switch (metric.type()) {
            case "Resource", "ContainerResource" -> "metrics.k8s.io";
            case "External" -> "external.metrics.k8s.io";
            default -> "custom.metrics.k8s.io";
        };
    }

    private static void budgets(World world, Findings findings) {
        for (Workload workload : world.workloads().toList()) {
            List<Manifest> budgets =
                    world.beside(workload.object())
                            .filter(o -> o.kind().equals("PodDisruptionBudget"))
                            .filter(o ->
                                    Selectors.selector(
                                            o.object().path("spec").path("selector"),
                                            workload.labels()))
                            .toList();
            if (budgets.size() > 1) {
                findings.add(
                        budgets.get(1),
                        "spec.selector",
                        "selects pods of "
                                + workload.object().title()
                                + " as "
                                + budgets.getFirst().title()
                                + " does, and the eviction of a pod with two budgets is refused");
            }
            int least = leastReplicas(world, workload);
            for (Manifest budget : budgets) {
                String key = blocking(budget.object().path("spec"), least);
                if (key != null) {
                    findings.add(
                            budget,
                            "spec." + key,
                            key
                                    + ": "
                                    + budget.object().path("spec").path(key).asString("")
                                    + " lets none of "
                                    + (least == 1 ? "one pod" : least + " pods")
                                    + " of "
                                    + workload.object().title()
                                    + " go");
                }
            }
        }
    }

    private static int leastReplicas(World world, Workload workload) {
        return world.autoscalersOf(workload.object()).stream()
                .mapToInt(Autoscaler::minReplicas)
                .min()
                .orElseGet(() -> workload.object().object().path("spec").path("replicas").asInt(1));
    }

    /** The key that lets nobody go with so many pods; both kinds of percentage are rounded up. */
    private static @Nullable String blocking(JsonNode spec, int replicas) {
        if (replicas == 0) {
            return null;
        }
        if (spec.has("maxUnavailable")) {
            return scaled(spec.path("maxUnavailable"), replicas) == 0 ? "maxUnavailable" : null;
        }
        return spec.has("minAvailable") && scaled(spec.path("minAvailable"), replicas) >= replicas
                ? "minAvailable"
                : null;
    }

    private static long scaled(JsonNode intOrPercent, int of) {
        String text = intOrPercent.asString("");
        try {
            return text.endsWith("%")
                    ? (long)
                            Math.ceil(
                                    Double.parseDouble(text.substring(0, text.length() - 1))
                                            * of
                                            / 100)
                    : Long.parseLong(text);
        } catch (NumberFormatException none) {
            // Refused by the API server: nothing that can block.
            return 1;
        }
    }
}
