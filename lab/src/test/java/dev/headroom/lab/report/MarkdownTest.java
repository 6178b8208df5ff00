package dev.headroom.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.CustomNode;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;

/** The summary for CI as a Markdown parser that is not ours reads it. */
class MarkdownTest {
    private static final String HOSTILE =
            " | [a](https://elsewhere.test) ![b](c) <img src=x> `code` **bold** ~~gone~~ http://elsewhere.test"
                    + " www.elsewhere.test @someone #1 :smile: $x$ \\ & &lt;\nnext";

    private static Node parsed(String markdown) {
        return Parser.builder()
                .extensions(List.of(TablesExtension.create()))
                .build()
                .parse(markdown);
    }

    /** The cells of all rows of all tables, as text. */
    private static List<List<String>> rows(String markdown) {
        List<List<String>> rows = new ArrayList<>();
        parsed(markdown)
                .accept(
                        new AbstractVisitor() {
                            @Override
                            public void visit(CustomNode node) {
                                if (node instanceof TableRow) {
                                    rows.add(new ArrayList<>());
                                }
                                if (node instanceof TableCell) {
                                    rows.getLast().add("");
                                }
                                visitChildren(node);
                            }

                            @Override
                            public void visit(Text text) {
                                if (!rows.isEmpty() && text.getParent() instanceof TableCell) {
                                    rows.getLast()
                                            .add(rows.getLast().removeLast() + text.getLiteral());
                                }
                            }
                        });
        return rows;
    }

    @Test
    void evidenceCounterfactualsAndExpectationsAreTables() {
        String markdown = SampleRun.plain().markdown();
        assertThat(markdown).startsWith("## \u274c autoscaling: scaled\n");
        assertThat(rows(markdown))
                .containsExactly(
                        List.of("when", "what", "value", "source"),
                        List.of(
                                "16 s",
                                "the autoscaler asked for 2 replicas",
                                "2",
                                "HorizontalPodAutoscaler/iris-api-hpa status.desiredReplicas"),
                        List.of(
                                "whole run",
                                "throughput of the last phase",
                                "15,000/s",
                                "3-load.json windows"),
                        List.of("setting", "was", "needed", "why"),
                        List.of("spec.maxReplicas", "3", "at least 10", "161 % of 50 %"),
                        List.of("of", "expected", "found", "met", "note"),
                        List.of("verdict", "scaled", "scaled", "\u2705 met", "a note"),
                        List.of("http_req_failed", "rate<0.001", "0.2", "\u274c not met", "a note"),
                        List.of(
                                "http_req_duration",
                                "p(99)<500",
                                "unknown",
                                "\u2754 not judged",
                                "a note"));
    }

    @Test
    void textOfOthersStaysTextInItsCell() {
        String markdown = SampleRun.hostile(HOSTILE).markdown();
        String onOneLine = HOSTILE.replace('\n', ' ').strip();
        assertThat(rows(markdown))
                .anyMatch(r -> r.get(1).equals("the autoscaler asked for 2 replicas " + onOneLine));
        parsed(markdown)
                .accept(
                        new AbstractVisitor() {
                            @Override
                            public void visit(Link link) {
                                throw new AssertionError("a link to " + link.getDestination());
                            }

                            @Override
                            public void visit(Image image) {
                                throw new AssertionError("an image of " + image.getDestination());
                            }

                            @Override
                            public void visit(HtmlInline html) {
                                throw new AssertionError("HTML: " + html.getLiteral());
                            }

                            @Override
                            public void visit(HtmlBlock html) {
                                throw new AssertionError("HTML: " + html.getLiteral());
                            }
                        });
        // What GitHub makes links and pictures of beyond CommonMark.
        assertThat(markdown).doesNotContain("http://", " www.", " @some", " #1", " :smile:");
    }
}
