package dev.headroom.lab.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headroom judge}. */
@Command(
        name = "judge",
        description = "Judge runs again from their files, and report; no cluster is needed.",
        footer = {
            "",
            "Writes 5-verdict.json and what `headroom report` writes. A damaged file is named with its line, and nothing is written then (exit code 2)."
        })
final class JudgeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN_DIR", arity = "1..*", description = "Run directories.")
    List<Path> directories = List.of();

    @Mixin OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        return new Concluding(Terminal.standard(System.getenv()), output.chosen())
                .all(directories, false)
                .code();
    }
}
