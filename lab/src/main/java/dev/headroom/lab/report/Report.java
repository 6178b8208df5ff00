package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.verdict.VerdictRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports of one run. The same run always gives the same text: no clock, no chance, no language or time zone of the machine is in it. */
public final class Report {
    private Report() {}

    /**
     * One page that needs nothing else: no network, no other file.
     *
     * @param load null where none was sent
     */
    public static String html(
            Experiment experiment,
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            List<Observation> observations,
            VerdictRecord verdict) {
        return new Page(experiment, deployment, load, Seen.of(observations), verdict).html();
    }

    /** Verdict, evidence and expectations in GitHub's Markdown, for the summary of a job. */
    public static String markdown(
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            List<Observation> observations,
            VerdictRecord verdict) {
        return Markdown.of(TimeAxis.of(deployment, load, Seen.of(observations)), verdict);
    }

    /** JUnit's XML: one test case an expectation. */
    public static String junit(@Nullable LoadRecord load, VerdictRecord verdict) {
        return JUnit.of(load, verdict);
    }

    /** Verdict, evidence, expectations and all figures as JSON; docs/result.schema.json has its shape. */
    public static byte[] result(
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            List<Observation> observations,
            VerdictRecord verdict) {
        List<Figure> figures = Figures.of(deployment, load, Seen.of(observations), verdict);
        return Json.pretty(Result.of(deployment, load, figures, verdict));
    }

    /** All figures in Prometheus' text format. */
    public static String prometheus(
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            List<Observation> observations,
            VerdictRecord verdict) {
        return PrometheusFile.of(Figures.of(deployment, load, Seen.of(observations), verdict));
    }

    /** All figures as the body of an OTLP/HTTP request for metrics, in JSON; their time is the end of the load. */
    public static byte[] otlp(
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            List<Observation> observations,
            VerdictRecord verdict) {
        return Otlp.of(
                Figures.of(deployment, load, Seen.of(observations), verdict),
                load == null ? deployment.end() : load.end(),
                deployment.program().version());
    }
}
