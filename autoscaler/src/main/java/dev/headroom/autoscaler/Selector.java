package dev.headroom.autoscaler;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A label selector in the notation of a scale's status, such as {@code app=web,tier in (a,b)}. */
final class Selector {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

    private final List<Requirement> requirements;

    private Selector(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    /** How a label is compared. */
    enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        ABSENT,
        GREATER,
        LESS
    }

    /**
     * What one label must be.
     *
     * @param values none for {@code EXISTS} and {@code ABSENT}, one for {@code GREATER} and {@code LESS}
     */
    record Requirement(String key, Operator operator, Set<String> values) {
        boolean matches(Map<String, String> labels) {
            String found = labels.get(key);
            return switch (operator) {
                case IN -> found != null && values.contains(found);
                case NOT_IN -> found == null || !values.contains(found);
                case EXISTS -> found != null;
                case ABSENT -> found == null;
                case GREATER -> compares(found, 1);
                case LESS -> compares(found, -1);
            };
        }

        private boolean compares(@Nullable String found, int sign) {
            Long left = integer(found);
            Long right = integer(values.iterator().next());
            return left != null && right != null && left.compareTo(right) == sign;
        }
    }

    /** Null where it is no whole number of 64 bits. */
    static @Nullable Long integer(@Nullable String text) {
        if (text == null || !INTEGER.matcher(text).matches()) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.matches(labels));
    }

    /** Throws with the reason, in Kubernetes' words, where it cannot be read. */
    static Selector parse(String text) throws MetricException {
        return new Selector(List.copyOf(new SelectorReader(text).read()));
    }
}
