package dev.headroom.lab.report;

import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.verdict.VerdictRecord;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import dev.headroom.lab.verdict.VerdictRecord.Phase;
import dev.headroom.lab.verdict.VerdictRecord.ReactionStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All figures of a run. What is not known is not among them, and latencies that late answers are missing from are left out. */
final class Figures {
    private final String experiment;
    private final List<Figure> all = new ArrayList<>();

    private Figures(String experiment) {
        this.experiment = experiment;
    }

    static List<Figure> of(
            DeploymentRecord deployment,
            @Nullable LoadRecord load,
            Seen seen,
            VerdictRecord verdict) {
        Figures figures = new Figures(verdict.experiment());
        figures.run(deployment, verdict);
        if (load != null) {
            figures.load(load);
            figures.latencies(load, seen.latency());
            figures.replicas(load, seen);
        }
        figures.phases(verdict.phases());
        figures.reaction(verdict.reaction());
        figures.expectations(verdict.expectations());
        return figures.all;
    }

    private void add(
            String name, String unit, String help, @Nullable Number value, String... labels) {
        if (value == null || !Double.isFinite(value.doubleValue())) {
            return;
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("experiment", experiment);
        for (int i = 0; i < labels.length; i += 2) {
            all.put(labels[i], labels[i + 1]);
        }
        this.all.add(new Figure("headroom_" + name, unit, help, all, value.doubleValue()));
    }

    private void run(DeploymentRecord deployment, VerdictRecord verdict) {
        add(
                "run_info",
                "1",
                "Always 1: the verdict, and where the run was made.",
                1,
                "verdict",
                verdict.verdict(),
                "cluster",
                deployment.place().kind(),
                "version",
                deployment.program().version());
        add("run_exit_code", "1", "The exit code that goes with the verdict.", verdict.exitCode());
        add(
                "run_start_time_seconds",
                "s",
                "When the first object was applied, since the epoch.",
                deployment.start() / 1e3);
    }

    private void load(LoadRecord load) {
        double seconds = (load.end() - load.start()) / 1e3;
        add("load_seconds", "s", "How long the load lasted.", seconds);
        add(
                "load_connections",
                "{connection}",
                "The most connections that were open at once.",
                load.connections().opened());
        add("load_answers", "{answer}", "Complete answers, of any status.", load.answers());
        add(
                "load_failed",
                "{answer}",
                "Answers with status 400 or above, and requests that got none.",
                load.failed());
        if (seconds > 0) {
            add(
                    "load_answers_per_second",
                    "{answer}/s",
                    "Answers a second, mean over the load.",
                    load.answers() / seconds);
        }
    }

    private void latencies(LoadRecord load, Observation.@Nullable ServiceLatency balancer) {
        LoadRecord.Latency own = load.latency();
        if (own != null && !own.cutOff()) {
            latency(load.generator().name(), own.mean(), own.percentiles());
        }
        if (balancer != null) {
            latency("balancer", balancer.mean(), balancer.percentiles());
        }
    }

    private void latency(String source, double mean, Map<String, Double> percentiles) {
        add(
                "load_latency_mean_seconds",
                "s",
                "Mean latency of the answers, by who measured it.",
                mean / 1e3,
                "source",
                source);
        Map<Double, Double> ordered = new TreeMap<>();
        percentiles.forEach((name, millis) ->
                ordered.put(Double.parseDouble(name.substring(1)) / 100, millis / 1e3));
        ordered.forEach((quantile, value) ->
                add(
                        "load_latency_seconds",
                        "s",
                        "Latency of the answers, by who measured it.",
                        value,
                        "source",
                        source,
                        "quantile",
                        Plain.number(quantile, 5)));
    }

    private void replicas(LoadRecord load, Seen seen) {
        Integer start = null;
        Integer end = null;
        int most = 0;
        for (Sample sample : seen.samples()) {
            int ready = sample.replicas().ready();
            if (sample.at() <= load.start()) {
                start = ready;
            }
            if (sample.at() <= load.end()) {
                end = ready;
                most = Math.max(most, sample.at() >= load.start() ? ready : 0);
            }
        }
        String help = "Ready replicas when the load began, at their most under it, and at its end.";
        add("replicas", "{replica}", help, start, "when", "start");
        add("replicas", "{replica}", help, end == null ? null : most, "when", "most");
        add("replicas", "{replica}", help, end, "when", "end");
    }

    private void phases(List<Phase> phases) {
        for (int i = 0; i < phases.size(); i++) {
            add(
                    "phase_answers_per_second",
                    "{answer}/s",
                    "Good answers a second while the set of serving pods was constant.",
                    phases.get(i).throughput(),
                    "phase",
                    String.valueOf(i + 1),
                    "pods",
                    String.valueOf(phases.get(i).pods().size()));
        }
    }

    private void reaction(List<ReactionStep> reaction) {
        for (ReactionStep step : reaction) {
            add(
                    "reaction_step_seconds",
                    "s",
                    "From load to a pod's fair share: seconds since the step before.",
                    step.seconds(),
                    "step",
                    step.name());
        }
    }

    private void expectations(List<Expectation> expectations) {
        for (Expectation expectation : expectations) {
            Boolean met = expectation.met();
            add(
                    "expectation_met",
                    "1",
                    "1 where an expectation was met, 0 where not; absent where it could not be judged.",
                    met == null ? null : met ? 1 : 0,
                    "subject",
                    expectation.subject(),
                    "expected",
                    expectation.expected());
        }
    }
}
