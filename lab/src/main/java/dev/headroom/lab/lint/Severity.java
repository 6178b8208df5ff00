package dev.headroom.lab.lint;

import java.util.Locale;

/** How bad a finding is, from bad to light; the words are SARIF's levels. */
public enum Severity {
    /** The autoscaler can't do its work. */
    ERROR,
    /** It works, and something will hurt under load or in operation. */
    WARNING,
    /** Worth to know. */
    NOTE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is at least as bad. */
    public boolean reaches(Severity other) {
        return compareTo(other) <= 0;
    }
}
