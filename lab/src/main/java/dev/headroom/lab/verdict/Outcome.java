package dev.headroom.lab.verdict;

import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import java.util.List;

/** What became of a rule on a run. */
sealed interface Outcome {

    /** It holds, by this evidence. */
    record Fires(Cause cause, List<Evidence> evidence) implements Outcome {
        public Fires {
            evidence = List.copyOf(evidence);
        }
    }

    /** It does not hold. */
    record DoesNotHold() implements Outcome {}

    /** It can't be told for want of this. */
    record Lacks(String data) implements Outcome {}

    static Outcome no() {
        return new DoesNotHold();
    }
}
