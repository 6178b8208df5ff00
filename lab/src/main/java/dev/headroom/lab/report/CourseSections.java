package dev.headroom.lab.report;

import dev.headroom.lab.report.Html.Cell;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The course of the run: the plots on their common axis, and what happened meanwhile. */
final class CourseSections {
    private final Html page;
    private final TimeAxis axis;
    private final Seen seen;

    CourseSections(Html page, TimeAxis axis, Seen seen) {
        this.page = page;
        this.axis = axis;
        this.seen = seen;
    }

    /**
     * @param howToRead what must be known of the plots' points
     */
    void write(List<Plot> plots, List<Moment> moments, String howToRead) {
        page.section("course", "Course of the run");
        page.raw("<p class=\"note\">")
                .text("All on one axis: seconds since " + axis.zero() + " (")
                .raw("<time datetime=\"")
                .raw(Plain.instant(axis.origin()))
                .raw("\">")
                .text(Plain.utc(axis.origin()))
                .raw("</time>). ")
                .text(
                        "Upright lines are decisions and events of pods. Drag across a plot to look"
                                + " closer, double-click or press Escape for all of it; arrow keys"
                                + " read its values, and under each plot are its numbers."
                                + howToRead)
                .raw("</p>\n<ul class=\"key\" aria-label=\"Upright lines\">")
                .raw("<li class=\"decision\">decision</li><li class=\"pod\">pod</li>")
                .raw("<li class=\"run\">load on</li></ul>\n")
                .raw("<noscript><p class=\"unknown\">The plots need JavaScript; the tables under")
                .raw(" them hold the same numbers.</p></noscript>\n");
        plots.forEach(p -> figure(page, p, "seconds"));
        page.end();
        moments(moments);
        gaps();
    }

    static void figure(Html page, Plot plot, String axisName) {
        String title = plot.title() + " (" + plot.unit() + ")";
        page.raw("<figure aria-labelledby=\"t-" + plot.id() + "\">\n<figcaption><h3 id=\"t-")
                .raw(plot.id())
                .raw("\">")
                .text(plot.title())
                .raw(" <small>")
                .text(plot.unit())
                .raw("</small></h3>");
        if (plot.unknown() == null) {
            page.raw("<p class=\"note\">").text(plot.source()).raw("</p>");
        }
        page.raw("</figcaption>\n");
        if (plot.unknown() != null) {
            page.raw("<p class=\"unknown\"><b>unknown</b>: ")
                    .text(plot.unknown())
                    .raw("</p></figure>\n");
            return;
        }
        page.raw("<div class=\"plot\" id=\"plot-" + plot.id() + "\"></div>\n");
        page.raw("<p class=\"near\" id=\"near-" + plot.id() + "\" aria-hidden=\"true\"></p>\n");
        page.raw("<details id=\"table-" + plot.id() + "\"><summary>Numbers of this plot")
                .raw("</summary>\n");
        List<String> headings = new ArrayList<>();
        headings.add(axisName);
        plot.lines().forEach(l -> headings.add(l.label()));
        List<List<String>> rows = new ArrayList<>();
        boolean gaps = false;
        for (int i = 0; i < plot.rows().size(); i++) {
            List<String> row = new ArrayList<>();
            row.add(plot.rows().get(i));
            for (Plot.Line line : plot.lines()) {
                BigDecimal value = line.values().get(i);
                gaps |= value == null;
                row.add(value == null ? "\u2013" : value.toPlainString());
            }
            rows.add(row);
        }
        page.numbers(title, headings, rows);
        if (gaps) {
            page.element(
                    "p",
                    "note",
                    "\u2013: unknown there; nothing was there to be read, or no new figure came.");
        }
        page.raw("</details></figure>\n");
    }

    private void moments(List<Moment> moments) {
        page.section("moments", "Decisions and pod events");
        if (moments.isEmpty()) {
            page.element("p", "note", "None was observed.");
        } else {
            List<List<Cell>> rows = new ArrayList<>();
            for (Moment moment : moments) {
                rows.add(
                        List.of(
                                axis.cell(moment.at()),
                                Cell.of(moment.kind().word()),
                                Cell.of(moment.what())));
            }
            page.longTable(
                    "What the upright lines stand for, and what was before the plots begin",
                    List.of("when", "kind", "what"),
                    rows);
        }
        page.end();
    }

    private void gaps() {
        if (seen.gaps().isEmpty()) {
            return;
        }
        page.section("gaps", "What could not be observed");
        List<List<Cell>> rows = new ArrayList<>();
        seen.gaps()
                .forEach(g ->
                        rows.add(
                                List.of(
                                        axis.cell(g.at()),
                                        Cell.of(g.source()),
                                        Cell.of(g.problem()))));
        page.longTable(
                "Each said once, when it began", List.of("since", "source", "problem"), rows);
        page.end();
    }
}
