package dev.headroom.lab.cli;

import java.util.Collection;
import java.util.Comparator;

/** How the program ends, for scripts; several experiments end with the worst of theirs. */
public enum ExitCode {
    MET(0, "every expectation was met"),
    EXPECTATION_FAILED(99, "an expectation failed"),
    REFUSED(
            3,
            "inconclusive or invalid: a number is refused rather than printed wrong; also when stopped"),
    USAGE(2, "bad usage, a bad experiment file or a damaged run directory"),
    INFRASTRUCTURE(4, "the infrastructure failed");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }

    /** From bad to worse: 0, 99, 3, 2, 4. */
    static ExitCode worst(Collection<ExitCode> codes) {
        return codes.stream().max(Comparator.comparingInt(Enum::ordinal)).orElse(MET);
    }

    /** The constant for a code that a stage gave. */
    static ExitCode of(int code) {
        for (ExitCode one : values()) {
            if (one.code == code) {
                return one;
            }
        }
        throw new IllegalArgumentException("no exit code " + code);
    }
}
