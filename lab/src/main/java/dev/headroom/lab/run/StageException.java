package dev.headroom.lab.run;

import org.jspecify.annotations.Nullable;

/** The place failed under a stage: disk full, port taken, cluster gone. What was measured before is kept. Exit code 4. */
public final class StageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String stage;

    /**
     * @param stage its name as in the table of stages ({@code deploy})
     * @param problem what was attempted, what happened, and what to do where that is known
     */
    public StageException(String stage, String problem, @Nullable Throwable cause) {
        super(problem, cause);
        this.stage = stage;
    }

    public String stage() {
        return stage;
    }
}
