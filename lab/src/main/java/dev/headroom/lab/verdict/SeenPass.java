package dev.headroom.lab.verdict;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A pass of the autoscaler, as its status shows it.
 *
 * @param at when its status was seen to change; for a pass that changed nothing, one sync period after the one before
 * @param trace how it is known
 * @param hpa the whole autoscaler after it
 * @param current replicas of the target's spec, before it
 * @param asked replicas asked for before min and max, recomputed; null where that can't be done
 * @param differs how recomputation and report differ; null where they agree or could not be compared
 * @param sampled newest timestamp of the metrics it used, milliseconds, on the observer's clock; null where unknown
 */
record SeenPass(
        long at,
        Trace trace,
        JsonNode hpa,
        int current,
        int desired,
        int min,
        int max,
        @Nullable Integer utilization,
        @Nullable Integer asked,
        @Nullable String differs,
        @Nullable Long sampled) {

    /** How a pass is known. */
    enum Trace {
        /** It changed the status. */
        SEEN,
        /** The status did not change, and what it says was still true: by the period there was one. */
        UNCHANGED,
        /** The status did not change though it was no longer true, which asks for no more than it says: one was due and did not come. */
        STALE,
        /** The same where more would have been asked for. */
        MISSED
    }

    /** The next, where nothing changed. */
    SeenPass unchanged(long later) {
        return same(later, Trace.UNCHANGED);
    }

    /** The next, where it did not come and would have asked for no more. */
    SeenPass stale(long later) {
        return same(later, Trace.STALE);
    }

    private SeenPass same(long later, Trace how) {
        return new SeenPass(
                later, how, hpa, desired, desired, min, max, utilization, asked, null, sampled);
    }

    /** The next, where it did not come; with what it would have found. */
    SeenPass missed(long later, @Nullable Integer found, @Nullable Integer wouldAsk) {
        return new SeenPass(
                later, Trace.MISSED, hpa, desired, desired, min, max, found, wouldAsk, null, null);
    }

    boolean isSeen() {
        return trace == Trace.SEEN;
    }

    boolean isMissed() {
        return trace == Trace.MISSED;
    }

    /** Whether one was due and did not come. */
    boolean didNotCome() {
        return trace == Trace.STALE || trace == Trace.MISSED;
    }

    String reason(String condition) {
        JsonNode found = Kube.condition(hpa, condition);
        return found == null ? "" : Kube.text(found, "reason");
    }

    String message(String condition) {
        JsonNode found = Kube.condition(hpa, condition);
        return found == null ? "" : Kube.text(found, "message");
    }

    /** Whether it had a metric to go by; null where it said nothing of it. */
    @Nullable Boolean active() {
        JsonNode found = Kube.condition(hpa, "ScalingActive");
        return found == null ? null : Boolean.valueOf(Kube.text(found, "status").equals("True"));
    }

    /** Whether the utilization that it reports is above the target of the first metric. */
    boolean isAboveTarget() {
        JsonNode metric = Kube.at(hpa, "spec", "metrics").path(0);
        Integer target = Kube.whole(metric, "resource", "target", "averageUtilization");
        return utilization != null && target != null && utilization > target;
    }

    boolean tooMany() {
        return Kube.isCondition(hpa, "ScalingLimited", "True")
                && reason("ScalingLimited").equals("TooManyReplicas");
    }

    /** Whether it asked for more than the maximum: recomputed, else by its condition; null where neither is known. */
    @Nullable Boolean asksAboveMax() {
        if (isMissed() || Boolean.FALSE.equals(active())) {
            return null;
        }
        if (asked != null) {
            return asked > max;
        }
        return tooMany() ? Boolean.TRUE : within();
    }

    /** Whether it asked for more than there is; null where that is not known. */
    @Nullable Boolean asksForMore() {
        if (asked != null) {
            return asked > current;
        }
        if (Boolean.FALSE.equals(active())) {
            return null;
        }
        if (tooMany() || desired > current) {
            return true;
        }
        return reason("AbleToScale").equals("ScaleUpStabilized")
                        || reason("ScalingLimited").equals("ScaleUpLimit")
                ? Boolean.TRUE
                : within();
    }

    private @Nullable Boolean within() {
        return reason("ScalingLimited").isEmpty() ? null : Boolean.FALSE;
    }

    /** In words: {@code 4 (200 % of 50 %)}. */
    String askedWords() {
        return asked == null ? "more than " + max : String.valueOf(asked);
    }
}
