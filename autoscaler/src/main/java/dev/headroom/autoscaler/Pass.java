package dev.headroom.autoscaler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pass of the controller over one autoscaler (section 3): {@link #run} is given what it saw and gives what it decided.
 */
public final class Pass {
    private static final int ATTEMPTS = 5;

    private final Input input;
    private final Autoscaler hpa;
    private final Settings settings;
    private final long now;
    private final List<Event> events = new ArrayList<>();
    private final Map<String, MetricResult> metricResults = new LinkedHashMap<>();
    private List<Condition> conditions;
    private History history;

    /**
     * What a pass is given.
     *
     * @param pods of the namespace; the selector picks
     * @param others the other autoscalers of the namespace, by the selector each used last
     * @param now microseconds
     */
    public record Input(
            Autoscaler autoscaler,
            Scale scale,
            List<Other> others,
            List<Pod> pods,
            Metrics metrics,
            History history,
            Settings settings,
            long now) {}

    /** Another autoscaler and the selector that it used. */
    public record Other(String name, String selector) {}

    /**
     * The target's scale subresource, and the way to change it.
     *
     * @param found whether the target is of a kind that there is
     * @param getError why it could not be read; null where it was
     */
    public record Scale(
            int specReplicas,
            int statusReplicas,
            String selector,
            boolean found,
            @Nullable String getError,
            Writer writer) {

        /** Of a kind that there is. */
        public Scale(
                int specReplicas,
                int statusReplicas,
                String selector,
                @Nullable String getError,
                Writer writer) {
            this(specReplicas, statusReplicas, selector, true, getError, writer);
        }
    }

    /** Writes the target's replicas. */
    @FunctionalInterface
    public interface Writer {
        /** Null where it was written, {@link #CONFLICT} to be asked again, else the error. */
        @Nullable String write(int replicas);

        String CONFLICT = "Conflict";
    }

    /** An event of the autoscaler. */
    public record Event(boolean warning, String reason, String message) {}

    /**
     * How one metric went.
     *
     * @param action scale_up, scale_down or none
     * @param error none, internal or spec
     */
    public record MetricResult(String action, String error) {}

    /**
     * What came of a pass.
     *
     * @param scaledTo what was written; null where nothing was
     * @param error null where it ended well
     * @param proposal what the metrics asked for, before any stabilisation, rate or bound; null where none was computed
     */
    public record Outcome(
            Autoscaler.Status status,
            @Nullable Integer scaledTo,
            List<Event> events,
            History history,
            @Nullable String error,
            String action,
            String errorLabel,
            Map<String, MetricResult> metricResults,
            @Nullable Integer proposal) {}

    private Pass(Input input) {
        this.input = input;
        this.hpa = input.autoscaler();
        this.settings = input.settings();
        this.now = input.now();
        this.conditions = hpa.status().conditions();
        this.history = input.history();
    }

    public static Outcome run(Input input) {
        return new Pass(input).run();
    }

    private void condition(String type, boolean status, String reason, String message) {
        conditions = Condition.with(conditions, type, status, reason, message, now);
    }

    private Outcome run() {
        String version = hpa.target().apiVersion();
        if (version.indexOf('/') != version.lastIndexOf('/')) {
            String problem = "unexpected GroupVersion string: " + version;
            String error = "invalid API version in scale target reference: " + problem;
            return withoutScale(problem, error, "spec");
        }
        Scale scale = input.scale();
        if (scale.getError() != null) {
            String place =
                    scale.found()
                            ? "failed to query scale subresource for " + hpa.reference()
                            : "unable to determine resource for scale target reference";
            return withoutScale(scale.getError(), place + ": " + scale.getError(), "internal");
        }
        condition(
                "AbleToScale",
                true,
                "SucceededGetScale",
                "the HPA controller was able to get the target's current scale");
        int current = scale.specReplicas();
        if (history.recommendations() == null) {
            history =
                    history.withRecommendations(List.of(new History.Recommendation(current, now)));
        }
        if (current == 0 && !isZeroHandled()) {
            condition(
                    "ScalingActive",
                    false,
                    "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero");
            return decide(current, 0, false, "", List.of(), null, null);
        }
        if (current > hpa.maxReplicas()) {
            return decide(
                    current,
                    hpa.maxReplicas(),
                    true,
                    "Current number of replicas above Spec.MaxReplicas",
                    List.of(),
                    null,
                    null);
        }
        if (current != 0 && current < hpa.min()) {
            return decide(
                    current,
                    hpa.min(),
                    true,
                    "Current number of replicas below Spec.MinReplicas",
                    List.of(),
                    null,
                    null);
        }
        return byMetrics(current);
    }

    /** Nothing of the status changes but the condition that says why. */
    private Outcome withoutScale(String problem, String error, String label) {
        events.add(new Event(true, "FailedGetScale", problem));
        condition(
                "AbleToScale",
                false,
                "FailedGetScale",
                "the HPA controller was unable to get the target's current scale: " + problem);
        Autoscaler.Status old = hpa.status();
        Autoscaler.Status status =
                new Autoscaler.Status(
                        old.currentReplicas(),
                        old.desiredReplicas(),
                        old.lastScaleTime(),
                        conditions,
                        old.currentMetrics());
        return outcome(status, null, error, "none", label, null);
    }

    /** Whether a target at zero is looked at (section 9). */
    private boolean isZeroHandled() {
        if (settings.zeroModel() == Settings.ZeroModel.LEGACY) {
            return hpa.min() == 0;
        }
        if (!settings.scaleToZero()) {
            conditions = conditions.stream().filter(c -> !c.type().equals("ScaledToZero")).toList();
        }
        return (hpa.min() != 0 && wasScaledToZero())
                || (hpa.hasObjectOrExternal() && wasScaledToZero());
    }

    private boolean wasScaledToZero() {
        return settings.scaleToZero()
                && hpa.status().conditions().stream()
                        .anyMatch(
                                c -> c.type().equals("ScaledToZero") && c.status().equals("True"));
    }

    private Outcome byMetrics(int current) {
        Proposals proposals = new Proposals(input, metricResults, events);
        Proposals.Result result = proposals.compute(current);
        if (result.condition() != null) {
            Condition c = result.condition();
            condition(c.type(), c.status().equals("True"), c.reason(), c.message());
        }
        if (result.gaveUp()) {
            events.add(
                    new Event(
                            true, "FailedComputeMetricsReplicas", String.valueOf(result.error())));
            Autoscaler.Status old = hpa.status();
            Autoscaler.Status status =
                    new Autoscaler.Status(
                            current,
                            old.desiredReplicas(),
                            old.lastScaleTime(),
                            conditions,
                            result.statuses());
            String error =
                    "failed to compute desired number of replicas based on listed metrics for "
                            + hpa.reference()
                            + ": "
                            + result.error();
            return outcome(status, null, error, "none", result.errorLabel(), null);
        }
        int desired = Math.max(0, result.replicas());
        String reason = "";
        if (desired > current) {
            reason = result.metric() + " above target";
        } else if (desired < current) {
            reason = "All metrics below target";
        }
        int normalized = normalize(current, desired);
        if (settings.zeroModel() == Settings.ZeroModel.CONDITION
                && current == 0
                && hpa.min() != 0
                && wasScaledToZero()
                && normalized < hpa.min()) {
            normalized = hpa.min();
            reason =
                    reason.isEmpty() ? "Current number of replicas below Spec.MinReplicas" : reason;
        }
        return decide(
                current,
                normalized,
                normalized != current,
                reason,
                result.statuses(),
                result.error() == null ? null : result,
                desired);
    }

    private int normalize(int current, int desired) {
        Behavior behavior = hpa.behavior();
        Normalizer.Limited limited;
        Normalizer.Stabilized stable;
        if (behavior == null) {
            stable =
                    Normalizer.stabilizeLegacy(
                            history.known(), desired, settings.downscaleStabilizationMicros(), now);
            limited =
                    Normalizer.limitLegacy(
                            current, stable.replicas(), hpa.min(), hpa.maxReplicas(), settings);
        } else {
            long up = Normalizer.window(behavior.scaleUp().windowSeconds(), 0);
            long wholeSeconds =
                    settings.downscaleStabilizationMicros() / Settings.SECOND * Settings.SECOND;
            long down = Normalizer.window(behavior.scaleDown().windowSeconds(), wholeSeconds);
            stable = Normalizer.stabilize(history.known(), current, desired, up, down, now);
            limited =
                    Normalizer.limit(
                            current,
                            stable.replicas(),
                            hpa.min(),
                            hpa.maxReplicas(),
                            behavior,
                            history.scaleUps(),
                            history.scaleDowns(),
                            now);
        }
        history = history.withRecommendations(stable.recommendations());
        condition("AbleToScale", true, stable.reason(), stable.message());
        condition(
                "ScalingLimited",
                limited.replicas() != stable.replicas(),
                limited.reason(),
                limited.message());
        return limited.replicas();
    }

    private Outcome decide(
            int current,
            int desired,
            boolean rescale,
            String reason,
            List<MetricStatus> statuses,
            Proposals.@Nullable Result partial,
            @Nullable Integer proposal) {
        Autoscaler.Status old = hpa.status();
        String error = partial == null ? null : partial.error();
        String errorLabel = partial == null ? "none" : partial.errorLabel();
        if (!rescale) {
            Autoscaler.Status status =
                    new Autoscaler.Status(
                            current, current, old.lastScaleTime(), conditions, statuses);
            return outcome(status, null, error, "none", errorLabel, proposal);
        }
        String action = desired > current ? "scale_up" : desired < current ? "scale_down" : "none";
        String failure = write(desired);
        if (failure != null) {
            events.add(
                    new Event(
                            true,
                            "FailedRescale",
                            "New size: "
                                    + desired
                                    + "; reason: "
                                    + reason
                                    + "; error: "
                                    + failure));
            condition(
                    "AbleToScale",
                    false,
                    "FailedUpdateScale",
                    "the HPA controller was unable to update the target scale: " + failure);
            Autoscaler.Status status =
                    new Autoscaler.Status(
                            current,
                            old.desiredReplicas(),
                            old.lastScaleTime(),
                            conditions,
                            statuses);
            return outcome(
                    status,
                    null,
                    "failed to rescale " + hpa.reference() + ": " + failure,
                    "none",
                    "internal",
                    proposal);
        }
        condition(
                "AbleToScale",
                true,
                "SucceededRescale",
                "the HPA controller was able to update the target scale to " + desired);
        events.add(
                new Event(
                        false,
                        "SuccessfulRescale",
                        "New size: " + desired + "; reason: " + reason));
        if (hpa.behavior() != null) {
            history = history.withChange(hpa.behavior(), current, desired, now);
        }
        noteZero(current, desired);
        Autoscaler.Status status =
                new Autoscaler.Status(current, desired, now, conditions, statuses);
        return outcome(status, desired, error, action, errorLabel, proposal);
    }

    private @Nullable String write(int replicas) {
        String failure = Writer.CONFLICT;
        for (int attempt = 0; attempt < ATTEMPTS && Writer.CONFLICT.equals(failure); attempt++) {
            failure = input.scale().writer().write(replicas);
        }
        return failure;
    }

    private void noteZero(int before, int after) {
        if (settings.zeroModel() == Settings.ZeroModel.LEGACY) {
            return;
        }
        if (!settings.scaleToZero()) {
            conditions = conditions.stream().filter(c -> !c.type().equals("ScaledToZero")).toList();
        } else if (before > 0 && after == 0 && hpa.min() == 0 && hpa.hasObjectOrExternal()) {
            condition(
                    "ScaledToZero",
                    true,
                    "ScaledToZero",
                    "the HPA controller scaled the workload to zero");
        } else {
            condition(
                    "ScaledToZero",
                    false,
                    "NotScaledToZero",
                    "the HPA controller did not scale the workload to zero");
        }
    }

    private Outcome outcome(
            Autoscaler.Status status,
            @Nullable Integer scaledTo,
            @Nullable String error,
            String action,
            String errorLabel,
            @Nullable Integer proposal) {
        return new Outcome(
                status,
                scaledTo,
                List.copyOf(events),
                history,
                error,
                action,
                errorLabel,
                Map.copyOf(metricResults),
                proposal);
    }
}
