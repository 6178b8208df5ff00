package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.report.Html.Cell;
import dev.headroom.lab.verdict.VerdictRecord;
import dev.headroom.lab.verdict.VerdictRecord.Evidence;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import java.util.ArrayList;
import java.util.List;

/** What a reader wants first: the verdict, what speaks for it, what would have changed it, and what was expected. */
final class VerdictSections {
    private final Html page;
    private final TimeAxis axis;
    private final DeploymentRecord deployment;
    private final VerdictRecord verdict;
    private final List<Glance> glances;

    VerdictSections(
            Html page,
            TimeAxis axis,
            DeploymentRecord deployment,
            VerdictRecord verdict,
            List<Glance> glances) {
        this.glances = glances;
        this.page = page;
        this.axis = axis;
        this.deployment = deployment;
        this.verdict = verdict;
    }

    void write() {
        header();
        page.raw("<nav aria-label=\"Parts of this page\">")
                .raw("<a href=\"#evidence\">Evidence</a><a href=\"#expectations\">Expectations</a>")
                .raw("<a href=\"#course\">Course of the run</a>")
                .raw("<a href=\"#moments\">Decisions</a><a href=\"#latencies\">Latency</a>")
                .raw("<a href=\"#conditions\">Conditions</a><a href=\"#load\">Load</a>")
                .raw("<a href=\"#settings\">Settings and environment</a></nav>\n");
        page.section("evidence", "Evidence");
        evidence("What speaks for the verdict, the decisive first", verdict.evidence());
        if (verdict.counterfactuals().isEmpty()) {
            page.element(
                    "p", "note", "No setting was computed that would have changed this verdict.");
        }
        page.end();
        counterfactuals();
        expectations();
        findings();
    }

    private void header() {
        String tone =
                switch (verdict.exitCode()) {
                    case 0 -> "good";
                    case 3 -> "uncertain";
                    default -> "bad";
                };
        page.raw("<header class=\"")
                .raw(tone)
                .raw("\">\n<p class=\"about\">")
                .text("Experiment ")
                .raw("<b>")
                .text(verdict.experiment())
                .raw("</b> \u00b7 ")
                .text(
                        deployment.place().kind().equals("embedded")
                                ? "embedded cluster"
                                : "context "
                                        + Plain.or(deployment.place().context(), Plain.UNKNOWN))
                .raw(" \u00b7 <time datetime=\"")
                .raw(Plain.instant(axis.origin()))
                .raw("\">")
                .text(Plain.utc(axis.origin()))
                .raw("</time></p>\n<h1><span class=\"word\">")
                .text(verdict.verdict())
                .raw("</span></h1>\n");
        page.element("p", "lead", verdict.sentence());
        page.raw("<p class=\"met\"><span class=\"sign\" aria-hidden=\"true\">")
                .raw(tone.equals("good") ? "\u2713" : tone.equals("bad") ? "\u2717" : "?")
                .raw("</span> ")
                .text(outcome())
                .raw("</p>\n<dl class=\"glance\">");
        for (Glance glance : glances) {
            page.raw("<div><dt>")
                    .text(glance.what())
                    .raw("</dt><dd>")
                    .text(glance.value())
                    .raw("</dd></div>");
        }
        page.raw("</dl>\n</header>\n");
    }

    /** What the exit code says, in words. */
    private String outcome() {
        int all = verdict.expectations().size();
        long met =
                verdict.expectations().stream().filter(e -> Boolean.TRUE.equals(e.met())).count();
        String of =
                all == 0
                        ? "Nothing in particular was expected"
                        : met == all
                                ? "Every expectation was met (" + all + ")"
                                : met
                                        + " of "
                                        + Plain.count(all, "expectation", "expectations")
                                        + " met";
        String code =
                switch (verdict.exitCode()) {
                    case 0 -> "";
                    case 3 -> "; the run does not bear a verdict";
                    case 99 -> "; the run failed what was expected of it";
                    default -> "; the run failed";
                };
        return of + code + ". Exit code " + verdict.exitCode() + ".";
    }

    private void evidence(String caption, List<Evidence> evidence) {
        if (evidence.isEmpty()) {
            page.element("p", "note", "None was given.");
            return;
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (Evidence one : evidence) {
            rows.add(
                    List.of(
                            axis.cell(one.at()),
                            Cell.of(one.what()),
                            Cell.value(one.value()),
                            Cell.code(one.source())));
        }
        page.table(caption, List.of("when", "what", "value", "source"), rows);
    }

    private void counterfactuals() {
        if (verdict.counterfactuals().isEmpty()) {
            return;
        }
        page.section("counterfactuals", "What would have changed it");
        List<List<Cell>> rows = new ArrayList<>();
        for (VerdictRecord.Counterfactual one : verdict.counterfactuals()) {
            rows.add(
                    List.of(
                            Cell.code(one.setting()),
                            Cell.of(one.was()),
                            Cell.value((one.atLeast() ? "at least " : "") + one.value()),
                            Cell.of(one.why())));
        }
        page.table(
                "Settings that would have changed the verdict, each computed",
                List.of("setting", "was", "needed", "why"),
                rows);
        page.end();
    }

    private void expectations() {
        page.section("expectations", "Expectations");
        if (verdict.expectations().isEmpty()) {
            page.element("p", "note", "The experiment expects nothing in particular.");
        } else {
            boolean noted = verdict.expectations().stream().anyMatch(e -> e.note() != null);
            List<String> headings = List.of("of", "expected", "found", "met", "note");
            page.table(
                    "What the experiment expected, and what came",
                    headings.subList(0, noted ? 5 : 4),
                    verdict.expectations().stream()
                            .map(e -> cells(e).subList(0, noted ? 5 : 4))
                            .toList());
        }
        page.end();
    }

    private static List<Cell> cells(Expectation one) {
        return List.of(
                Cell.code(one.subject()),
                Cell.code(one.expected()),
                Cell.value(Plain.or(one.found(), Plain.UNKNOWN)),
                met(one),
                Cell.of(Plain.or(one.note(), "")));
    }

    private static Cell met(Expectation one) {
        Boolean met = one.met();
        return met == null
                ? new Cell("? not judged", "uncertain", "")
                : met ? new Cell("\u2713 met", "good", "") : new Cell("\u2717 not met", "bad", "");
    }

    private void findings() {
        if (verdict.findings().isEmpty()) {
            return;
        }
        page.section("findings", "Also seen");
        for (VerdictRecord.Finding finding : verdict.findings()) {
            page.element("h3", finding.word());
            page.element("p", finding.sentence());
            if (!finding.evidence().isEmpty()) {
                page.raw("<details><summary>").text("Evidence of " + finding.word());
                page.raw("</summary>\n");
                evidence("What speaks for it, the decisive first", finding.evidence());
                page.raw("</details>\n");
            }
        }
        page.end();
    }
}
