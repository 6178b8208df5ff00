package dev.headroom.lab.report;

import dev.headroom.lab.run.VisibleText;
import java.util.ArrayList;
import java.util.List;

/** A page as it grows. Whatever comes from a run goes through {@link #text}, which leaves none of it to be markup. */
final class Html {
    private static final int MOST_ROWS = 400;

    private final StringBuilder out = new StringBuilder(1 << 17);

    /** Markup of our own, never anything a run brought along. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    Html text(String text) {
        out.append(escaped(text));
        return this;
    }

    Html element(String tag, String text) {
        return raw("<" + tag + ">").text(text).raw("</" + tag + ">\n");
    }

    Html element(String tag, String cssClass, String text) {
        return raw("<" + tag + " class=\"")
                .text(cssClass)
                .raw("\">")
                .text(text)
                .raw("</" + tag + ">\n");
    }

    /** A section with its heading; closed with {@link #end}. */
    Html section(String id, String heading) {
        return raw("<section id=\"" + id + "\" aria-labelledby=\"" + id + "-h\">\n<h2 id=\"" + id)
                .raw("-h\">")
                .text(heading)
                .raw("</h2>\n");
    }

    Html end() {
        return raw("</section>\n");
    }

    /** A cell of a table; {@code title} is what hovering tells, or empty. */
    record Cell(String text, String cssClass, String title) {
        /** Up to this many characters stay on one line. */
        private static final int SHORT = 32;

        /** A value with its unit, on one line where it is short enough. */
        static Cell value(String text) {
            return new Cell(text, text.length() <= SHORT ? "value short" : "value", "");
        }

        /** A word of Kubernetes' such as {@code MinimumReplicasUnavailable}. */
        static Cell word(String text) {
            return new Cell(text, text.length() <= SHORT ? "short" : "", "");
        }

        static Cell of(String text) {
            return new Cell(text, "", "");
        }

        static Cell number(String text) {
            return new Cell(text, "n short", "");
        }

        static Cell code(String text) {
            return new Cell(text, "code", "");
        }
    }

    /** A table of text, whose rows become blocks on a narrow screen. The first cell of a row is its heading. */
    Html table(String caption, List<String> headings, List<List<Cell>> rows) {
        raw("<table class=\"stack\">\n<caption>").text(caption).raw("</caption>\n");
        headings(headings);
        raw("<tbody>\n");
        for (List<Cell> row : rows) {
            raw("<tr>");
            for (int i = 0; i < row.size(); i++) {
                cell(
                        i == 0 ? "th scope=\"row\"" : "td",
                        i == 0 ? "th" : "td",
                        row.get(i),
                        headings.get(i));
            }
            raw("</tr>\n");
        }
        return raw("</tbody></table>\n");
    }

    /** A table of text that may be long: of many rows the first and the last are shown, and how many are not. */
    Html longTable(String caption, List<String> headings, List<List<Cell>> rows) {
        if (rows.size() <= MOST_ROWS) {
            return table(caption, headings, rows);
        }
        int half = MOST_ROWS / 2;
        List<List<Cell>> some = new ArrayList<>(rows.subList(0, half));
        some.addAll(rows.subList(rows.size() - half, rows.size()));
        return table(
                caption
                        + "; the first and the last "
                        + half
                        + " of "
                        + rows.size()
                        + ", all are in 4-observations.jsonl",
                headings,
                some);
    }

    /** A table of numbers, which scrolls sideways where it is too wide. The first cell of a row is its heading. */
    Html numbers(String caption, List<String> headings, List<List<String>> rows) {
        raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .text(caption)
                .raw("\"><table class=\"numbers\">\n<caption>")
                .text(caption)
                .raw("</caption>\n");
        headings(headings);
        raw("<tbody>\n");
        for (List<String> row : rows) {
            raw("<tr><th scope=\"row\">").text(row.getFirst()).raw("</th>");
            for (String value : row.subList(1, row.size())) {
                raw("<td>").text(value).raw("</td>");
            }
            raw("</tr>\n");
        }
        return raw("</tbody></table></div>\n");
    }

    private void headings(List<String> headings) {
        raw("<thead><tr>");
        for (String heading : headings) {
            raw("<th scope=\"col\">").text(heading).raw("</th>");
        }
        raw("</tr></thead>\n");
    }

    private void cell(String open, String close, Cell cell, String heading) {
        raw("<" + open + " data-label=\"").text(heading).raw("\"");
        if (!cell.cssClass().isEmpty()) {
            raw(" class=\"").text(cell.cssClass()).raw("\"");
        }
        if (!cell.title().isEmpty()) {
            raw(" title=\"").text(cell.title()).raw("\"");
        }
        String escaped = escaped(cell.text());
        // A name of Kind/name breaks there first.
        raw(">").raw(cell.cssClass().equals("code") ? escaped.replace("/", "/<wbr>") : escaped);
        raw("</" + close + ">");
    }

    /** Text for an element's content or a quoted attribute. */
    static String escaped(String text) {
        String visible = VisibleText.of(text);
        StringBuilder escaped = new StringBuilder(visible.length() + 16);
        for (int i = 0; i < visible.length(); i++) {
            char c = visible.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
