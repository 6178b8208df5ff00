package dev.headroom.lab.cli;

import dev.headroom.lab.experiment.Nearest;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said of a command line that can't be read: an option that there is not comes before all that may follow from it. */
final class WrongArguments implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        List<String> unknown = unknownOptions(command);
        if (unknown.isEmpty()) {
            err.println(problem.getMessage());
            Optional<String> near = nearestCommand(command, problem);
            if (near.isPresent()) {
                err.println("Did you mean: " + near.get() + "?");
            } else {
                command.usage(err);
            }
        } else {
            unknown.forEach(option ->
                    err.println("Unknown option: '" + option + "'" + hint(command, option)));
            err.println("`" + command.getCommandSpec().qualifiedName() + " --help` lists all.");
        }
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** The command that was probably meant by a word that is none. */
    private static Optional<String> nearestCommand(
            CommandLine command, ParameterException problem) {
        if (!(problem instanceof UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        List<String> known =
                command.getSubcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(spec -> !spec.usageMessage().hidden())
                        .map(CommandSpec::name)
                        .toList();
        return Nearest.of(unmatched.getUnmatched().getFirst(), known)
                .map(name -> command.getCommandSpec().qualifiedName() + " " + name);
    }

    /** Of the command and those around it, in this order. */
    private static List<String> unknownOptions(CommandLine command) {
        List<String> unknown = new ArrayList<>();
        for (CommandLine at = command; at != null; at = at.getParent()) {
            for (String argument : at.getUnmatchedArguments()) {
                if (argument.startsWith("-")
                        && argument.length() > 1
                        && !unknown.contains(argument)) {
                    unknown.add(argument);
                }
            }
        }
        return unknown;
    }

    private static String hint(CommandLine command, String option) {
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        List<String> known =
                command.getCommandSpec().options().stream()
                        .filter(o -> !o.hidden())
                        .flatMap(o -> List.of(o.names()).stream())
                        .filter(n -> n.startsWith("--"))
                        .toList();
        return Nearest.of(name, known)
                .or(() ->
                        known.stream()
                                .filter(n -> name.length() > 3 && n.startsWith(name))
                                .findFirst())
                .map(near -> " (did you mean '" + near + "'?)")
                .orElse("");
    }
}
