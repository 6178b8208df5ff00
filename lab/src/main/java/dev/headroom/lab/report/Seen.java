package dev.headroom.lab.report;

import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.Change;
import dev.headroom.lab.observe.Observation.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What was observed, by kind and in the order of time.
 *
 * @param latency the last that was told; null where there is none
 */
record Seen(
        List<Sample> samples,
        List<Change> changes,
        List<Observation.Mark> marks,
        List<Observation.Gap> gaps,
        Observation.@Nullable ServiceLatency latency) {

    static Seen of(List<Observation> observations) {
        List<Sample> samples = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        List<Observation.Mark> marks = new ArrayList<>();
        List<Observation.Gap> gaps = new ArrayList<>();
        Observation.ServiceLatency latency = null;
        List<Observation> sorted = new ArrayList<>(observations);
        sorted.sort(Comparator.comparingLong(Observation::at));
        for (Observation observation : sorted) {
            switch (observation) {
                case Sample sample -> samples.add(sample);
                case Change change -> changes.add(change);
                case Observation.Mark mark -> marks.add(mark);
                case Observation.Gap gap -> gaps.add(gap);
                case Observation.ServiceLatency whole -> latency = whole;
                case Observation.Setting setting -> {
                    // The deployment's record has them too.
                }
                case Observation.Metrics metrics -> {
                    // The autoscaler's own view of them is shown.
                }
            }
        }
        return new Seen(samples, changes, marks, gaps, latency);
    }

    List<Change> changesOf(String kind) {
        return changes.stream().filter(c -> c.objectKind().equals(kind)).toList();
    }

    /** In the order in which they were first sampled. */
    List<String> pods() {
        Set<String> pods = new LinkedHashSet<>();
        samples.forEach(s -> s.pods().forEach(p -> pods.add(p.pod())));
        return List.copyOf(pods);
    }

    /** What is known of why something was not observed; {@code otherwise} where nothing is. */
    String why(String otherwise, String... sources) {
        List<String> reasons = new ArrayList<>();
        for (Observation.Gap gap : gaps) {
            for (String source : sources) {
                if (gap.source().startsWith(source) && !reasons.contains(gap.problem())) {
                    reasons.add(gap.problem());
                }
            }
        }
        return reasons.isEmpty() ? otherwise : String.join("; ", reasons);
    }

    /** Empty where it is missing. */
    static String text(JsonNode node, String... path) {
        JsonNode found = node;
        for (String key : path) {
            found = found.path(key);
        }
        return found.asString("");
    }

    static @Nullable Integer whole(JsonNode node, String... path) {
        JsonNode found = node;
        for (String key : path) {
            found = found.path(key);
        }
        return found.isNumber() ? Integer.valueOf(found.asInt()) : null;
    }
}
