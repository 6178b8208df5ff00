package dev.headroom.lab.cli;

import dev.headroom.lab.report.Report;
import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import dev.headroom.lab.run.StageException;
import dev.headroom.lab.verdict.Judge;
import dev.headroom.lab.verdict.VerdictRecord;
import java.nio.charset.StandardCharsets;

/** Judges a run and reports it: {@code 5-verdict.json}, {@code 6-report.html}, and the same for CI. */
final class Judged implements Conclusions {
    private static final String STAGE = "report";

    @Override
    public Conclusion conclude(RunDirectory directory, RunData data) throws StageException {
        VerdictRecord verdict =
                Judge.judge(data.experiment(), data.deployment(), data.load(), data.observations());
        directory.write("verdict", RunFile.VERDICT, Json.pretty(verdict));
        return reported(directory, data, verdict);
    }

    @Override
    public Conclusion report(RunDirectory directory, RunData data)
            throws DamagedRunException, StageException {
        VerdictRecord verdict =
                directory.read(RunFile.VERDICT, VerdictRecord.class, VerdictRecord.SCHEMA);
        return reported(directory, data, verdict);
    }

    /** The page last: where it stands, the others do too. */
    private static Conclusion reported(RunDirectory directory, RunData data, VerdictRecord verdict)
            throws StageException {
        String page =
                Report.html(
                        data.experiment(),
                        data.deployment(),
                        data.load(),
                        data.observations(),
                        verdict);
        String summary =
                Report.markdown(data.deployment(), data.load(), data.observations(), verdict);
        write(directory, RunFile.JUNIT, Report.junit(data.load(), verdict));
        write(directory, RunFile.SUMMARY, summary);
        write(directory, RunFile.REPORT, page);
        return new Conclusion(
                verdict.verdict(), verdict.sentence(), ExitCode.of(verdict.exitCode()));
    }

    private static void write(RunDirectory directory, RunFile file, String text)
            throws StageException {
        directory.write(STAGE, file, text.getBytes(StandardCharsets.UTF_8));
    }
}
