package dev.headroom.lab.cli;

import dev.headroom.lab.compare.Comparer;
import dev.headroom.lab.compare.Comparison;
import dev.headroom.lab.compare.ComparisonText;
import dev.headroom.lab.compare.Side;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import dev.headroom.lab.verdict.VerdictRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headroom compare}. */
@Command(
        name = "compare",
        description =
                "Hold two runs against each other: what changed, and whether it is more than noise.",
        footerHeading = "%n",
        footer = {
            "Compares seconds in which as many pods served, by 99 %% bootstrap intervals. They tell the noise within the two runs; that of one run to the next is for --tolerance to cover.",
            "Exit codes: 0 no regression, 99 a regression beyond the tolerance, 3 runs that can't be compared (another load, another CPU scale, an invalid run), 2 bad usage or a damaged run directory."
        })
final class CompareCommand implements Callable<Integer> {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]+)?) ?%");

    /** What is printed. */
    enum Format {
        TEXT,
        JSON
    }

    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "The run to compare with.")
    Path a = Path.of("");

    @Parameters(index = "1", paramLabel = "RUN_DIR", description = "The run that may be worse.")
    Path b = Path.of("");

    @Option(
            names = "--tolerance",
            paramLabel = "PERCENT",
            defaultValue = "10%",
            description = "How much worse is no regression yet, such as 5%%. Default: 10%%.")
    String tolerance = "10%";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json. Default: ${DEFAULT-VALUE}.")
    Format format = Format.TEXT;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standard(System.getenv());
        Matcher percent = PERCENT.matcher(tolerance);
        if (!percent.matches()) {
            terminal.line("--tolerance: found \"" + tolerance + "\"; it takes a part such as 5%");
            return ExitCode.USAGE.code();
        }
        try {
            double part = Double.parseDouble(percent.group(1)) / 100;
            return print(Comparer.compare(side(a), side(b), part)).code();
        } catch (DamagedRunException | ExperimentException e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.USAGE.code();
        }
    }

    private static Side side(Path path) throws DamagedRunException, ExperimentException {
        RunDirectory directory = RunDirectory.open(path);
        RunData data = RunData.read(directory);
        VerdictRecord verdict =
                directory.read(RunFile.VERDICT, VerdictRecord.class, VerdictRecord.SCHEMA);
        return new Side(
                data.experiment(), data.deployment(), data.load(), data.observations(), verdict);
    }

    private ExitCode print(Comparison comparison) {
        byte[] text =
                switch (format) {
                    case TEXT -> ComparisonText.of(comparison).getBytes(StandardCharsets.UTF_8);
                    case JSON -> Json.pretty(comparison);
                };
        System.out.writeBytes(text);
        System.out.flush();
        if (!comparison.refusals().isEmpty()) {
            return ExitCode.REFUSED;
        }
        return comparison.regressions().isEmpty() ? ExitCode.MET : ExitCode.EXPECTATION_FAILED;
    }
}
