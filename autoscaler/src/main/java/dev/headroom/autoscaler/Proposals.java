package dev.headroom.autoscaler;

import dev.headroom.autoscaler.Calculator.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All metrics of an autoscaler, each asked for its proposal; the largest counts (section 5). */
final class Proposals {
    private final Pass.Input input;
    private final Autoscaler hpa;
    private final Map<String, Pass.MetricResult> results;
    private final List<Pass.Event> events;
    private final Calculator calculator;

    Proposals(Pass.Input input, Map<String, Pass.MetricResult> results, List<Pass.Event> events) {
        this.input = input;
        this.hpa = input.autoscaler();
        this.results = results;
        this.events = events;
        Settings settings = input.settings();
        Behavior behavior = settings.configurableTolerance() ? hpa.behavior() : null;
        Double down = behavior == null ? null : behavior.scaleDown().tolerance();
        Double up = behavior == null ? null : behavior.scaleUp().tolerance();
        this.calculator =
                new Calculator(
                        settings,
                        down == null ? settings.tolerance() : down,
                        up == null ? settings.tolerance() : up,
                        input.now());
    }

    /**
     * What the metrics say together.
     *
     * @param metric the name of the one that counts
     * @param condition ScalingActive; null where nothing was computed
     * @param gaveUp nothing may be done
     * @param error null where no metric failed
     * @param errorLabel none, internal or spec
     */
    record Result(
            int replicas,
            String metric,
            List<MetricStatus> statuses,
            @Nullable Condition condition,
            boolean gaveUp,
            @Nullable String error,
            String errorLabel) {}

    /** One metric's proposal, with the name it counts under. */
    private record Named(Proposal proposal, String name, MetricStatus status) {}

    /** Why a metric failed: the event's reason and the text of its error. */
    private record Failure(String reason, String text, String error, boolean inSpec) {}

    Result compute(int current) {
        List<Pod> pods;
        try {
            pods = SelectedPods.of(input);
        } catch (SelectedPods.Problem e) {
            events.add(new Pass.Event(true, e.event(), e.text()));
            Condition condition =
                    new Condition("ScalingActive", "False", e.reason(), e.condition(), 0);
            return new Result(-1, "", List.of(), condition, true, e.text(), "internal");
        }
        int best = 0;
        String metric = "";
        int failed = 0;
        Failure first = null;
        List<MetricStatus> statuses = new ArrayList<>();
        for (MetricSpec spec : hpa.metrics()) {
            try {
                Named named = propose(spec, current, pods);
                int proposal = named.proposal().replicas();
                if (best == 0 || proposal > best) {
                    best = proposal;
                    metric = named.name();
                }
                statuses.add(named.status());
                note(spec.type(), proposal, "none");
            } catch (MetricException e) {
                Failure failure = failure(spec, e);
                events.add(new Pass.Event(true, failure.reason(), failure.text()));
                first = first == null ? failure : first;
                failed++;
                statuses.add(MetricStatus.FAILED);
                note(
                        spec.type(),
                        hpa.status().currentReplicas(),
                        failure.inSpec() ? "spec" : "internal");
            }
        }
        int count = hpa.metrics().size();
        String error =
                first == null
                        ? null
                        : "invalid metrics ("
                                + failed
                                + " invalid out of "
                                + count
                                + "), first error is: "
                                + first.error();
        String label = first == null ? "none" : first.inSpec() ? "spec" : "internal";
        if (first != null && (failed == count || best < current)) {
            String text = "the HPA was unable to compute the replica count: " + first.text();
            return new Result(
                    -1,
                    "",
                    statuses,
                    new Condition("ScalingActive", "False", first.reason(), text, 0),
                    true,
                    error,
                    label);
        }
        Condition valid =
                new Condition(
                        "ScalingActive",
                        "True",
                        "ValidMetricFound",
                        "the HPA was able to successfully calculate a replica count from " + metric,
                        0);
        return new Result(best, metric, statuses, valid, false, error, label);
    }

    private void note(String type, int proposal, String error) {
        int before = hpa.status().currentReplicas();
        String action = proposal > before ? "scale_up" : proposal < before ? "scale_down" : "none";
        results.put(type, new Pass.MetricResult(action, error));
    }

    private Named propose(MetricSpec spec, int current, List<Pod> pods) throws MetricException {
        return switch (spec) {
            case MetricSpec.Resource m -> resource(spec, m.name(), "", m.target(), current, pods);
            case MetricSpec.ContainerResource m ->
                    resource(spec, m.name(), m.container(), m.target(), current, pods);
            case MetricSpec.Pods m -> {
                Proposal p =
                        calculator.podsAverage(
                                current,
                                averageOf(m.target()),
                                m.metric(),
                                pods,
                                input.metrics().pods(m.metric()));
                yield new Named(
                        p,
                        "pods metric " + m.metric(),
                        new MetricStatus(spec, null, p.usage(), null));
            }
            case MetricSpec.ObjectMetric m -> object(m, current, pods);
            case MetricSpec.External m -> external(m, current, pods);
            case MetricSpec.Unknown m ->
                    throw new MetricException("unknown metric source type \"" + m.type() + "\"");
        };
    }

    private static long averageOf(MetricSpec.Target target) {
        return java.util.Objects.requireNonNull(target.averageValue());
    }

    private Named resource(
            MetricSpec spec,
            String name,
            String container,
            MetricSpec.Target target,
            int current,
            List<Pod> pods)
            throws MetricException {
        Metrics.PodUsages usages = input.metrics().resource();
        if (target.averageValue() != null) {
            try {
                Proposal p =
                        calculator.resourceAverage(
                                current, target.averageValue(), name, container, pods, usages);
                return new Named(
                        p, name + " resource", new MetricStatus(spec, null, p.usage(), null));
            } catch (MetricException e) {
                throw new MetricException("failed to get " + name + " usage: " + e.text());
            }
        }
        if (target.averageUtilization() == null) {
            throw new MetricException(
                    "invalid resource metric source: neither an average utilization target nor an average value (usage) target was set");
        }
        try {
            Proposal p =
                    calculator.utilization(
                            current, target.averageUtilization(), name, container, pods, usages);
            String what = container.isEmpty() ? " resource" : " container resource";
            return new Named(
                    p,
                    name + what + " utilization (percentage of request)",
                    new MetricStatus(spec, p.utilization(), p.usage(), null));
        } catch (MetricException e) {
            throw new MetricException("failed to get " + name + " utilization: " + e.text());
        }
    }

    private Named object(MetricSpec.ObjectMetric m, int current, List<Pod> pods)
            throws MetricException {
        Long whole = m.target().value();
        if (m.target().type().equals("Value") && whole != null) {
            Proposal p = calculator.whole(current, whole, asked(m, ""), pods);
            return new Named(
                    p,
                    m.kind() + " metric " + m.metric(),
                    new MetricStatus(m, null, null, p.usage()));
        }
        Long average = m.target().averageValue();
        if (m.target().type().equals("AverageValue") && average != null) {
            long value = asked(m, "failed to get " + m.metric() + " object metric: ");
            int base = input.scale().statusReplicas();
            Proposal p = calculator.perReplica(base, average, value, false);
            return new Named(
                    p,
                    "external metric " + m.metric() + "(" + text(m.selector()) + ")",
                    new MetricStatus(m, null, base == 0 ? Long.MIN_VALUE : p.usage(), null));
        }
        throw new MetricException(
                "invalid object metric source: neither a value target nor an average value target was set");
    }

    private long asked(MetricSpec.ObjectMetric m, String place) throws MetricException {
        Metrics.Value value = input.metrics().object(m.metric(), m.kind(), m.name());
        if (value.error() != null) {
            throw new MetricException(
                    "unable to get metric "
                            + m.metric()
                            + " on "
                            + m.kind()
                            + " "
                            + hpa.namespace()
                            + "/"
                            + m.name()
                            + ": unable to fetch metrics from custom metrics API: "
                            + value.error(),
                    place);
        }
        return value.value();
    }

    private Named external(MetricSpec.External m, int current, List<Pod> pods)
            throws MetricException {
        String name = "external metric " + m.metric() + "(" + text(m.selector()) + ")";
        Long average = m.target().averageValue();
        Long whole = m.target().value();
        if (average != null) {
            long value = asked(m, true, "failed to get " + m.metric() + " external metric: ");
            int base = input.scale().statusReplicas();
            Proposal p = calculator.perReplica(base, average, value, true);
            // Kubernetes 1.37.2 divides by zero pods, here and for objects, and reports an infinity
            // as Go converts it; its development
            // line reports 0.
            long infinite = value == Long.MAX_VALUE ? Long.MAX_VALUE : Long.MIN_VALUE;
            long usage = base == 0 ? infinite : p.usage();
            return new Named(p, name, new MetricStatus(m, null, usage, null));
        }
        if (whole != null) {
            String place = "failed to get external metric " + m.metric() + ": ";
            long value = asked(m, false, place);
            try {
                Proposal p = calculator.whole(current, whole, value, pods);
                return new Named(p, name, new MetricStatus(m, null, null, p.usage()));
            } catch (MetricException e) {
                throw new MetricException(e.text(), place);
            }
        }
        throw new MetricException(
                "invalid external metric source: neither a value target nor an average value target was set");
    }

    private long asked(MetricSpec.External m, boolean perPod, String place) throws MetricException {
        try {
            Metrics.Series series = input.metrics().external(m.metric());
            String error =
                    series.error() == null
                            ? null
                            : "unable to fetch metrics from external metrics API: "
                                    + series.error();
            return Calculator.external(new Metrics.Series(error, series.values()), perPod);
        } catch (MetricException e) {
            throw new MetricException(
                    "unable to get external metric "
                            + hpa.namespace()
                            + "/"
                            + m.metric()
                            + "/"
                            + text(m.selector())
                            + ": "
                            + e.text(),
                    place);
        }
    }

    /** A label selector as Go prints it. */
    static String text(@Nullable Map<String, String> labels) {
        if (labels == null) {
            return "nil";
        }
        StringBuilder pairs = new StringBuilder();
        labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry ->
                        pairs.append(entry.getKey())
                                .append(": ")
                                .append(entry.getValue())
                                .append(','));
        return "&LabelSelector{MatchLabels:map[string]string{"
                + pairs
                + "},MatchExpressions:[]LabelSelectorRequirement{},}";
    }

    /** An event and its condition say why; the error of the pass says where as well. */
    private static Failure failure(MetricSpec spec, MetricException e) {
        String event = spec.failure();
        if (spec instanceof MetricSpec.Unknown) {
            return new Failure(event, e.text(), e.text(), true);
        }
        String what =
                switch (spec) {
                    case MetricSpec.Resource m -> m.name() + " resource metric";
                    case MetricSpec.ContainerResource m -> m.container() + " container metric";
                    case MetricSpec.Pods m -> "pods metric";
                    case MetricSpec.ObjectMetric m -> "object metric";
                    case MetricSpec.External m -> m.metric() + " external metric";
                    case MetricSpec.Unknown m -> m.type();
                };
        String error = "failed to get " + what + " value: " + e.place() + e.text();
        return new Failure(event, e.text(), error, false);
    }
}
