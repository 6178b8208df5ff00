package dev.headroom.lab.cli;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code headroom man}. */
@Command(
        name = "man",
        description = "Print the manual page, for man -l or a folder of pages.",
        footerHeading = "%n",
        footer = {"headroom man | man -l -  or  headroom man > ~/.local/share/man/man1/headroom.1"})
final class ManCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.writeBytes(ManPage.of(Main.commandLine()).getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        return ExitCode.MET.code();
    }
}
