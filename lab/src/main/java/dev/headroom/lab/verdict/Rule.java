package dev.headroom.lab.verdict;

/** One row of the table of verdicts. */
interface Rule {
    /** What it would say. */
    Verdict verdict();

    Outcome on(Run run);
}
