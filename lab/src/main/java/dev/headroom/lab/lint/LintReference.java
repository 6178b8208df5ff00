package dev.headroom.lab.lint;

import java.util.List;

/** The reference of the rules, from the rules themselves: {@code docs/lint.md} holds it, and a test keeps it so. */
public final class LintReference {
    private LintReference() {}

    /** A table of all, and a section for each. */
    public static String markdown() {
        List<Rule> rules = Linter.rules();
        StringBuilder text = new StringBuilder("| rule | severity | looks for |\n|---|---|---|\n");
        for (Rule rule : rules) {
            text.append("| [`").append(rule.id()).append("`](#").append(rule.id()).append(") | ");
            text.append(rule.severity().word()).append(" | ").append(rule.title()).append(" |\n");
        }
        for (Rule rule : rules) {
            text.append("\n### ").append(rule.id()).append("\n\n");
            text.append(rule.title()).append(" (").append(rule.severity().word()).append(").\n\n");
            text.append("* Why it hurts: ").append(rule.why()).append('\n');
            text.append("* Fix: ").append(rule.fix()).append('\n');
            text.append("* Reference: <").append(rule.reference()).append(">\n");
        }
        return text.toString();
    }
}
