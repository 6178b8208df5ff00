package dev.headroom.lab.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headroom completion}. */
@Command(
        name = "completion",
        description = "Print a script that completes commands and options by the Tab key.",
        footerHeading = "%n",
        footer = {
            "For bash: source <(headroom completion bash). For zsh: the same, after autoload -U +X compinit && compinit."
        })
final class CompletionCommand implements Callable<Integer> {
    /** The same script serves both: it turns zsh's bash completion on by itself. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh.")
    Shell shell = Shell.BASH;

    @Override
    public Integer call() {
        System.out.print(AutoComplete.bash("headroom", Main.commandLine()));
        System.out.flush();
        return ExitCode.MET.code();
    }
}
