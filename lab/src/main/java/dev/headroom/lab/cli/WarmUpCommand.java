package dev.headroom.lab.cli;

import dev.headroom.lab.load.engine.WarmUp;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Loads what a start needs, of this program and of the load generator's, so that a JVM which is recording an AOT cache sees it. */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
        CommandLine line = Main.commandLine();
        line.setOut(
                new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        line.execute("--help");
        line.execute("run", "--help");
        WarmUp.run(2, true);
        return 0;
    }
}
