package dev.headroom.lab.report;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.VisibleText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the page's script draws, as JSON in the page.
 *
 * @param range first and last second of the axis of time
 * @param load when it was on, in seconds; of no length where none was sent
 */
record PageData(
        List<BigDecimal> range, List<BigDecimal> load, List<Mark> marks, List<Drawing> plots) {

    /**
     * A vertical line.
     *
     * @param brief what is written above it, or empty
     */
    record Mark(BigDecimal t, String kind, String what, String brief) {}

    /** A plot as its table has it. */
    record Drawing(
            String id,
            String axis,
            String unit,
            boolean steps,
            List<String> rows,
            List<BigDecimal> x,
            List<Line> lines) {}

    /**
     * A line of it.
     *
     * @param look as {@link Plot.Style} in lower case
     */
    record Line(String label, String look, int color, List<@Nullable BigDecimal> values) {}

    static PageData of(
            TimeAxis axis, @Nullable LoadRecord load, List<Moment> moments, List<Plot> plots) {
        return new PageData(
                List.of(axis.seconds(axis.from()), axis.seconds(axis.to())),
                List.of(
                        axis.seconds(load == null ? axis.from() : load.start()),
                        axis.seconds(load == null ? axis.from() : load.end())),
                moments.stream()
                        .filter(m -> axis.shows(m.at()))
                        .map(m ->
                                new Mark(
                                        axis.seconds(m.at()),
                                        m.kind().word(),
                                        VisibleText.of(m.what()),
                                        m.brief()))
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
                                        VisibleText.of(l.label()),
                                        l.style().name().toLowerCase(Locale.ROOT),
                                        l.color(),
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
