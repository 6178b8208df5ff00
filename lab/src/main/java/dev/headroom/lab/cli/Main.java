package dev.headroom.lab.cli;

import dev.headroom.lab.run.ProgramVersion;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code headroom}. */
@Command(
        name = "headroom",
        description =
                "Deploys a service, stresses it, and says with evidence whether its autoscaler keeps up.",
        versionProvider = Main.Version.class,
        subcommands = {
            RunCommand.class,
            LintCommand.class,
            JudgeCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            ClusterCommand.class,
            RestoreCommand.class,
            CompletionCommand.class,
            ManCommand.class,
            GenerateCommand.class,
            WarmUpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every expectation was met",
            "99:an expectation failed",
            "2:bad usage, a bad experiment file or a damaged run directory",
            "3:inconclusive or invalid: a number is refused rather than printed wrong; also when stopped",
            "4:the infrastructure failed",
            "  :several experiments end with the worst of theirs: 4, then 2, 3, 99, 0"
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    boolean version;

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs a command line; returns its exit code. */
    static int execute(String... args) {
        // The Kubernetes client logs through SLF4J, which would say on standard error that nothing
        // listens.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler(new WrongArguments());
        line.setExecutionExceptionHandler((problem, where, result) -> {
            PrintWriter err = where.getErr();
            err.println(
                    "headroom: a fault of the program itself; please report it with what follows");
            problem.printStackTrace(err);
            err.flush();
            return ExitCode.INFRASTRUCTURE.code();
        });
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** The program's version and its JVM's. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"headroom " + ProgramVersion.text(), "Java " + Runtime.version()};
        }
    }
}
