package dev.headroom.lab.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One plot and the table under it: the very same numbers, already rounded as they are shown.
 *
 * @param id names its elements in the page
 * @param source where its numbers are from, as a sentence
 * @param unknown why it has none; null where it has
 * @param rows what each x is called, as the table's rows are headed
 * @param x ascending
 * @param steps whether a value holds until the next
 */
record Plot(
        String id,
        String title,
        String unit,
        Axis axis,
        String source,
        @Nullable String unknown,
        boolean steps,
        List<String> rows,
        List<BigDecimal> x,
        List<Line> lines) {

    Plot {
        rows = List.copyOf(rows);
        x = List.copyOf(x);
        lines = List.copyOf(lines);
    }

    /** What x is. */
    enum Axis {
        TIME,
        PERCENTILE
    }

    /** How a line looks: what is measured, the sum of the others, or what they are measured against. */
    enum Style {
        VALUE,
        TOTAL,
        BOUND
    }

    /**
     * One line.
     *
     * @param color which of the page's colors it has, where it is a value: a pod has the same in every plot
     * @param values one for each x; null where unknown
     */
    record Line(String label, Style style, int color, List<@Nullable BigDecimal> values) {
        boolean known() {
            return values.stream().anyMatch(v -> v != null);
        }
    }

    private Plot knownRows() {
        int[] known =
                IntStream.range(0, x.size())
                        .filter(i -> lines.stream().anyMatch(l -> l.values().get(i) != null))
                        .toArray();
        return new Plot(
                id,
                title,
                unit,
                axis,
                source,
                unknown,
                steps,
                picked(rows, known),
                picked(x, known),
                lines.stream()
                        .map(l ->
                                new Line(
                                        l.label(), l.style(), l.color(), picked(l.values(), known)))
                        .toList());
    }

    private static <T extends @Nullable Object> List<T> picked(List<T> values, int[] indices) {
        List<T> some = new ArrayList<>();
        for (int i : indices) {
            some.add(values.get(i));
        }
        return some;
    }

    static Builder titled(String id, String title, String unit) {
        return new Builder(id, title, unit);
    }

    /** A plot as it is put together. */
    static final class Builder {
        private final String id;
        private final String title;
        private final String unit;
        private final List<String> rows = new ArrayList<>();
        private final List<BigDecimal> x = new ArrayList<>();
        private final List<Line> lines = new ArrayList<>();
        private final List<String> without = new ArrayList<>();
        private Axis axis = Axis.TIME;
        private String source = "";
        private String reason = "nothing of it was observed";
        private boolean steps;
        private int color;

        private Builder(String id, String title, String unit) {
            this.id = id;
            this.title = title;
            this.unit = unit;
        }

        Builder from(String sentence) {
            source = sentence;
            return this;
        }

        /** Why values are unknown, where some are. */
        Builder unknownSince(String why) {
            reason = why;
            return this;
        }

        Builder steps() {
            steps = true;
            return this;
        }

        Builder axis(Axis other) {
            axis = other;
            return this;
        }

        Builder at(BigDecimal place, String row) {
            x.add(place);
            rows.add(row);
            return this;
        }

        Builder times(List<BigDecimal> seconds) {
            seconds.forEach(s -> at(s, s.toPlainString()));
            return this;
        }

        /** A line in the next color that is free. */
        Builder line(String label, Style style, List<@Nullable Double> values, int decimals) {
            return line(label, style, color++, values, decimals);
        }

        Builder line(
                String label,
                Style style,
                int itsColor,
                List<@Nullable Double> values,
                int decimals) {
            List<@Nullable BigDecimal> rounded = new ArrayList<>();
            for (Double value : values) {
                rounded.add(value == null ? null : Plain.rounded(value, decimals));
            }
            if (rounded.size() != x.size()) {
                throw new IllegalArgumentException(
                        id + ": " + label + " has " + rounded.size() + " values for " + x.size());
            }
            Line line = new Line(label, style, itsColor, rounded);
            if (line.known()) {
                lines.add(line);
            } else {
                without.add(label);
            }
            return this;
        }

        Plot build() {
            if (lines.stream().noneMatch(l -> l.style() != Style.BOUND)) {
                return new Plot(
                        id, title, unit, axis, source, reason, steps, List.of(), List.of(),
                        List.of());
            }
            String all =
                    without.isEmpty()
                            ? source
                            : source
                                    + " Unknown: "
                                    + String.join(", ", without)
                                    + " ("
                                    + reason
                                    + ").";
            Plot whole = new Plot(id, title, unit, axis, all, null, steps, rows, x, lines);
            return axis == Axis.PERCENTILE ? whole.knownRows() : whole;
        }
    }
}
