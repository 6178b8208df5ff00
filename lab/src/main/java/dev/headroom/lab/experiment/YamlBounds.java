package dev.headroom.lab.experiment;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;

/** Bounds that a text of YAML must keep to be read at all. Told from its events, since composing it is recursive and writes out what aliases stand for. */
final class YamlBounds {
    static final int MOST_LEVELS = 100;

    /** Of lists and mappings; those of texts cost nothing. */
    static final int MOST_ALIASES = 50;

    private final Deque<Optional<Anchor>> open = new ArrayDeque<>();
    private final Set<Anchor> collections = new HashSet<>();
    private int aliases;

    private YamlBounds() {}

    /**
     * A bound that is not kept.
     *
     * @param line from 1
     */
    record Excess(int line, String words) {}

    /** The first; null where all are kept. */
    static @Nullable Excess in(Iterable<Event> events) {
        YamlBounds bounds = new YamlBounds();
        for (Event event : events) {
            String words = bounds.take(event);
            if (words != null) {
                return new Excess(event.getStartMark().map(m -> m.getLine() + 1).orElse(0), words);
            }
        }
        return null;
    }

    private @Nullable String take(Event event) {
        return switch (event) {
            case DocumentStartEvent start -> {
                collections.clear();
                aliases = 0;
                yield null;
            }
            case CollectionStartEvent start -> {
                open.push(start.getAnchor());
                start.getAnchor().ifPresent(collections::add);
                yield open.size() > MOST_LEVELS
                        ? "is nested too deeply: there may be " + MOST_LEVELS + " levels"
                        : null;
            }
            case CollectionEndEvent end -> {
                open.pop();
                yield null;
            }
            case AliasEvent alias -> alias(alias.getAlias());
            default -> null;
        };
    }

    private @Nullable String alias(Anchor anchor) {
        if (open.contains(Optional.of(anchor))) {
            return "holds itself: *" + anchor + " stands inside of &" + anchor;
        }
        return collections.contains(anchor) && ++aliases > MOST_ALIASES
                ? "has too many aliases: there may be " + MOST_ALIASES + " of lists and mappings"
                : null;
    }
}
