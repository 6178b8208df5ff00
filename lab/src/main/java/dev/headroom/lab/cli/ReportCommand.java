package dev.headroom.lab.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headroom report}. */
@Command(
        name = "report",
        description = "Write the reports of runs again, from the verdicts that are there.",
        footer = {"", "Writes 6-report.html and its kin; the exit code is that of the verdict."})
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN_DIR", arity = "1..*", description = "Run directories.")
    List<Path> directories = List.of();

    @Mixin OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        return new Concluding(Terminal.standard(System.getenv()), output.chosen())
                .all(directories, true)
                .code();
    }
}
