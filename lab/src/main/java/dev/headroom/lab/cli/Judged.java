package dev.headroom.lab.cli;

import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import dev.headroom.lab.run.StageException;
import dev.headroom.lab.verdict.Judge;
import dev.headroom.lab.verdict.VerdictRecord;

/** Judges a run and reports it: {@code 5-verdict.json} and {@code 6-report.html}. */
final class Judged implements Conclusions {
    @Override
    public Conclusion conclude(RunDirectory directory, RunData data) throws StageException {
        VerdictRecord verdict =
                Judge.judge(data.experiment(), data.deployment(), data.load(), data.observations());
        directory.write("verdict", RunFile.VERDICT, Json.pretty(verdict));
        return conclusion(verdict);
    }

    @Override
    public Conclusion report(RunDirectory directory, RunData data)
            throws DamagedRunException, StageException {
        return conclusion(
                directory.read(RunFile.VERDICT, VerdictRecord.class, VerdictRecord.SCHEMA));
    }

    private static Conclusion conclusion(VerdictRecord verdict) {
        return new Conclusion(
                verdict.verdict(), verdict.sentence(), ExitCode.of(verdict.exitCode()));
    }
}
