package dev.headroom.lab.verdict;

import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a part of the load was not observed at all: the observer stood still, or its file is not whole. It writes every second, also while
 * the cluster gives no answer.
 */
final class Unobserved {
    private Unobserved() {}

    /** Null where there is no such part. */
    static Outcome.@Nullable Fires in(Run run) {
        List<Long> seen = new ArrayList<>();
        seen.add(run.start());
        for (Sample sample : run.timeline().samples(run.start(), run.end())) {
            seen.add(sample.at());
        }
        seen.add(run.end());
        for (int i = 1; i < seen.size(); i++) {
            long from = seen.get(i - 1);
            long to = seen.get(i);
            if (to - from > Constants.UNOBSERVED_MILLIS) {
                String why =
                        "nothing was observed from "
                                + run.since(from)
                                + " to "
                                + run.since(to)
                                + " of the load";
                return new Outcome.Fires(
                        new Cause.Unclear(why, null),
                        List.of(
                                new Evidence(
                                        from,
                                        why,
                                        Text.seconds((to - from) / 1e3),
                                        "4-observations.jsonl samples")));
            }
        }
        return null;
    }
}
