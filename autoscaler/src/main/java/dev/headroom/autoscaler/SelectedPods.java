package dev.headroom.autoscaler;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pods that are the target's, if that can be said (section 5). */
final class SelectedPods {
    private SelectedPods() {}

    /** Why it cannot be said. */
    static final class Problem extends Exception {
        private static final long serialVersionUID = 1;
        private final String event;
        private final String reason;
        private final String condition;

        private Problem(String event, String text) {
            this(event, event, text, text);
        }

        private Problem(String event, String reason, String text, String condition) {
            super(text);
            this.event = event;
            this.reason = reason;
            this.condition = condition;
        }

        /** The event's reason. */
        String event() {
            return event;
        }

        /** The condition's reason. */
        String reason() {
            return reason;
        }

        String text() {
            return String.valueOf(getMessage());
        }

        /** The condition's message. */
        String condition() {
            return condition;
        }
    }

    static List<Pod> of(Pass.Input input) throws Problem {
        String text = input.scale().selector();
        if (text.isEmpty()) {
            throw new Problem(
                    "SelectorRequired",
                    "InvalidSelector",
                    "selector is required",
                    "the HPA target's scale is missing a selector");
        }
        List<Pod> pods;
        try {
            Selector selector = Selector.parse(text);
            pods = input.pods().stream().filter(pod -> selector.matches(pod.labels())).toList();
        } catch (MetricException e) {
            throw new Problem(
                    "InvalidSelector",
                    "couldn't convert selector into a corresponding internal selector object: "
                            + e.text());
        }
        String rival = rival(input, pods);
        if (rival != null) {
            String namespace = input.autoscaler().namespace();
            String pair =
                    Stream.of(rival, input.autoscaler().name())
                            .sorted()
                            .map(name -> namespace + "/" + name)
                            .collect(Collectors.joining(" "));
            throw new Problem(
                    "AmbiguousSelector",
                    "pods by selector "
                            + text
                            + " are controlled by more than one HPA (e.g. ["
                            + pair
                            + "])");
        }
        return pods;
    }

    /** Another autoscaler of these pods, the first by name; null where there is none. */
    private static @Nullable String rival(Pass.Input input, List<Pod> pods) {
        String first = null;
        for (Pass.Other other : input.others()) {
            try {
                Selector theirs = Selector.parse(other.selector());
                if (!other.name().equals(input.autoscaler().name())
                        && (first == null || other.name().compareTo(first) < 0)
                        && pods.stream().anyMatch(pod -> theirs.matches(pod.labels()))) {
                    first = other.name();
                }
            } catch (MetricException unreadable) {
                // It selects nothing.
            }
        }
        return first;
    }
}
