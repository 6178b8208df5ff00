package dev.headroom.lab.run;

import java.util.Arrays;
import java.util.Optional;

/** What a run showed, in a word; defined in docs/verdicts.md. */
public enum Verdict {
    INVALID("invalid"),
    UNREADY_UNDER_LOAD("unready-under-load"),
    METRICS_MISSING("metrics-missing"),
    CONTESTED("contested"),
    TARGET_UNREACHABLE("target-unreachable"),
    CRASHING("crashing"),
    NOT_READY("not-ready"),
    UNSCHEDULABLE("unschedulable"),
    BOTTLENECK_MAX_REPLICAS("bottleneck-max-replicas"),
    SCALED_WITHOUT_GAIN("scaled-without-gain"),
    SCALED_TOO_LATE("scaled-too-late"),
    SCALED("scaled"),
    HELD("held"),
    NOT_SCALED("not-scaled"),
    INCONCLUSIVE("inconclusive");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    /** As it is written in experiments and reports. */
    public String word() {
        return word;
    }

    /** Whether it refuses the number: the measurement itself was the limit, or shows too little. */
    public boolean isRefusal() {
        return this == INVALID || this == INCONCLUSIVE;
    }

    public static Optional<Verdict> of(String word) {
        return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
    }
}
