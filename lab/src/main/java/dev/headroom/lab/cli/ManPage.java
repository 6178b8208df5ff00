package dev.headroom.lab.cli;

import dev.headroom.lab.run.ProgramVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page in the language of man(7), from the same texts as {@code --help}. picocli's own generator writes AsciiDoc, which would need Asciidoctor to become a page.
 */
final class ManPage {
    private static final Map<String, String> ENVIRONMENT = new LinkedHashMap<>();
    private static final Map<String, String> FILES = new LinkedHashMap<>();

    static {
        ENVIRONMENT.put(
                "KUBECONFIG",
                "Where --context looks for its context, as kubectl does; else ~/.kube/config.");
        ENVIRONMENT.put(
                "OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
                "A collector that --output otlp sends figures to, by OTLP/HTTP in JSON. OTEL_EXPORTER_OTLP_HEADERS and OTEL_EXPORTER_OTLP_TIMEOUT are heeded too.");
        ENVIRONMENT.put("NO_COLOR", "Without colours, where it is not empty.");
        ENVIRONMENT.put(
                "HEADROOM_CPU_LIMITS",
                "How the embedded cluster limits CPU: cgroup-v2, systemd-scope, cgroup-v1 or duty-cycle. Default: the first that works.");
        ENVIRONMENT.put("HEADROOM_BUILD", "With \"no\" the launcher never builds.");
        ENVIRONMENT.put("HEADROOM_JAVA_OPTIONS", "Further options for the JVM.");
        FILES.put("1-experiment.yaml", "The experiment as it was resolved.");
        FILES.put("2-deployment.json", "What was applied, to which cluster.");
        FILES.put("3-load.json", "What load was offered, and what came back.");
        FILES.put("4-observations.jsonl", "All that was seen, a line each.");
        FILES.put("5-verdict.json", "The verdict and its evidence.");
        FILES.put(
                "6-report.html, 6-summary.md, 6-junit.xml", "The reports that are always written.");
        FILES.put("6-result.json, 6-metrics.prom, 6-otlp.json", "Those that --output asks for.");
    }

    private final StringBuilder out = new StringBuilder();

    private ManPage() {}

    static String of(CommandLine program) {
        ManPage page = new ManPage();
        page.write(program.getCommandSpec());
        return page.out.toString();
    }

    private void write(CommandSpec program) {
        out.append(".TH HEADROOM 1 \"\" \"headroom ")
                .append(escaped(ProgramVersion.text()))
                .append("\" \"User Commands\"\n");
        section("NAME");
        String first = String.join(" ", program.usageMessage().description());
        out.append("headroom \\- ").append(escaped(first)).append('\n');
        section("SYNOPSIS");
        for (CommandSpec command : commands(program)) {
            out.append(".B headroom ").append(escaped(command.name())).append('\n');
            synopsis(command);
            out.append(".br\n");
        }
        section("DESCRIPTION");
        paragraph(first);
        section("COMMANDS");
        commands(program).forEach(this::command);
        section("EXIT STATUS");
        for (Map.Entry<String, String> code : program.usageMessage().exitCodeList().entrySet()) {
            item(code.getKey().isBlank() ? "\\&" : code.getKey().strip(), code.getValue());
        }
        section("ENVIRONMENT");
        ENVIRONMENT.forEach((name, text) -> item(escaped(name), text));
        section("FILES");
        paragraph("Every run leaves a folder runs/<time>-<name> with:");
        FILES.forEach((name, text) -> item(escaped(name), text));
        section("SEE ALSO");
        out.append(".BR kubectl (1),\n.BR wrk (1)\n");
    }

    private static List<CommandSpec> commands(CommandSpec program) {
        return program.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(c -> !c.usageMessage().hidden())
                .toList();
    }

    private void synopsis(CommandSpec command) {
        if (options(command).stream().anyMatch(o -> !o.hidden())) {
            out.append("[\\fIOPTION\\fR]...\n");
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            String many = parameter.arity().isVariable() ? "..." : "";
            String label = "\\fI" + escaped(parameter.paramLabel()) + "\\fR" + many;
            out.append(parameter.arity().min() == 0 ? "[" + label + "]" : label).append('\n');
        }
    }

    private void command(CommandSpec command) {
        out.append(".SS headroom ").append(escaped(command.name())).append('\n');
        for (String text : command.usageMessage().description()) {
            paragraph(text);
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            item("\\fI" + escaped(parameter.paramLabel()) + "\\fR", description(parameter));
        }
        for (OptionSpec option : options(command)) {
            String label =
                    option.arity().max() == 0
                            ? ""
                            : " \\fI" + escaped(option.paramLabel()) + "\\fR";
            item(
                    "\\fB" + escaped(String.join(", ", option.names())) + "\\fR" + label,
                    description(option));
        }
        for (String text : command.usageMessage().footer()) {
            if (!text.isBlank()) {
                paragraph(text.replace("%%", "%"));
            }
        }
    }

    private static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(o -> !o.hidden()).toList();
    }

    private static String description(ArgSpec argument) {
        String text = String.join(" ", argument.description());
        String otherwise = String.valueOf(argument.defaultValue());
        return text.replace("${DEFAULT-VALUE}", otherwise).replace("%%", "%");
    }

    private void section(String name) {
        out.append(".SH ").append(name).append('\n');
    }

    private void paragraph(String text) {
        out.append(".PP\n").append(line(text)).append('\n');
    }

    private void item(String term, String text) {
        out.append(".TP\n").append(term).append('\n').append(line(text)).append('\n');
    }

    /** A line of text that is no request, whatever it begins with. */
    private static String line(String text) {
        String escaped = escaped(text.strip());
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }
}
