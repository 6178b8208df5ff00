package dev.headroom.lab.report;

import dev.headroom.lab.run.VisibleText;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A run's figures in Prometheus' text format, for node_exporter's textfile collector or a Pushgateway. */
final class PrometheusFile {
    private PrometheusFile() {}

    static String of(List<Figure> figures) {
        StringBuilder out = new StringBuilder();
        String before = "";
        for (Figure figure : grouped(figures)) {
            if (!figure.name().equals(before)) {
                before = figure.name();
                out.append("# HELP ").append(before).append(' ').append(figure.help()).append('\n');
                out.append("# TYPE ").append(before).append(" gauge\n");
            }
            out.append(figure.name())
                    .append(labels(figure.labels()))
                    .append(' ')
                    .append(new BigDecimal(String.valueOf(figure.value())).toPlainString())
                    .append('\n');
        }
        return out.toString();
    }

    /** All of one name together, as the format wants it, in the order in which names first came. */
    private static List<Figure> grouped(List<Figure> figures) {
        return figures.stream()
                .collect(
                        Collectors.groupingBy(
                                Figure::name, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static String labels(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(l -> l.getKey() + "=\"" + escaped(l.getValue()) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String escaped(String text) {
        return VisibleText.of(text)
                .replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n");
    }
}
