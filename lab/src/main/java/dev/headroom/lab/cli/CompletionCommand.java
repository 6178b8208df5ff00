package dev.headroom.lab.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headroom completion}. */
@Command(
        name = "completion",
        description = "Print a script that completes commands and options by the Tab key.",
        footerHeading = "%n",
        footer = {
            "For bash: source <(headroom completion bash). For zsh: the same, after autoload -U +X compinit && compinit. For fish: headroom completion fish | source."
        })
final class CompletionCommand implements Callable<Integer> {
    /** One script serves bash and zsh: it turns zsh's bash completion on by itself. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish.")
    Shell shell = Shell.BASH;

    @Override
    public Integer call() {
        CommandLine program = Main.commandLine();
        System.out.print(
                shell == Shell.FISH
                        ? FishCompletion.of(program)
                        : AutoComplete.bash("headroom", program));
        System.out.flush();
        return ExitCode.MET.code();
    }
}
