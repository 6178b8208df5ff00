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
import java.util.Set;

/** Judges a run and reports it: {@code 5-verdict.json}, {@code 6-report.html}, and the same for CI. */
final class Judged implements Conclusions {
    private static final String STAGE = "report";

    private final Set<Output> outputs;

    Judged(Set<Output> outputs) {
        this.outputs = outputs;
    }

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
    private Conclusion reported(RunDirectory directory, RunData data, VerdictRecord verdict)
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
        forMachines(directory, data, verdict);
        write(directory, RunFile.REPORT, page);
        return new Conclusion(
                verdict.verdict(), verdict.sentence(), ExitCode.of(verdict.exitCode()));
    }

    private void forMachines(RunDirectory directory, RunData data, VerdictRecord verdict)
            throws StageException {
        if (outputs.contains(Output.JSON)) {
            byte[] result =
                    Report.result(data.deployment(), data.load(), data.observations(), verdict);
            directory.write(STAGE, RunFile.RESULT, result);
        }
        if (outputs.contains(Output.PROMETHEUS)) {
            String figures =
                    Report.prometheus(data.deployment(), data.load(), data.observations(), verdict);
            write(directory, RunFile.PROMETHEUS, figures);
        }
        if (outputs.contains(Output.OTLP)) {
            byte[] request =
                    Report.otlp(data.deployment(), data.load(), data.observations(), verdict);
            directory.write(STAGE, RunFile.OTLP, request);
        }
    }

    private static void write(RunDirectory directory, RunFile file, String text)
            throws StageException {
        directory.write(STAGE, file, text.getBytes(StandardCharsets.UTF_8));
    }
}
