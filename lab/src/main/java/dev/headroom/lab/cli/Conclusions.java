package dev.headroom.lab.cli;

import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.StageException;

/** Stages 5 and 6, which need nothing but a run's files. */
interface Conclusions {
    /** Judges and reports: writes {@code 5-verdict.json} and the reports. */
    Conclusion conclude(RunDirectory directory, RunData data) throws StageException;

    /** Reports again from the verdict that is there. */
    Conclusion report(RunDirectory directory, RunData data)
            throws DamagedRunException, StageException;

    /**
     * What to say in the end.
     *
     * @param verdict the word
     * @param sentence the verdict in a sentence
     */
    record Conclusion(String verdict, String sentence, ExitCode exitCode) {}
}
