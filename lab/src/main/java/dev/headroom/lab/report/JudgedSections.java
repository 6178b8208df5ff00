package dev.headroom.lab.report;

import dev.headroom.lab.report.Html.Cell;
import dev.headroom.lab.verdict.VerdictRecord;
import dev.headroom.lab.verdict.VerdictRecord.Phase;
import dev.headroom.lab.verdict.VerdictRecord.PodShare;
import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;
import java.util.ArrayList;
import java.util.List;

/** What the judge computed on its way: phases, the reaction by steps, and what it could not try. */
final class JudgedSections {
    private final Html page;
    private final TimeAxis axis;
    private final String workload;
    private final VerdictRecord verdict;

    JudgedSections(Html page, TimeAxis axis, String workload, VerdictRecord verdict) {
        this.workload = workload;
        this.page = page;
        this.axis = axis;
        this.verdict = verdict;
    }

    void write() {
        reaction();
        phases();
        lacking();
    }

    private void reaction() {
        page.section("reaction", "Reaction by steps");
        if (verdict.reaction().isEmpty()) {
            page.element("p", "note", "No pod was added under load.");
        } else {
            List<List<Cell>> rows = new ArrayList<>();
            for (ReactionStep step : verdict.reaction()) {
                Long at = step.at();
                rows.add(
                        List.of(
                                Cell.of(step.name()),
                                at == null ? Cell.of("not seen") : axis.cell(at),
                                Cell.number(
                                        step.seconds() == null
                                                ? at == null ? Plain.UNKNOWN : "\u2013"
                                                : Plain.number(step.seconds(), 1, "s")),
                                Cell.code(step.source())));
            }
            page.table(
                    "From load to a fair share of it",
                    List.of("step", "when", "took", "source"),
                    rows);
        }
        page.end();
    }

    private void phases() {
        if (verdict.phases().isEmpty()) {
            return;
        }
        page.section("phases", "Phases");
        page.element(
                "p",
                "note",
                "A phase is a stretch in which the same pods served. Its first 5 s are left out of"
                        + " its figures.");
        List<List<String>> rows = new ArrayList<>();
        int number = 1;
        for (Phase phase : verdict.phases()) {
            String name = String.valueOf(number++);
            List<String> whole =
                    List.of(
                            axis.words(phase.start()),
                            axis.words(phase.end()),
                            Plain.number(phase.throughput(), 1, "/s"),
                            Plain.number(phase.meanLatencyMillis(), 1, "ms"),
                            phase.decides() ? "yes" : "no: " + phase.windows() + " windows");
            if (phase.pods().isEmpty()) {
                rows.add(row(name, whole, List.of("none", "\u2013", "\u2013", "\u2013", "\u2013")));
            }
            for (PodShare pod : phase.pods()) {
                rows.add(row(name, whole, cells(pod)));
            }
        }
        page.numbers(
                "Each serving pod in each phase",
                List.of(
                        "phase",
                        "from",
                        "to",
                        "throughput",
                        "mean latency",
                        "decides",
                        "pod",
                        "share of answers",
                        "CPU of its limit",
                        "throttled",
                        "saturated"),
                rows);
        page.end();
    }

    private static List<String> row(String name, List<String> whole, List<String> pod) {
        List<String> row = new ArrayList<>();
        row.add(name);
        row.addAll(whole);
        row.addAll(pod);
        return row;
    }

    private List<String> cells(PodShare pod) {
        Boolean saturated = pod.saturated();
        return List.of(
                Plain.shortPod(workload, pod.pod()),
                Plain.percent(pod.share()),
                Plain.percent(pod.cpuOfLimit()),
                Plain.percent(pod.throttled()),
                saturated == null ? Plain.UNKNOWN : saturated ? "yes" : "no");
    }

    private void lacking() {
        if (verdict.lacking().isEmpty()) {
            return;
        }
        page.section("lacking", "What could not be judged");
        List<List<Cell>> rows = new ArrayList<>();
        verdict.lacking().forEach(l -> rows.add(List.of(Cell.of(l.rule()), Cell.of(l.data()))));
        page.table(
                "Rules that were not tried, since their data is missing",
                List.of("rule", "data it lacks"),
                rows);
        page.end();
    }
}
