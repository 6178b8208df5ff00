package dev.headroom.lab.lint;

import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.lint.Autoscaler.Metric;
import dev.headroom.lab.lint.Workload.Container;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What pods ask for and may use, held against what the autoscaler aims at. */
final class RequestRules {
    /** Of {@code --horizontal-pod-autoscaler-tolerance}: a ratio up to 1.1 changes nothing. */
    private static final double TOLERANCE = 0.1;

    private static final String UTILIZATION =
            "https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#algorithm-details";

    private RequestRules() {}

    static List<Rule> all() {
        return List.of(
                new Rule(
                        "missing-request",
                        Severity.ERROR,
                        "A container without the request that utilization is measured by",
                        "Utilization is usage divided by request. Without the request the metric is invalid (FailedGetResourceMetric), and the autoscaler does nothing at any load.",
                        "Give the container resources.requests for the resource; a limit alone counts as the request, and so does a LimitRange's default.",
                        UTILIZATION,
                        (world, findings) -> missing(world, findings, true)),
                new Rule(
                        "sidecar-without-request",
                        Severity.ERROR,
                        "A sidecar without the request that utilization is measured by",
                        "A pod's utilization is the sum over all its containers. One without a request, injected or native sidecars too, makes the metric invalid for the whole pod.",
                        "Give the sidecar a request, or aim at the main container alone with a ContainerResource metric.",
                        "https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#container-resource-metrics",
                        (world, findings) -> missing(world, findings, false)),
                new Rule(
                        "unreachable-target",
                        Severity.ERROR,
                        "A target above what the limit lets a pod use",
                        "A pod can't use more than its limit. With limit / request at or below the target and its tolerance of 10 %, no load ever makes the autoscaler add a pod; the pods are throttled instead.",
                        "Lower the target, raise the limit, or lower the request, until limit / request is well above the target.",
                        UTILIZATION,
                        RequestRules::unreachable));
    }

    private static void missing(World world, Findings findings, boolean main) {
        for (Autoscaler autoscaler : world.autoscalers()) {
            Manifest target =
                    world.target(autoscaler.object(), autoscaler.reference()).orElse(null);
            if (target == null) {
                continue;
            }
            Workload workload = new Workload(target);
            for (String resource : resources(autoscaler)) {
                if (!workload.podSpec()
                        .path("resources")
                        .path("requests")
                        .path(resource)
                        .isMissingNode()) {
                    continue;
                }
                for (Container container : workload.containers()) {
                    boolean isMain =
                            Objects.equals(container, workload.main())
                                    || named(autoscaler, resource, container);
                    if (isMain == main
                            && counted(autoscaler, resource, container)
                            && container.request(resource) == null
                            && world.defaultRequest(target, resource) == null) {
                        findings.add(
                                target,
                                container.key() + ".resources",
                                "container "
                                        + container.name()
                                        + " has no "
                                        + resource
                                        + " request, and "
                                        + autoscaler.object().title()
                                        + " aims at "
                                        + resource
                                        + " utilization");
                    }
                }
            }
        }
    }

    private static TreeSet<String> resources(Autoscaler autoscaler) {
        TreeSet<String> names = new TreeSet<>();
        autoscaler.metrics().stream()
                .filter(Metric::ofRequest)
                .map(Metric::resource)
                .filter(r -> !r.isEmpty())
                .forEach(names::add);
        return names;
    }

    private static boolean counted(Autoscaler autoscaler, String resource, Container container) {
        return autoscaler.metrics().stream()
                .anyMatch(
                        m -> m.ofRequest() && m.resource().equals(resource) && m.counts(container));
    }

    private static boolean named(Autoscaler autoscaler, String resource, Container container) {
        return autoscaler.metrics().stream()
                .anyMatch(m ->
                        m.resource().equals(resource) && m.container().equals(container.name()));
    }

    private static void unreachable(World world, Findings findings) {
        for (Autoscaler autoscaler : world.autoscalers()) {
            Manifest target =
                    world.target(autoscaler.object(), autoscaler.reference()).orElse(null);
            if (target == null) {
                continue;
            }
            for (Metric metric : autoscaler.metrics()) {
                String words = unreachable(autoscaler, metric, new Workload(target));
                if (words != null) {
                    String value = metric.ofRequest() ? "averageUtilization" : "averageValue";
                    findings.add(autoscaler.object(), metric.key() + "." + value, words);
                }
            }
        }
    }

    private static @Nullable String unreachable(
            Autoscaler autoscaler, Metric metric, Workload workload) {
        if (metric.resource().isEmpty()) {
            return null;
        }
        Double limit = amount(workload, metric, true);
        double most = 1 + tolerance(autoscaler);
        if (limit == null) {
            return null;
        }
        if (metric.ofRequest()) {
            Double request = amount(workload, metric, false);
            int aim = metric.target().path("averageUtilization").asInt();
            double reach =
                    request == null || request == 0 ? Double.MAX_VALUE : limit / request * 100;
            return reach > aim * most
                    ? null
                    : String.format(
                            Locale.ROOT,
                            "aims at %d %% of the %s request, and the limit of %s lets a pod use %.0f %%: more is asked for only above %.0f %%",
                            aim,
                            metric.resource(),
                            workload.object().title(),
                            reach,
                            aim * most);
        }
        Double aim = Quantities.number(metric.target().path("averageValue"));
        return aim == null || limit > aim * most
                ? null
                : String.format(
                        Locale.ROOT,
                        "aims at %s of %s a pod, and the limit of %s lets it use %s",
                        metric.target().path("averageValue").asString(),
                        metric.resource(),
                        workload.object().title(),
                        Quantities.words(metric.resource(), limit));
    }

    private static @Nullable Double amount(Workload workload, Metric metric, boolean limit) {
        if (metric.container().isEmpty()) {
            return limit ? workload.limit(metric.resource()) : workload.request(metric.resource());
        }
        return workload.containers().stream()
                .filter(metric::counts)
                .findFirst()
                .map(c -> limit ? c.limit(metric.resource()) : c.request(metric.resource()))
                .orElse(null);
    }

    private static double tolerance(Autoscaler autoscaler) {
        Double own =
                Quantities.number(
                        autoscaler.spec().path("behavior").path("scaleUp").path("tolerance"));
        return own == null ? TOLERANCE : own;
    }
}
