package dev.headroom.autoscaler;

import dev.headroom.autoscaler.History.Recommendation;
import dev.headroom.autoscaler.History.ScaleEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From what was proposed to what is done: stabilisation, rates, bounds (sections 6 and 7). */
final class Normalizer {
    private Normalizer() {}

    /**
     * A bounded size, and which bound it met.
     *
     * @param reason of the condition ScalingLimited
     */
    record Limited(int replicas, String reason) {
        String message() {
            return switch (reason) {
                case "TooFewReplicas" ->
                        "the desired replica count is less than the minimum replica count";
                case "TooManyReplicas" ->
                        "the desired replica count is more than the maximum replica count";
                case "ScaleUpLimit" ->
                        "the desired replica count is increasing faster than the maximum scale rate";
                case "ScaleDownLimit" ->
                        "the desired replica count is decreasing faster than the maximum scale rate";
                default -> "the desired count is within the acceptable range";
            };
        }
    }

    /**
     * A size held by what was recommended before.
     *
     * @param recommendations what is remembered from now on
     */
    record Stabilized(
            int replicas, String reason, String message, List<Recommendation> recommendations) {}

    private static final String READY = "ReadyForNewScale";
    private static final String MATCHES = "recommended size matches current size";
    private static final String HIGHER =
            "recent recommendations were higher than current one, applying the highest recent recommendation";
    private static final String LOWER =
            "recent recommendations were lower than current one, applying the lowest recent recommendation";

    static Stabilized stabilizeLegacy(
            List<Recommendation> past, int desired, long window, long now) {
        int highest = desired;
        int free = -1;
        for (int i = 0; i < past.size(); i++) {
            if (past.get(i).at() < now - window) {
                free = i;
            } else {
                highest = Math.max(highest, past.get(i).replicas());
            }
        }
        List<Recommendation> remembered = remembered(past, free, desired, now);
        return highest == desired
                ? new Stabilized(highest, READY, MATCHES, remembered)
                : new Stabilized(highest, "ScaleDownStabilized", HIGHER, remembered);
    }

    private static List<Recommendation> remembered(
            List<Recommendation> past, int free, int desired, long now) {
        List<Recommendation> result = new ArrayList<>(past);
        Recommendation fresh = new Recommendation(desired, now);
        if (free >= 0) {
            result.set(free, fresh);
        } else {
            result.add(fresh);
        }
        return List.copyOf(result);
    }

    static Stabilized stabilize(
            List<Recommendation> past,
            int current,
            int desired,
            long upWindow,
            long downWindow,
            long now) {
        int lowest = desired;
        int highest = desired;
        int free = -1;
        for (int i = 0; i < past.size(); i++) {
            Recommendation old = past.get(i);
            boolean inUp = old.at() > now - upWindow;
            boolean inDown = old.at() > now - downWindow;
            if (inUp) {
                lowest = Math.min(lowest, old.replicas());
            }
            if (inDown) {
                highest = Math.max(highest, old.replicas());
            }
            if (old.at() < now - upWindow && old.at() < now - downWindow) {
                free = i;
            }
        }
        int result = current;
        if (result < lowest) {
            result = lowest;
        }
        if (result > highest) {
            result = highest;
        }
        List<Recommendation> remembered = remembered(past, free, desired, now);
        if (result == desired) {
            return new Stabilized(result, READY, MATCHES, remembered);
        }
        return desired >= current
                ? new Stabilized(result, "ScaleUpStabilized", LOWER, remembered)
                : new Stabilized(result, "ScaleDownStabilized", HIGHER, remembered);
    }

    static Limited limitLegacy(int current, int desired, int min, int max, Settings settings) {
        int cap =
                Calculator.int32(
                        Math.max(settings.scaleUpFactor() * current, settings.scaleUpMinimum()));
        boolean capped = max > cap;
        int limit = capped ? cap : max;
        if (desired < min) {
            return new Limited(min, "TooFewReplicas");
        }
        if (desired > limit) {
            return new Limited(limit, capped ? "ScaleUpLimit" : "TooManyReplicas");
        }
        return new Limited(desired, "DesiredWithinRange");
    }

    static Limited limit(
            int current,
            int desired,
            int min,
            int max,
            Behavior behavior,
            List<ScaleEvent> ups,
            List<ScaleEvent> downs,
            long now) {
        if (desired > current) {
            int limit = Math.max(upLimit(current, behavior.scaleUp(), ups, downs, now), current);
            boolean rate = max > limit;
            int cap = rate ? limit : max;
            if (desired > cap) {
                return new Limited(cap, rate ? "ScaleUpLimit" : "TooManyReplicas");
            }
        } else if (desired < current) {
            int limit =
                    Math.min(downLimit(current, behavior.scaleDown(), ups, downs, now), current);
            boolean rate = min < limit;
            int floor = rate ? limit : min;
            if (desired < floor) {
                return new Limited(floor, rate ? "ScaleDownLimit" : "TooFewReplicas");
            }
        }
        return new Limited(desired, "DesiredWithinRange");
    }

    private static int start(
            int current,
            Behavior.Policy policy,
            List<ScaleEvent> ups,
            List<ScaleEvent> downs,
            long now) {
        return current
                - History.changeWithin(ups, policy.periodSeconds(), now)
                + History.changeWithin(downs, policy.periodSeconds(), now);
    }

    static int upLimit(
            int current,
            Behavior.Rules rules,
            List<ScaleEvent> ups,
            List<ScaleEvent> downs,
            long now) {
        if ("Disabled".equals(rules.selectPolicy())) {
            return current;
        }
        boolean least = "Min".equals(rules.selectPolicy());
        int result = least ? Integer.MAX_VALUE : Integer.MIN_VALUE;
        for (Behavior.Policy policy : rules.known()) {
            int start = start(current, policy, ups, downs, now);
            int proposed =
                    policy.type().equals("Pods")
                            ? start + policy.value()
                            : Calculator.int32(Math.ceil(start * (1 + policy.value() / 100.0)));
            result = least ? Math.min(result, proposed) : Math.max(result, proposed);
        }
        return result;
    }

    static int downLimit(
            int current,
            Behavior.Rules rules,
            List<ScaleEvent> ups,
            List<ScaleEvent> downs,
            long now) {
        if ("Disabled".equals(rules.selectPolicy())) {
            return current;
        }
        boolean least = "Min".equals(rules.selectPolicy());
        int result = least ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        for (Behavior.Policy policy : rules.known()) {
            int start = start(current, policy, ups, downs, now);
            int proposed =
                    policy.type().equals("Pods")
                            ? start - policy.value()
                            : Calculator.int32(start * (1 - policy.value() / 100.0));
            result = least ? Math.max(result, proposed) : Math.min(result, proposed);
        }
        return result;
    }

    /** Stabilisation windows in microseconds: shrinking falls back to the controller's flag. */
    static long window(@Nullable Integer seconds, long otherwise) {
        return seconds == null ? otherwise : seconds * Settings.SECOND;
    }
}
