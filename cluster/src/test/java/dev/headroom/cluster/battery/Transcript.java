package dev.headroom.cluster.battery;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What was typed in a terminal, and what has to come of it, in the form of cram's tests: {@code # } begins a transcript, {@code $ }, two
 * places in, a command, what is as far in is its output, and {@code [3]} its exit code where that is not 0. A line of output that ends in
 * {@code (re)} is a pattern, one that ends in {@code (glob)} has {@code *} for anything, {@code (no-eol)} has no end of line, and
 * {@code ...} stands for any lines. What stands further out is a remark.
 *
 * @param embedded whether it is for the embedded cluster alone: what is refused there
 */
record Transcript(String file, String title, boolean embedded, List<Step> steps) {
    private static final String EMBEDDED = " @embedded";

    /** A command, and its output with its exit code. */
    record Step(String command, List<String> expected) {
        /** Whether this came of it. */
        boolean accepts(List<String> actual) {
            return accepts(0, actual, 0);
        }

        private boolean accepts(int i, List<String> actual, int j) {
            if (i == expected.size()) {
                return j == actual.size();
            }
            if (expected.get(i).equals("...")) {
                return accepts(i + 1, actual, j) || j < actual.size() && accepts(i, actual, j + 1);
            }
            return j < actual.size()
                    && matches(expected.get(i), actual.get(j))
                    && accepts(i + 1, actual, j + 1);
        }

        private static boolean matches(String expected, String actual) {
            if (expected.endsWith(" (re)")) {
                return actual.matches(expected.substring(0, expected.length() - 5));
            }
            if (expected.endsWith(" (glob)")) {
                String glob = expected.substring(0, expected.length() - 7);
                return actual.matches(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
            }
            return actual.equals(expected);
        }
    }

    /** Reads a file of them. */
    static List<Transcript> read(String file, String text) {
        List<Transcript> all = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("# ")) {
                boolean embedded = line.endsWith(EMBEDDED);
                String title =
                        line.substring(2, line.length() - (embedded ? EMBEDDED.length() : 0));
                all.add(new Transcript(file, title, embedded, new ArrayList<>()));
            } else if (line.startsWith("  $ ")) {
                all.getLast().steps().add(new Step(line.substring(4), new ArrayList<>()));
            } else if (line.startsWith("  ")) {
                all.getLast().steps().getLast().expected().add(line.substring(2));
            }
        }
        return all;
    }

    boolean mentions(String text) {
        return steps.stream().anyMatch(step -> step.command().contains(text));
    }
}
