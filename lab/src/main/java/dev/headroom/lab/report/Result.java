package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.verdict.VerdictRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code 6-result.json}: what came of a run, for programs. Its shape is docs/result.schema.json; what is not known is left out.
 *
 * @param schema version of the shape: keys may be added within one, and none changes its meaning
 * @param program who wrote it: {@code headroom 0.1.0}
 * @param start when the load began, RFC 3339; left out where none was sent
 * @param figures all numbers of the run, named as in {@code 6-metrics.prom}
 */
record Result(
        int schema,
        String program,
        String experiment,
        String verdict,
        String sentence,
        int exitCode,
        Where cluster,
        @Nullable String start,
        @Nullable String end,
        List<VerdictRecord.Expectation> expectations,
        List<VerdictRecord.Evidence> evidence,
        List<VerdictRecord.Counterfactual> counterfactuals,
        List<FigureEntry> figures) {
    static final int SCHEMA = 1;

    /**
     * The cluster that it was made on.
     *
     * @param kind {@code embedded} or {@code context}
     */
    record Where(String kind, @Nullable String context, String version, String namespace) {}

    /** A number, its unit in UCUM, and what tells it from others of its name. */
    record FigureEntry(String name, String unit, Map<String, String> labels, double value) {}

    static Result of(
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            List<Figure> figures,
            VerdictRecord verdict) {
        DeploymentRecord.Place place = deployment.place();
        return new Result(
                SCHEMA,
                "headroom " + deployment.program().version(),
                verdict.experiment(),
                verdict.verdict(),
                verdict.sentence(),
                verdict.exitCode(),
                new Where(place.kind(), place.context(), place.version(), place.namespace()),
                load == null ? null : Plain.instant(load.start()),
                load == null ? null : Plain.instant(load.end()),
                verdict.expectations(),
                verdict.evidence(),
                verdict.counterfactuals(),
                figures.stream()
                        .map(f -> new FigureEntry(f.name(), f.unit(), f.labels(), f.value()))
                        .toList());
    }
}
