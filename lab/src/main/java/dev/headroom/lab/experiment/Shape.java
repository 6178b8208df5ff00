package dev.headroom.lab.experiment;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may stand at a place of an experiment file. Reading, the reference and the JSON Schema all follow from it. */
sealed interface Shape {

    /** In words, for errors: {@code a duration such as 90s or 1m30s}. */
    String words();

    /**
     * A mapping with these keys and no others.
     *
     * @param oneOf keys of which exactly one must be there; empty where nothing is to be chosen
     */
    record Mapping(List<Key> keys, List<String> oneOf) implements Shape {
        @Override
        public String words() {
            List<String> others = names().stream().filter(n -> !oneOf.contains(n)).toList();
            if (oneOf.isEmpty()) {
                return "a mapping with the keys " + String.join(", ", others);
            }
            return "one of the keys "
                    + String.join(", ", oneOf)
                    + (others.isEmpty() ? "" : " and the keys " + String.join(", ", others));
        }

        List<String> names() {
            return keys.stream().map(Key::name).toList();
        }
    }

    /**
     * A key of a mapping.
     *
     * @param fallback what holds without it, in words or as it would be written; null where nothing does
     * @param meaning a sentence for the reference
     */
    record Key(
            String name,
            Shape shape,
            boolean required,
            @Nullable String fallback,
            String meaning) {}

    /** A mapping whose keys are names; {@code names} null accepts any. */
    record Named(String what, @Nullable List<String> names, Shape shape) implements Shape {
        @Override
        public String words() {
            return "a mapping from " + what;
        }
    }

    /** A list; with {@code orSingle} one item may stand without one. */
    record Items(Shape item, int least, boolean orSingle) implements Shape {
        @Override
        public String words() {
            return orSingle
                    ? item.words() + ", or a list of such"
                    : "a list, each entry " + item.words();
        }
    }

    /** A text. */
    record Text(Pattern pattern, String words) implements Shape {}

    /** One of these words. */
    record Word(List<String> choices) implements Shape {
        @Override
        public String words() {
            return "one of " + String.join(", ", choices);
        }
    }

    /** A whole number within bounds, both included. */
    record Whole(int least, int most) implements Shape {
        @Override
        public String words() {
            return "a whole number from " + least + " to " + most;
        }
    }

    /** A duration within bounds, both included; {@code wholeSeconds} where the tool that takes it knows no parts of a second. */
    record Span(Duration least, Duration most, String example, boolean wholeSeconds)
            implements Shape {
        @Override
        public String words() {
            return (wholeSeconds
                            ? "a duration of whole seconds with its unit (s, m, h)"
                            : "a duration with its unit (ms, s, m, h)")
                    + ", such as "
                    + example
                    + ", from "
                    + Units.text(least)
                    + " to "
                    + Units.text(most);
        }
    }

    /** Requests over time. */
    record Frequency(double mostPerSecond) implements Shape {
        @Override
        public String words() {
            return "a rate such as 200/s (units: s, m, h), more than 0 and at most "
                    + Numbers.plain(mostPerSecond)
                    + "/s";
        }
    }

    /** A path of something that exists, relative to the file it stands in. */
    record Existing(boolean files, boolean folders) implements Shape {
        @Override
        public String words() {
            return "the path of "
                    + (files && folders ? "a file or folder" : files ? "a file" : "a folder")
                    + ", relative to this file";
        }
    }
}
