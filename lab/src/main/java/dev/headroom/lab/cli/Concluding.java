package dev.headroom.lab.cli;

import dev.headroom.lab.cli.Conclusions.Conclusion;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import dev.headroom.lab.run.StageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The last two stages on run directories, and what is printed in the end. */
final class Concluding {
    private final Terminal terminal;
    private final Set<Output> outputs;

    Concluding(Terminal terminal, Set<Output> outputs) {
        this.terminal = terminal;
        this.outputs = outputs;
    }

    ExitCode all(List<Path> directories, boolean reportOnly) {
        List<ExitCode> codes = new ArrayList<>();
        try {
            Pushing pushing = Pushing.of(outputs, System.getenv(), terminal);
            for (Path path : directories) {
                codes.add(one(path, reportOnly, pushing));
            }
        } catch (Usage.WrongUsage e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.USAGE;
        }
        return ExitCode.worst(codes);
    }

    private ExitCode one(Path path, boolean reportOnly, Pushing pushing) {
        try {
            RunDirectory directory = RunDirectory.open(path);
            RunData data = RunData.read(directory);
            Conclusions conclusions = Stages.conclusions(outputs);
            Conclusion conclusion =
                    reportOnly
                            ? conclusions.report(directory, data)
                            : conclusions.conclude(directory, data);
            // What a run that was killed had kept free for its last words.
            directory.complete();
            print(data.experiment().name(), directory, conclusion);
            return pushing.after(data.experiment().name(), directory, conclusion.exitCode());
        } catch (DamagedRunException | ExperimentException e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.USAGE;
        } catch (StageException e) {
            terminal.line("stage " + e.stage() + " failed: " + e.getMessage());
            return ExitCode.INFRASTRUCTURE;
        }
    }

    /** The verdict on standard output, for people and for scripts: its word first. */
    static void print(String name, RunDirectory directory, Conclusion conclusion) {
        Terminal terminal = Terminal.output(System.getenv());
        String word = conclusion.verdict();
        String shown =
                switch (conclusion.exitCode()) {
                    case MET -> terminal.good(word);
                    case REFUSED -> terminal.uncertain(word);
                    default -> terminal.bad(word);
                };
        terminal.line(name + ": " + shown);
        terminal.line("  " + conclusion.sentence());
        terminal.line("  report: " + directory.path(RunFile.REPORT));
    }
}
