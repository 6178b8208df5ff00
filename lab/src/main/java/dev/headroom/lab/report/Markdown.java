package dev.headroom.lab.report;

import dev.headroom.lab.run.VisibleText;
import dev.headroom.lab.verdict.VerdictRecord;
import java.util.List;

/** The short report for the summary of a CI job, in GitHub's Markdown. */
final class Markdown {
    /** Characters that mean something in Markdown, in HTML inside it, or begin what is made a link. */
    private static final String SPECIAL = "\\`*_{}[]<>|~#&@!$^";

    private final StringBuilder out = new StringBuilder();

    private Markdown() {}

    static String of(TimeAxis axis, VerdictRecord verdict) {
        Markdown markdown = new Markdown();
        markdown.write(axis, verdict);
        return markdown.out.toString();
    }

    private void write(TimeAxis axis, VerdictRecord verdict) {
        out.append("## ")
                .append(
                        switch (verdict.exitCode()) {
                            case 0 -> "\u2705";
                            case 3 -> "\u2754";
                            default -> "\u274c";
                        })
                .append(" ")
                .append(escaped(verdict.experiment()))
                .append(": ")
                .append(escaped(verdict.verdict()))
                .append("\n\n**")
                .append(escaped(verdict.verdict()))
                .append("** \u2014 ")
                .append(escaped(verdict.sentence()))
                .append("\n");
        if (!verdict.evidence().isEmpty()) {
            table(
                    "Evidence",
                    List.of("when", "what", "value", "source"),
                    verdict.evidence().stream()
                            .map(e -> List.of(axis.words(e.at()), e.what(), e.value(), e.source()))
                            .toList());
            out.append("\nTimes are seconds since ")
                    .append(axis.zero())
                    .append(" (")
                    .append(Plain.utc(axis.origin()))
                    .append(").\n");
        }
        if (!verdict.counterfactuals().isEmpty()) {
            table(
                    "What would have changed it",
                    List.of("setting", "was", "needed", "why"),
                    verdict.counterfactuals().stream()
                            .map(c ->
                                    List.of(
                                            c.setting(),
                                            c.was(),
                                            (c.atLeast() ? "at least " : "") + c.value(),
                                            c.why()))
                            .toList());
        }
        if (!verdict.expectations().isEmpty()) {
            table(
                    "Expectations",
                    List.of("of", "expected", "found", "met", "note"),
                    verdict.expectations().stream()
                            .map(e ->
                                    List.of(
                                            e.subject(),
                                            e.expected(),
                                            Plain.or(e.found(), Plain.UNKNOWN),
                                            met(e.met()),
                                            Plain.or(e.note(), "")))
                            .toList());
        }
    }

    private static String met(@org.jspecify.annotations.Nullable Boolean met) {
        return met == null ? "\u2754 not judged" : met ? "\u2705 met" : "\u274c not met";
    }

    private void table(String heading, List<String> headings, List<List<String>> rows) {
        out.append("\n### ").append(heading).append("\n\n");
        row(headings);
        row(headings.stream().map(h -> "---").toList());
        rows.forEach(r -> row(r.stream().map(Markdown::escaped).toList()));
    }

    private void row(List<String> cells) {
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Text that stays text, on one line. */
    static String escaped(String text) {
        String visible = VisibleText.of(text).replace('\n', ' ').replace('\t', ' ');
        StringBuilder escaped = new StringBuilder(visible.length() + 16);
        for (int i = 0; i < visible.length(); i++) {
            char c = visible.charAt(i);
            if (SPECIAL.indexOf(c) >= 0
                    || (c == ':' && i + 1 < visible.length() && visible.charAt(i + 1) != ' ')
                    || (c == '.' && visible.regionMatches(true, i - 3, "www", 0, 3))) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }
}
