package dev.headroom.lab.observe;

import dev.headroom.lab.observe.Observation.Change;
import dev.headroom.lab.observe.Observation.Mark;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether lines of {@code 4-observations.jsonl} can stand in this order, as far as they tell: each kind's own clock only goes on, nothing is written twice, an object is seen before it
 * changes, and a file that came to its end has as many lines as it says. A line that was taken out of the middle of one that did not can't be told.
 */
public final class Sequence {
    /** The last mark of a file that came to its end; how many lines stand before it is its detail. */
    static final String END = "end";

    private final Map<Observation, Integer> seen = new HashMap<>();
    private final Map<String, Long> clocks = new HashMap<>();
    private final Map<String, Integer> marks = new HashMap<>();
    private final Set<String> objects = new HashSet<>();

    private Sequence() {}

    /**
     * A line that can't stand where it does.
     *
     * @param line from 1
     */
    public record Misplaced(int line, String words) {}

    /** The first; null where there is none. */
    public static @Nullable Misplaced in(List<Observation> lines) {
        Sequence sequence = new Sequence();
        for (int i = 0; i < lines.size(); i++) {
            String words = sequence.next(lines.get(i), i + 1);
            if (words != null) {
                return new Misplaced(i + 1, words);
            }
        }
        return null;
    }

    /** The detail of the last mark. */
    static String before(int lines) {
        return lines + " lines";
    }

    private @Nullable String next(Observation observation, int line) {
        // A watch may well fail twice in one millisecond.
        boolean unique = !(observation instanceof Observation.Gap);
        Integer first = unique ? seen.putIfAbsent(observation, line) : null;
        if (first != null) {
            return "stands twice; first on line " + first;
        }
        if (marks.containsKey(END)) {
            return "found a line behind the mark end, which is the last";
        }
        return switch (observation) {
            case Observation.Sample sample -> later("sample", sample.at());
            case Observation.Metrics metrics -> later("metrics", metrics.at());
            case Mark mark -> mark(mark, line);
            case Change change -> change(change);
            case Observation.Setting setting -> null;
            case Observation.ServiceLatency latency -> later("latency", latency.at());
            case Observation.Gap gap -> null;
        };
    }

    private @Nullable String later(String kind, long at) {
        Long last = clocks.put(kind, at);
        return last == null || at > last
                ? null
                : "at: found " + at + ", not after the " + kind + " before it, which is of " + last;
    }

    private @Nullable String mark(Mark mark, int line) {
        Integer first = marks.putIfAbsent(mark.what(), line);
        if (first != null) {
            return "found the mark " + mark.what() + " twice; first on line " + first;
        }
        if (mark.what().equals("load-end") && !marks.containsKey("load-start")) {
            return "found the mark load-end without a load-start before it";
        }
        // Files of earlier versions don't say it.
        boolean counted = mark.what().equals(END) && !mark.detail().isEmpty();
        return counted && !mark.detail().equals(before(line - 1))
                ? "detail: found \""
                        + mark.detail()
                        + "\", but there are "
                        + before(line - 1)
                        + " before it"
                : null;
    }

    private @Nullable String change(Change change) {
        String object = change.objectKind() + "/" + change.name();
        boolean known = objects.contains(object);
        switch (change.change()) {
            case "ADDED" -> objects.add(object);
            case "DELETED" -> objects.remove(object);
            default -> {
                // It stays what it is: known, or not.
            }
        }
        return known || change.change().equals("ADDED")
                ? null
                : "found "
                        + object
                        + " "
                        + change.change()
                        + ", but no line before it says that it was ADDED";
    }
}
