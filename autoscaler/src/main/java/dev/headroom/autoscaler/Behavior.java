package dev.headroom.autoscaler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code spec.behavior}: how fast a target may grow and shrink. */
public record Behavior(Rules scaleUp, Rules scaleDown) {

    /**
     * Rules for one direction.
     *
     * @param windowSeconds stabilisation; null for the default
     * @param selectPolicy Max, Min or Disabled; null for Max
     * @param tolerance null for the controller's own
     */
    public record Rules(
            @Nullable Integer windowSeconds,
            @Nullable String selectPolicy,
            @Nullable List<Policy> policies,
            @Nullable Double tolerance) {
        public static final Rules NONE = new Rules(null, null, null, null);

        List<Policy> known() {
            return policies == null ? List.of() : policies;
        }
    }

    /**
     * The most by which a target may change within a period.
     *
     * @param type Pods or Percent
     */
    public record Policy(String type, int value, int periodSeconds) {}

    /** Fills in what was left out, field by field (section 2). */
    public static Rules filledUp(@Nullable Rules given) {
        Rules rules = given == null ? Rules.NONE : given;
        return new Rules(
                rules.windowSeconds() == null ? Integer.valueOf(0) : rules.windowSeconds(),
                rules.selectPolicy() == null ? "Max" : rules.selectPolicy(),
                rules.policies() == null
                        ? List.of(new Policy("Pods", 4, 15), new Policy("Percent", 100, 15))
                        : rules.policies(),
                rules.tolerance());
    }

    /** The same for shrinking; the window stays empty, and the controller's flag then holds. */
    public static Rules filledDown(@Nullable Rules given) {
        Rules rules = given == null ? Rules.NONE : given;
        return new Rules(
                rules.windowSeconds(),
                rules.selectPolicy() == null ? "Max" : rules.selectPolicy(),
                rules.policies() == null
                        ? List.of(new Policy("Percent", 100, 15))
                        : rules.policies(),
                rules.tolerance());
    }
}
