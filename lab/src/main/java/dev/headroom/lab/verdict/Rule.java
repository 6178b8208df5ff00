package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;

/** One row of the table of verdicts. */
interface Rule {
    /** What it would say. */
    Verdict verdict();

    Outcome on(Run run);
}
