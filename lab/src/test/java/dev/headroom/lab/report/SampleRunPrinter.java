package dev.headroom.lab.report;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Prints the sample run's reports, as a program of its own: so that another JVM can be asked for them. */
final class SampleRunPrinter {
    private SampleRunPrinter() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        SampleRun run = arguments.length > 0 ? SampleRun.byWrk() : SampleRun.plain();
        out.print(run.html() + run.markdown() + run.junit());
        out.flush();
    }
}
