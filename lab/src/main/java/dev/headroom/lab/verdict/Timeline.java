package dev.headroom.lab.verdict;

import dev.headroom.lab.observe.Observation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What was observed, by kind and in the order of time. */
final class Timeline {
    /** An object after a change. */
    record State(long at, boolean deleted, JsonNode object) {}

    /** An event about an object; {@code at} is when it was seen, again for each repetition. */
    record Event(long at, String kind, String name, String reason, String message) {}

    private final List<Observation.Sample> samples = new ArrayList<>();
    private final List<Observation.Metrics> metrics = new ArrayList<>();
    private final List<Observation.Mark> marks = new ArrayList<>();
    private final List<Observation.Gap> gaps = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Map<String, List<State>> histories = new HashMap<>();
    private final Set<String> pods = new LinkedHashSet<>();
    private Observation.@Nullable ServiceLatency latency;

    Timeline(List<Observation> observations) {
        List<Observation> sorted = new ArrayList<>(observations);
        sorted.sort(Comparator.comparingLong(Observation::at));
        for (Observation observation : sorted) {
            switch (observation) {
                case Observation.Sample sample -> {
                    samples.add(sample);
                    sample.pods().forEach(p -> pods.add(p.pod()));
                }
                case Observation.Change change -> changed(change);
                case Observation.Metrics told -> metrics.add(told);
                case Observation.ServiceLatency whole -> latency = whole;
                case Observation.Mark mark -> marks.add(mark);
                case Observation.Gap gap -> gaps.add(gap);
                case Observation.Setting setting -> {
                    // The deployment's record has them too.
                }
            }
        }
    }

    private void changed(Observation.Change change) {
        if (change.objectKind().equals("Event")) {
            JsonNode about = change.object().path("involvedObject");
            if (!change.change().equals("DELETED")) {
                events.add(
                        new Event(
                                change.at(),
                                Kube.text(about, "kind"),
                                Kube.text(about, "name"),
                                Kube.text(change.object(), "reason"),
                                Kube.text(change.object(), "message")));
            }
            return;
        }
        if (change.objectKind().equals("Pod")) {
            pods.add(change.name());
        }
        histories
                .computeIfAbsent(change.objectKind() + "/" + change.name(), k -> new ArrayList<>())
                .add(new State(change.at(), change.change().equals("DELETED"), change.object()));
    }

    List<Observation.Sample> samples() {
        return samples;
    }

    List<Observation.Metrics> metrics() {
        return metrics;
    }

    List<Event> events() {
        return events;
    }

    List<Observation.Gap> gaps() {
        return gaps;
    }

    /** A stretch in which the cluster gave no sign: what was known before it is not known to have lasted, and what changed in it is seen late. */
    record Outage(long from, long to) {
        boolean has(long at) {
            return at > from && at < to;
        }
    }

    /** In the order of time. */
    List<Outage> outages() {
        List<Outage> outages = new ArrayList<>();
        for (Observation.Gap gap : gaps) {
            if (!gap.source().equals(Observation.Gap.OUTAGE)) {
                continue;
            }
            long from = gap.at();
            long to = Long.MAX_VALUE;
            for (Observation.Sample sample : samples) {
                from = sample.at() < gap.at() ? sample.at() : from;
                to = sample.at() >= gap.at() && to == Long.MAX_VALUE ? sample.at() : to;
            }
            outages.add(new Outage(from, to));
        }
        return outages;
    }

    /** Whether a change that was seen at this moment may have come earlier, unseen. */
    boolean isSeenLate(long at) {
        return outages().stream().anyMatch(o -> at > o.from() && at <= o.to() + 1000);
    }

    /** Whether nothing was seen at this moment. */
    boolean isUnseen(long at) {
        return outages().stream().anyMatch(o -> o.has(at));
    }

    /** The last mark of this name; null where there is none. */
    Observation.@Nullable Mark mark(String what) {
        return marks.stream().filter(m -> m.what().equals(what)).reduce((a, b) -> b).orElse(null);
    }

    Observation.@Nullable ServiceLatency latency() {
        return latency;
    }

    /** In the order in which they were first seen. */
    List<String> pods() {
        return List.copyOf(pods);
    }

    List<State> history(String kind, String name) {
        return histories.getOrDefault(kind + "/" + name, List.of());
    }

    /** The object at this moment; null where it was not there, or not seen yet. */
    @Nullable JsonNode at(String kind, String name, long at) {
        JsonNode found = null;
        for (State state : history(kind, name)) {
            if (state.at() > at) {
                break;
            }
            found = state.deleted() ? null : state.object();
        }
        return found;
    }

    /** The first moment from which on something is true of the object; null where it never was. */
    @Nullable Long since(String kind, String name, Predicate<JsonNode> isTrue) {
        for (State state : history(kind, name)) {
            if (!state.deleted() && isTrue.test(state.object())) {
                return state.at();
            }
        }
        return null;
    }

    /** Samples from one moment to another, both included. */
    List<Observation.Sample> samples(long from, long to) {
        return samples.stream().filter(s -> s.at() >= from && s.at() <= to).toList();
    }
}
