package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Plausible;
import dev.headroom.lab.run.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code 5-verdict.json}: one verdict, what speaks for it, and what would have changed it.
 *
 * <p>Instants are milliseconds since the epoch on the lab's one clock. A number that is not known is null, never 0.
 *
 * @param schema version of this file's shape
 * @param experiment the experiment's name
 * @param verdict the word, as in {@link Verdict#word()}
 * @param sentence the verdict in one sentence, with its decisive numbers
 * @param exitCode of the program: 0 every expectation met, 99 one failed, 3 inconclusive or invalid where not expected
 * @param evidence what a sceptic can check by hand, the decisive first
 * @param findings what else held, in the order in which verdicts are tried
 * @param counterfactuals the settings that would have changed it, each computed
 * @param lacking rules that could not be tried since their data is missing
 * @param expectations what the experiment expected, and what came
 * @param phases the stretches in which the set of serving pods was constant
 * @param reaction the steps from load to a pod's fair share; empty where nothing was added
 * @param constants the numbers that the rules used
 */
public record VerdictRecord(
        int schema,
        String experiment,
        String verdict,
        String sentence,
        int exitCode,
        List<Evidence> evidence,
        List<Finding> findings,
        List<Counterfactual> counterfactuals,
        List<Lack> lacking,
        List<Expectation> expectations,
        List<Phase> phases,
        List<ReactionStep> reaction,
        List<Constant> constants)
        implements Plausible {

    public static final int SCHEMA = 1;

    private static final Set<Integer> EXIT_CODES = Set.of(0, 3, 99);

    public VerdictRecord {
        evidence = List.copyOf(evidence);
        findings = List.copyOf(findings);
        counterfactuals = List.copyOf(counterfactuals);
        lacking = List.copyOf(lacking);
        expectations = List.copyOf(expectations);
        phases = List.copyOf(phases);
        reaction = List.copyOf(reaction);
        constants = List.copyOf(constants);
    }

    @Override
    public @Nullable Impossible impossible() {
        if (Verdict.of(verdict).isEmpty()) {
            return new Impossible(
                    "verdict",
                    "found \""
                            + verdict
                            + "\"; it takes one of "
                            + Arrays.stream(Verdict.values())
                                    .map(Verdict::word)
                                    .collect(Collectors.joining(", ")));
        }
        return EXIT_CODES.contains(exitCode)
                ? null
                : new Impossible("exitCode", "found " + exitCode + "; it takes one of 0, 3, 99");
    }

    /**
     * One thing that was seen.
     *
     * @param at when; null where it is of the whole run
     * @param what a sentence that stands alone
     * @param value the number or text in it, with its unit: {@code 3}, {@code 212 %}, {@code TooManyReplicas}
     * @param source the file and field, or the Kubernetes object and field, it comes from
     */
    public record Evidence(@Nullable Long at, String what, String value, String source) {}

    /** Another rule that held beside the verdict, or a difference between what was reported and what was recomputed. */
    public record Finding(String word, String sentence, List<Evidence> evidence) {
        public Finding {
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * One setting that would have changed the verdict.
     *
     * @param setting as it is called where it is set: {@code spec.maxReplicas}
     * @param value the value computed, with its unit: {@code 5}
     * @param atLeast whether the value is only a lower bound
     * @param why how it was computed, and why it is a bound where it is one
     */
    public record Counterfactual(
            String setting, String was, String value, boolean atLeast, String why) {}

    /** A rule that did not fire for want of data. */
    public record Lack(String rule, String data) {}

    /**
     * One expectation.
     *
     * @param subject {@code verdict}, or a threshold's metric
     * @param expected as the experiment says it: {@code scaled}, {@code p(99)<500}
     * @param found the value, with its unit; null where it is not known
     * @param met null where it could not be judged
     * @param note what must be known about it: which latency it was judged by
     */
    public record Expectation(
            String subject,
            String expected,
            @Nullable String found,
            @Nullable Boolean met,
            @Nullable String note) {}

    /**
     * A stretch in which the set of serving pods was constant; its first 5 s are in it but not in its figures.
     *
     * @param decides whether it is long enough for its figures to decide anything
     * @param throughput good answers a second, median over its windows; their mean where answers come in bursts
     * @param meanLatencyMillis N/X in a closed loop, as measured with a constant rate
     * @param pods each serving pod's figures
     */
    public record Phase(
            long start,
            long end,
            boolean decides,
            int windows,
            @Nullable Double throughput,
            @Nullable Double meanLatencyMillis,
            List<PodShare> pods) {
        public Phase {
            pods = List.copyOf(pods);
        }
    }

    /**
     * One pod in one phase.
     *
     * @param share its part of all answers, 0 to 1
     * @param cpuOfLimit its CPU over its limit, 0 to 1 and a little above
     * @param throttled its throttled periods over all its periods, 0 to 1
     */
    public record PodShare(
            String pod,
            @Nullable Double share,
            @Nullable Double cpuOfLimit,
            @Nullable Double throttled,
            @Nullable Boolean saturated) {}

    /**
     * A step of the reaction.
     *
     * @param name {@code load on}, {@code first sample above target}, {@code decision}, {@code pod created}, {@code scheduled}, {@code started},
     *     {@code ready}, {@code first answer}, {@code half its fair share}
     * @param at null where it was not seen
     * @param seconds since the step before that was seen; null for the first
     */
    public record ReactionStep(
            String name, @Nullable Long at, @Nullable Double seconds, String source) {}

    /** A number that a rule used: {@code enough gain}, {@code 0.5}. */
    public record Constant(String name, String value) {}
}
