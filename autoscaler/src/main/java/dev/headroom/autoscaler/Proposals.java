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
            pods = selected();
        } catch (SelectorException e) {
            events.add(new Pass.Event(true, e.event, e.text()));
            Condition condition = new Condition("ScalingActive", "False", e.reason, e.text(), 0);
            if (e.event.equals("SelectorRequired")) {
                condition =
                        new Condition(
                                "ScalingActive",
                                "False",
                                "InvalidSelector",
                                "the HPA target's scale is missing a selector",
                                0);
            }
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

    private static final class SelectorException extends Exception {
        private static final long serialVersionUID = 1;
        final String event;
        final String reason;

        SelectorException(String event, String reason, String text) {
            super(text);
            this.event = event;
            this.reason = reason;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    private List<Pod> selected() throws SelectorException {
        String text = input.scale().selector();
        if (text.isEmpty()) {
            throw new SelectorException(
                    "SelectorRequired", "InvalidSelector", "selector is required");
        }
        List<Pod> pods;
        try {
            Selector selector = Selector.parse(text);
            pods = input.pods().stream().filter(pod -> selector.matches(pod.labels())).toList();
        } catch (MetricException e) {
            throw new SelectorException(
                    "InvalidSelector",
                    "InvalidSelector",
                    "couldn't convert selector into a corresponding internal selector object: "
                            + e.text());
        }
        List<String> rivals = new ArrayList<>();
        for (Pass.Other other : input.others()) {
            try {
                Selector theirs = Selector.parse(other.selector());
                if (!other.name().equals(hpa.name())
                        && pods.stream().anyMatch(pod -> theirs.matches(pod.labels()))) {
                    rivals.add(hpa.namespace() + "/" + other.name());
                }
            } catch (MetricException unreadable) {
                // It selects nothing.
            }
        }
        if (!rivals.isEmpty()) {
            rivals.add(hpa.namespace() + "/" + hpa.name());
            rivals.sort(null);
            throw new SelectorException(
                    "AmbiguousSelector",
                    "AmbiguousSelector",
                    "pods by selector "
                            + text
                            + " are controlled by more than one HPA (e.g. ["
                            + String.join(" ", rivals)
                            + "])");
        }
        return pods;
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
                            + value.error());
        }
        if (m.target().value() != null) {
            Proposal p = calculator.whole(current, m.target().value(), value.value(), pods);
            return new Named(
                    p,
                    m.kind() + " metric " + m.metric(),
                    new MetricStatus(m, null, null, p.usage()));
        }
        Proposal p =
                calculator.perReplica(
                        input.scale().statusReplicas(),
                        averageOf(m.target()),
                        value.value(),
                        false);
        return new Named(
                p,
                "external metric " + m.metric() + "(" + text(m.selector()) + ")",
                new MetricStatus(m, null, reported(p), null));
    }

    private Named external(MetricSpec.External m, int current, List<Pod> pods)
            throws MetricException {
        long value;
        try {
            Metrics.Series series = input.metrics().external(m.metric());
            String error =
                    series.error() == null
                            ? null
                            : "unable to fetch metrics from external metrics API: "
                                    + series.error();
            value = Calculator.external(m.metric(), new Metrics.Series(error, series.values()));
        } catch (MetricException e) {
            throw new MetricException(
                    "unable to get external metric "
                            + hpa.namespace()
                            + "/"
                            + m.metric()
                            + "/"
                            + text(m.selector())
                            + ": "
                            + e.text());
        }
        String name = "external metric " + m.metric() + "(" + text(m.selector()) + ")";
        if (m.target().averageValue() != null) {
            Proposal p =
                    calculator.perReplica(
                            input.scale().statusReplicas(), averageOf(m.target()), value, true);
            return new Named(p, name, new MetricStatus(m, null, reported(p), null));
        }
        Proposal p =
                calculator.whole(
                        current, java.util.Objects.requireNonNull(m.target().value()), value, pods);
        return new Named(p, name, new MetricStatus(m, null, null, p.usage()));
    }

    /** Kubernetes 1.37.2 divides by zero pods, and reports an infinity as Go converts it; its development line reports 0. */
    private long reported(Proposal perReplica) {
        return input.scale().statusReplicas() == 0 ? Long.MIN_VALUE : perReplica.usage();
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

    private Failure failure(MetricSpec spec, MetricException e) {
        return switch (spec) {
            case MetricSpec.Resource m ->
                    new Failure(
                            "FailedGetResourceMetric",
                            e.text(),
                            "failed to get " + m.name() + " resource metric value: " + e.text(),
                            false);
            case MetricSpec.ContainerResource m ->
                    new Failure(
                            "FailedGetContainerResourceMetric",
                            e.text(),
                            "failed to get " + m.name() + " container metric value: " + e.text(),
                            false);
            case MetricSpec.Pods m ->
                    new Failure(
                            "FailedGetPodsMetric",
                            e.text(),
                            "failed to get pods metric value: " + e.text(),
                            false);
            case MetricSpec.ObjectMetric m ->
                    new Failure(
                            "FailedGetObjectMetric",
                            e.text(),
                            "failed to get object metric value: " + e.text(),
                            false);
            case MetricSpec.External m ->
                    new Failure(
                            "FailedGetExternalMetric",
                            e.text(),
                            "failed to get " + m.metric() + " external metric value: " + e.text(),
                            false);
            case MetricSpec.Unknown m ->
                    new Failure("InvalidMetricSourceType", e.text(), e.text(), true);
        };
    }
}
