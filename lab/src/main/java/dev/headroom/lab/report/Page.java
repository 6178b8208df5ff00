package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.verdict.VerdictRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The page, from the verdict down to the settings. */
final class Page {
    private final Experiment experiment;
    private final DeploymentRecord deployment;
    private final @Nullable LoadRecord load;
    private final Seen seen;
    private final VerdictRecord verdict;
    private final TimeAxis axis;

    Page(
            Experiment experiment,
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            Seen seen,
            VerdictRecord verdict) {
        this.experiment = experiment;
        this.deployment = deployment;
        this.load = load;
        this.seen = seen;
        this.verdict = verdict;
        this.axis = TimeAxis.of(deployment, load, seen);
    }

    String html() {
        Html page = new Html();
        Assets assets = Assets.load();
        Thinned thinned = Thinned.to(Points.count(seen, axis));
        List<Plot> plots = Plots.of(deployment, load, seen, axis, thinned);
        List<Moment> moments = Moment.of(seen);
        Distribution distribution = Distribution.of(load, seen);
        head(page, assets);
        List<Glance> glances = Glance.of(deployment, load, seen, verdict);
        new VerdictSections(page, axis, deployment, verdict, glances).write();
        new CourseSections(page, axis, seen).write(plots, moments, thinned.note());
        new JudgedSections(page, axis, deployment.target().name(), verdict).write();
        distribution(page, distribution);
        new ClusterSections(page, axis, seen, deployment).write();
        new SettingsSections(page, experiment, deployment, load, verdict).write();
        List<Plot> drawn = new ArrayList<>(plots);
        drawn.add(distribution.plot());
        page.raw("</main>\n<footer><p>Written by Headroom ")
                .text(deployment.program().version())
                .raw(". Times are seconds since ")
                .text(axis.zero())
                .raw("; instants are UTC. Plots are drawn by uPlot (MIT).</p></footer>\n")
                .raw("<p id=\"spoken\" class=\"spoken\" aria-live=\"polite\"></p>\n")
                .raw("<script type=\"application/json\" id=\"data\">")
                .raw(PageData.of(axis, load, moments, drawn).json())
                .raw("</script>\n<script>")
                .raw(assets.script())
                .raw("</script>\n</body>\n</html>\n");
        return page.toString();
    }

    private void head(Html page, Assets assets) {
        page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"")
                .raw(assets.policy())
                .raw("\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .raw("<meta name=\"referrer\" content=\"no-referrer\">\n<title>")
                .text(verdict.experiment() + ": " + verdict.verdict())
                .raw("</title>\n<style>")
                .raw(assets.style())
                .raw("</style>\n</head>\n<body>\n<main>\n");
    }

    private static void distribution(Html page, Distribution distribution) {
        page.section("latencies", "Latency distribution");
        if (!distribution.summary().isEmpty()) {
            page.numbers(
                    "Latency over the whole load", Distribution.SUMMARY, distribution.summary());
        }
        distribution.notes().forEach(n -> page.element("p", "note", n));
        CourseSections.figure(page, distribution.plot(), "percentile");
        page.end();
    }
}
