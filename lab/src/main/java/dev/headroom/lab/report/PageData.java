package dev.headroom.lab.report;

import dev.headroom.lab.run.Json;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page's script draws, as JSON in the page.
 *
 * @param range first and last second of the axis of time
 */
record PageData(List<BigDecimal> range, List<Mark> marks, List<Drawing> plots) {

    /** A vertical line. */
    record Mark(BigDecimal t, String kind, String what) {}

    /** A plot as its table has it. */
    record Drawing(
            String id,
            String axis,
            String unit,
            boolean steps,
            List<String> rows,
            List<BigDecimal> x,
            List<Line> lines) {}

    /** A line of it. */
    record Line(String label, boolean bound, List<@Nullable BigDecimal> values) {}

    static PageData of(TimeAxis axis, List<Moment> moments, List<Plot> plots) {
        return new PageData(
                List.of(axis.seconds(axis.from()), axis.seconds(axis.to())),
                moments.stream()
                        .filter(m -> axis.shows(m.at()))
                        .map(m ->
                                new Mark(
                                        axis.seconds(m.at()),
                                        m.kind().word(),
                                        Plain.visible(m.what())))
                        .toList(),
                plots.stream().filter(p -> p.unknown() == null).map(PageData::drawing).toList());
    }

    private static Drawing drawing(Plot plot) {
        boolean time = plot.axis() == Plot.Axis.TIME;
        return new Drawing(
                plot.id(),
                time ? "time" : "percentile",
                plot.unit(),
                plot.steps(),
                time ? List.of() : plot.rows(),
                plot.x(),
                plot.lines().stream()
                        .map(l ->
                                new Line(
                                        Plain.visible(l.label()),
                                        l.style() == Plot.Style.BOUND,
                                        l.values()))
                        .toList());
    }

    /** As the content of a script element: no text in it can end the element, open a comment or break a line of JavaScript. */
    String json() {
        String json = Json.mapper().writeValueAsString(this);
        StringBuilder escaped = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            switch (c) {
                case '<' -> escaped.append("\\u003c");
                case '>' -> escaped.append("\\u003e");
                case '&' -> escaped.append("\\u0026");
                case '\u2028' -> escaped.append("\\u2028");
                case '\u2029' -> escaped.append("\\u2029");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
