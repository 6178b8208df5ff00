package dev.headroom.lab.compare;

import java.util.List;

/**
 * What two runs have in common and what not.
 *
 * @param schema version of this shape
 * @param tolerance the part by which a measure may be worse: {@code 0.1}
 * @param changes what is not the same in both, settings and outcomes
 * @param measures each with its interval; empty where the runs can't be compared
 * @param refusals why they can't be; empty where they can
 * @param regressions in words; empty where there is none
 */
public record Comparison(
        int schema,
        double tolerance,
        List<Change> changes,
        List<Measure> measures,
        List<String> refusals,
        List<String> regressions) {
    public static final int SCHEMA = 1;

    public Comparison {
        changes = List.copyOf(changes);
        measures = List.copyOf(measures);
        refusals = List.copyOf(refusals);
        regressions = List.copyOf(regressions);
    }

    /** Something that is one thing in the first run and another in the second. */
    public record Change(String what, String a, String b) {}

    /** What a measure's interval says. */
    public enum Outcome {
        /** The interval holds "no change". */
        WITHIN_NOISE,
        BETTER,
        /** Worse, and by no more than the tolerance. */
        WORSE,
        /** Worse by more than the tolerance. */
        REGRESSION
    }

    /**
     * A measure of both runs.
     *
     * @param name {@code good answers a second, 3 pods}
     * @param a of the first run, in the unit
     * @param change how much more it is in the second: {@code -0.2} is a fifth less; for shares their difference
     * @param low of the interval of the change
     * @param high likewise
     * @param seconds that were looked at, in the first and in the second run
     */
    public record Measure(
            String name,
            String unit,
            double a,
            double b,
            double change,
            double low,
            double high,
            List<Integer> seconds,
            Outcome outcome) {
        public Measure {
            seconds = List.copyOf(seconds);
        }
    }
}
