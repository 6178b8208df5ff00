package dev.headroom.lab.cli;

import dev.headroom.lab.cli.Conclusions.Conclusion;
import dev.headroom.lab.deploy.Deployment;
import dev.headroom.lab.deploy.DeploymentRecord;
import dev.headroom.lab.deploy.DeploymentRecord.Program;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.ExperimentWriter;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.experiment.ShortestDuration;
import dev.headroom.lab.load.LoadException;
import dev.headroom.lab.load.LoadGenerator;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.load.cluster.PodsGenerator;
import dev.headroom.lab.observe.Baseline;
import dev.headroom.lab.observe.Observer;
import dev.headroom.lab.observe.Snapshot;
import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.LabClock;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import dev.headroom.lab.run.StageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The six stages, from an experiment to a report; each leaves its file in the run directory. */
final class Pipeline {
    private final Place place;
    private final LoadGenerator generator;
    private final Conclusions conclusions;
    private final Options options;
    private final Stop stop;
    private final Terminal terminal;
    private final AtomicReference<@Nullable RunDirectory> writing = new AtomicReference<>();

    /**
     * @param runs where run directories are made
     * @param keep whether what was deployed stays in a cluster that stays
     * @param baseline whether the load waits for a baseline
     */
    record Options(Path runs, boolean keep, boolean baseline, Program program) {}

    Pipeline(
            Place place,
            LoadGenerator generator,
            Conclusions conclusions,
            Options options,
            Stop stop,
            Terminal terminal) {
        this.place = place;
        this.generator = generator;
        this.conclusions = conclusions;
        this.options = options;
        this.stop = stop;
        this.terminal = terminal;
    }

    /** What came of a run, and where it is kept. */
    record Outcome(RunDirectory directory, Conclusion conclusion) {}

    /**
     * Runs one experiment.
     *
     * @throws InterruptedException where it was stopped before there was anything to judge
     */
    Outcome run(Experiment experiment)
            throws ExperimentException, StageException, DamagedRunException, InterruptedException {
        stop.waits();
        Manifests manifests = Manifests.read(experiment.manifests());
        RunDirectory directory =
                RunDirectory.create(options.runs(), experiment.name(), LabClock.system().instant());
        writing.set(directory);
        directory.write(
                "experiment",
                RunFile.EXPERIMENT,
                ExperimentWriter.yaml(experiment).getBytes(StandardCharsets.UTF_8));
        say(experiment, "run directory " + directory.path());
        try {
            return concluded(directory, measured(experiment, manifests, directory));
        } finally {
            directory.complete();
            writing.set(null);
        }
    }

    /** Leaves nothing in the run directory but what was measured: the program is about to be halted. */
    void force() {
        RunDirectory directory = writing.get();
        if (directory != null) {
            directory.complete();
        }
    }

    private @Nullable StageException measured(
            Experiment experiment, Manifests manifests, RunDirectory directory)
            throws ExperimentException, StageException, InterruptedException {
        try {
            return measure(experiment, manifests, directory);
        } catch (ExperimentException e) {
            directory.discard();
            throw e;
        }
    }

    /** Stages 5 and 6, also on what was measured before something failed. */
    private Outcome concluded(RunDirectory directory, @Nullable StageException failure)
            throws ExperimentException, StageException, DamagedRunException {
        if (failure != null && !directory.has(RunFile.LOAD)) {
            throw failure;
        }
        RunData data = RunData.readUnfinished(directory);
        Conclusion conclusion = conclusions.conclude(directory, data);
        StageException found = failure == null ? Failures.found(data) : failure;
        if (found != null) {
            terminal.line(conclusion.verdict() + ": " + conclusion.sentence());
            throw found;
        }
        return new Outcome(directory, conclusion);
    }

    /** Stages 2 to 4; returns what ended them early, if what was measured until then may still be judged. */
    private @Nullable StageException measure(
            Experiment experiment, Manifests manifests, RunDirectory directory)
            throws ExperimentException, StageException, InterruptedException {
        try (Place.Site site = place.open(experiment, manifests)) {
            try (Deployment deployment =
                    Deployment.apply(
                            site.cluster(), experiment, manifests, s -> say(experiment, s))) {
                say(experiment, "applied " + String.join(", ", deployment.subject().objects()));
                try {
                    return observed(experiment, site, deployment, directory);
                } finally {
                    stop.finishes();
                    cleanUp(experiment, site, deployment);
                }
            }
        } finally {
            stop.finishes();
        }
    }

    private @Nullable StageException observed(
            Experiment experiment, Place.Site site, Deployment deployment, RunDirectory directory)
            throws StageException, InterruptedException {
        Runnable onFailure = () -> stop.cancellation().cancel("nothing more could be observed");
        deployment.onLoss(
                () -> stop.cancellation().cancel("another run has taken over the namespace"));
        try (Observer observer =
                Observer.start(
                        site.cluster(),
                        deployment.subject(),
                        directory.path(RunFile.OBSERVATIONS),
                        onFailure)) {
            DeploymentRecord record =
                    deployment.await(site.settings(), options.program(), s -> say(experiment, s));
            directory.write("deploy", RunFile.DEPLOYMENT, Json.pretty(record));
            observer.settings(record.settings());
            if (!record.rollout().ready() || record.wayIn() == null) {
                say(experiment, "the target did not become ready: no load is sent");
                return null;
            }
            sayShortestDuration(experiment, record);
            LoadRecord.Plan plan =
                    plan(experiment.load(), record.wayIn().url() + experiment.target().path());
            LoadGenerator from = generator(experiment, site, deployment, plan);
            awaitBaseline(experiment, record, observer);
            deployment.check();
            stop.finishes();
            LoadRecord load = offer(experiment, from, plan, observer);
            directory.write("load", RunFile.LOAD, Json.pretty(load));
            observer.check();
            deployment.check();
            return null;
        } catch (StageException e) {
            if (directory.has(RunFile.LOAD)) {
                return e;
            }
            throw e;
        }
    }

    /** On this machine, or in pods, which are made before the baseline: they take room, and may not come at all. */
    private LoadGenerator generator(
            Experiment experiment, Place.Site site, Deployment deployment, LoadRecord.Plan plan)
            throws StageException, InterruptedException {
        return experiment.pods() == null
                ? generator
                : PodsGenerator.prepare(
                        site.cluster(), deployment, experiment, plan, s -> say(experiment, s));
    }

    private LoadRecord offer(
            Experiment experiment, LoadGenerator from, LoadRecord.Plan plan, Observer observer)
            throws StageException, InterruptedException {
        Experiment.Load load = experiment.load();
        LoadDisplay display =
                new LoadDisplay(terminal, experiment.name(), load.duration(), observer);
        observer.loadStarts(plan.mode() + " to " + plan.url());
        try {
            LoadRecord record = from.run(plan, load.script(), display, stop.cancellation());
            observer.loadEnded(record.ended().how().toString());
            return record;
        } catch (LoadException e) {
            throw new StageException("load", String.valueOf(e.getMessage()), e);
        }
    }

    static LoadRecord.Plan plan(Experiment.Load load, String url) {
        Path script = load.script();
        String name = script == null ? null : String.valueOf(script.getFileName());
        double seconds = load.duration().toMillis() / 1e3;
        double timeout = load.timeout().toMillis() / 1e3;
        return switch (load) {
            case Experiment.Wrk wrk ->
                    new LoadRecord.Plan(
                            LoadRecord.Mode.CLOSED,
                            url,
                            wrk.threads(),
                            wrk.connections(),
                            null,
                            seconds,
                            timeout,
                            name);
            case Experiment.Rate rate ->
                    new LoadRecord.Plan(
                            LoadRecord.Mode.CONSTANT_RATE,
                            url,
                            1,
                            rate.connections(),
                            rate.perSecond(),
                            seconds,
                            timeout,
                            name);
        };
    }

    private void awaitBaseline(Experiment experiment, DeploymentRecord record, Observer observer)
            throws StageException, InterruptedException {
        Duration bound = options.baseline() ? experiment.timeouts().baseline() : Duration.ZERO;
        Baseline baseline =
                new Baseline(
                        seconds(record, "syncPeriodSeconds", 15),
                        seconds(record, "metricsWindowSeconds", 15),
                        bound);
        long start = System.nanoTime();
        String said = "";
        observer.mark("baseline-wait", "at most " + bound.toSeconds() + " s");
        while (true) {
            observer.check();
            Snapshot seen = observer.latest();
            Baseline.Step step =
                    seen == null
                            ? new Baseline.Wait("nothing is observed yet")
                            : baseline.decide(seen, Duration.ofNanos(System.nanoTime() - start));
            switch (step) {
                case Baseline.Go go -> {
                    observer.mark("baseline", (go.settled() ? "" : "not settled: ") + go.detail());
                    say(experiment, "baseline: " + go.detail());
                    return;
                }
                case Baseline.Wait wait -> {
                    if (!wait.reason().equals(said)) {
                        said = wait.reason();
                        say(experiment, "waiting for the baseline: " + said);
                    }
                }
            }
            Thread.sleep(200);
        }
    }

    private void sayShortestDuration(Experiment experiment, DeploymentRecord record) {
        DeploymentRecord.Autoscaler autoscaler = record.target().autoscaler();
        if (autoscaler == null || autoscaler.minReplicas() >= autoscaler.maxReplicas()) {
            return;
        }
        ShortestDuration shortest =
                new ShortestDuration(
                        seconds(record, "metricsWindowSeconds", 15),
                        seconds(record, "syncPeriodSeconds", 15),
                        Duration.ofMillis(Math.round(record.rollout().seconds() * 1000)),
                        ShortestDuration.PHASE);
        if (experiment.load().duration().compareTo(shortest.total()) < 0) {
            say(
                    experiment,
                    "the load of "
                            + experiment.load().duration().toSeconds()
                            + " s is too short to show a scale-out: the shortest that can is "
                            + shortest.words()
                            + "; a run that wants one will be inconclusive");
        }
    }

    private static Duration seconds(DeploymentRecord record, String name, long otherwise) {
        for (Setting setting : record.settings()) {
            if (setting.name().equals(name)) {
                return Duration.ofMillis(Math.round(Double.parseDouble(setting.value()) * 1000));
            }
        }
        return Duration.ofSeconds(otherwise);
    }

    private void cleanUp(Experiment experiment, Place.Site site, Deployment deployment) {
        if (site.passing()) {
            return;
        }
        if (options.keep()) {
            say(
                    experiment,
                    "kept in the cluster: " + String.join(", ", deployment.subject().objects()));
            deployment.keep().forEach(problem -> say(experiment, "clean-up: " + problem));
            return;
        }
        List<String> left = deployment.remove();
        left.forEach(problem -> say(experiment, "clean-up: " + problem));
        if (left.isEmpty()) {
            say(experiment, "removed what was created, restored what was changed");
        }
    }

    private void say(Experiment experiment, String what) {
        terminal.line(experiment.name() + ": " + what);
    }
}
