package dev.headroom.lab.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What {@code run}, {@code judge} and {@code report} write beside the page. */
final class OutputOptions {
    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            split = ",",
            description =
                    "Also write json (6-result.json), prometheus (6-metrics.prom) or otlp (6-otlp.json, and pushed to OTEL_EXPORTER_OTLP_ENDPOINT where that is set); several with commas between. junit and markdown are always written.")
    List<Output> formats = List.of();

    Set<Output> chosen() {
        Set<Output> chosen = EnumSet.of(Output.JUNIT, Output.MARKDOWN);
        chosen.addAll(formats);
        return chosen;
    }
}
