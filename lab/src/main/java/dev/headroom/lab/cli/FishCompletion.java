package dev.headroom.lab.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion for fish, from the same texts as {@code --help}; picocli writes one for bash and zsh only. A line for each command, option and choice. */
final class FishCompletion {
    private static final int LONGEST = 80;

    private final StringBuilder out = new StringBuilder();

    private FishCompletion() {}

    static String of(CommandLine program) {
        FishCompletion script = new FishCompletion();
        CommandSpec root = program.getCommandSpec();
        // Before a command nothing but a command is meant, and options that every one has.
        script.line("-f -n __fish_use_subcommand", "");
        List<CommandSpec> commands =
                root.subcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(c -> !c.usageMessage().hidden())
                        .toList();
        for (CommandSpec command : commands) {
            String text = String.join(" ", command.usageMessage().description());
            script.line("-f -n __fish_use_subcommand -a " + command.name(), text);
        }
        script.options(root, "__fish_use_subcommand");
        for (CommandSpec command : commands) {
            String here = "'__fish_seen_subcommand_from " + command.name() + "'";
            script.options(command, here);
            for (PositionalParamSpec parameter : command.positionalParameters()) {
                List<String> choices = choices(parameter);
                if (!choices.isEmpty()) {
                    script.line(
                            "-f -n " + here + " -a '" + String.join(" ", choices) + "'",
                            description(parameter));
                }
            }
            if (command.positionalParameters().isEmpty()) {
                script.line("-f -n " + here, "");
            }
        }
        return script.out.toString();
    }

    private void options(CommandSpec command, String here) {
        for (OptionSpec option : command.options()) {
            if (option.hidden()) {
                continue;
            }
            StringBuilder names = new StringBuilder("-n ").append(here);
            for (String name : option.names()) {
                boolean isLong = name.startsWith("--");
                names.append(isLong ? " -l " : " -s ").append(name.substring(isLong ? 2 : 1));
            }
            line(names + value(option), description(option));
        }
    }

    /** What the option takes: one of some words, a file, or something that fish can't know. */
    private static String value(OptionSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        List<String> choices = choices(option);
        if (!choices.isEmpty()) {
            return " -x -a '" + String.join(" ", choices) + "'";
        }
        return option.type().equals(Path.class) ? " -r -F" : " -x";
    }

    private static List<String> choices(ArgSpec argument) {
        List<String> choices = new ArrayList<>();
        Class<?> type =
                argument.auxiliaryTypes().length > 0
                        ? argument.auxiliaryTypes()[0]
                        : argument.type();
        if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                choices.add(constant.toString().toLowerCase(Locale.ROOT));
            }
        }
        return choices;
    }

    private static String description(ArgSpec argument) {
        return String.join(" ", argument.description());
    }

    private void line(String what, String description) {
        out.append("complete -c headroom ").append(what);
        if (!description.isEmpty()) {
            out.append(" -d '").append(brief(description)).append('\'');
        }
        out.append('\n');
    }

    /** The first sentence, since it stands beside the word. */
    private static String brief(String text) {
        int end = text.indexOf(". ");
        String first = end < 0 ? text : text.substring(0, end);
        if (first.length() > LONGEST) {
            first = first.substring(0, first.lastIndexOf(' ', LONGEST)) + " …";
        }
        return first.replaceFirst("\\.$", "").replace("\\", "\\\\").replace("'", "\\'");
    }
}
