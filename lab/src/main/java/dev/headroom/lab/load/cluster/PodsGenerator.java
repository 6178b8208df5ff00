package dev.headroom.lab.load.cluster;

import dev.headroom.lab.deploy.ApiAnswer;
import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.ClusterGoneException;
import dev.headroom.lab.deploy.Deployment;
import dev.headroom.lab.deploy.Subject;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.load.Cancellation;
import dev.headroom.lab.load.LoadException;
import dev.headroom.lab.load.LoadGenerator;
import dev.headroom.lab.load.LoadProgress;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.run.LabClock;
import dev.headroom.lab.run.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Load from pods inside the cluster. They are there, and answer, before the load begins; then each is told its share and the moment, which is the same for all.
 *
 * <p>What the lab tells them goes through the API server's proxy, as reading a pod's own metrics does; what they measured comes from their logs. The Deployment removes them.
 */
public final class PodsGenerator implements LoadGenerator {
    private static final int PORT = 8079;

    /** From the news to the load: their processes start meanwhile. */
    private static final Duration LEAD = Commands.LEAD.plusSeconds(2);

    /** For a pod to end after it should; its generator itself has 15 s. */
    private static final Duration GRACE = Duration.ofSeconds(40);

    /** How long news of the moment may take; and at the last attempt. */
    private static final long GOOD_MILLIS = 200;

    private static final long BEARABLE_MILLIS = 1000;
    private static final int ATTEMPTS = 5;

    private final GeneratorPods pods;
    private final Experiment.Pods wanted;
    private final LabClock clock = LabClock.system();

    private PodsGenerator(GeneratorPods pods, Experiment.Pods wanted) {
        this.pods = pods;
        this.wanted = wanted;
    }

    /**
     * Makes the pods, and waits until every one of them listens.
     *
     * @param deployment removes them in the end
     * @param plan the whole load
     * @param says hears of what is waited for
     * @throws StageException where they don't come, with the reason
     */
    public static PodsGenerator prepare(
            Cluster cluster,
            Deployment deployment,
            Experiment experiment,
            LoadRecord.Plan plan,
            Consumer<String> says)
            throws StageException, InterruptedException {
        Experiment.Pods wanted = experiment.pods();
        if (wanted == null) {
            throw new IllegalArgumentException("the load is not to be sent by pods");
        }
        Subject subject = deployment.subject();
        Experiment.Timeouts timeouts = experiment.timeouts();
        Duration patience = timeouts.ready().plus(timeouts.baseline()).plus(Duration.ofMinutes(5));
        String id = UUID.randomUUID().toString().substring(0, 8);
        GeneratorManifest manifest =
                new GeneratorManifest(
                        new Orders(id, plan, PORT, patience.toSeconds()),
                        wanted,
                        subject,
                        script(experiment.load().script()),
                        patience.plus(experiment.load().duration()).plus(Duration.ofMinutes(5)));
        GeneratorPods pods =
                new GeneratorPods(cluster, subject.namespace(), manifest.selector(), id, PORT);
        try {
            boolean jobs = cluster.collection("batch/v1", "Job", subject.namespace()) != null;
            for (var object : manifest.objects(jobs)) {
                deployment.add("load", object);
            }
            says.accept(
                    "the load is sent by "
                            + (wanted.count() == 1 ? "a pod" : wanted.count() + " pods")
                            + " of "
                            + wanted.image()
                            + " in namespace "
                            + subject.namespace());
            new PodsWait(cluster, subject.namespace(), pods, says)
                    .await(wanted.count(), manifest.name(), timeouts.ready());
        } catch (ClusterGoneException e) {
            throw new StageException("load", String.valueOf(e.getMessage()), e);
        }
        return new PodsGenerator(pods, wanted);
    }

    private static @Nullable String script(@Nullable Path script) throws StageException {
        try {
            return script == null
                    ? null
                    : Base64.getEncoder().encodeToString(Files.readAllBytes(script));
        } catch (IOException e) {
            throw new StageException("load", "the script can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public LoadRecord run(
            LoadRecord.Plan plan,
            @Nullable Path script,
            LoadProgress progress,
            Cancellation cancellation)
            throws LoadException {
        try {
            long at = clock.millis() + LEAD.toMillis() + 20L * wanted.count();
            if (!cancellation.isCancelled()) {
                pods.each((pod, number) -> tell(pod, number, plan, at));
            }
            attend(plan, at, progress, cancellation);
            return collect(plan, at, cancellation);
        } catch (ClusterGoneException e) {
            throw new LoadException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("the load was given up: interrupted", e);
        }
    }

    /** A way to a pod that takes long makes its clock wrong by as much: then it is told again, the latest news counts. */
    private void tell(GeneratorPods.Pod pod, int number, LoadRecord.Plan plan, long at)
            throws LoadException, ClusterGoneException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Start start = share(plan, wanted.count(), number, clock.millis(), at);
            ApiAnswer answer = pods.ask(pod, "start?" + start.query());
            long took = clock.millis() - start.now();
            if (!answer.ok()) {
                throw new LoadException(
                        "the generator's pod "
                                + pod.name()
                                + " can't be told to begin: "
                                + answer.message(),
                        null);
            }
            if (took <= GOOD_MILLIS || attempt == ATTEMPTS && took <= BEARABLE_MILLIS) {
                return;
            }
            if (attempt == ATTEMPTS) {
                throw new LoadException(
                        "the generator's pods can't be told to begin at one moment: the way to "
                                + pod.name()
                                + " through the Kubernetes API takes "
                                + took
                                + " ms",
                        null);
            }
        }
    }

    /** The first pods get what does not divide. At a constant rate they begin one after the other within a period, as threads do, so that they do not all send at once. */
    static Start share(LoadRecord.Plan plan, int pods, int number, long now, long at) {
        int connections = plan.connections() / pods + (number < plan.connections() % pods ? 1 : 0);
        Double rate = plan.ratePerSecond();
        return rate == null
                ? new Start(now, at, connections, null)
                : new Start(now, at + number * 1000.0 / rate, connections, rate / pods);
    }

    /** Until every pod has ended, or should have. */
    private void attend(
            LoadRecord.Plan plan, long at, LoadProgress progress, Cancellation cancellation)
            throws ClusterGoneException, LoadException, InterruptedException {
        long last = at + Math.round(plan.durationSeconds() * 1e3) + GRACE.toMillis();
        boolean stopping = false;
        long tick = 1000L * Math.ceilDiv(wanted.count(), 20);
        while (clock.millis() < last) {
            if (cancellation.isCancelled() && !stopping) {
                stopping = true;
                last = Math.min(last, clock.millis() + GRACE.toMillis());
                pods.each((pod, number) -> pods.askOrNot(pod, "stop"));
            }
            if (pods.haveEnded()) {
                return;
            }
            if (clock.millis() >= at + 1000) {
                Duration elapsed = Duration.ofMillis(clock.millis() - at);
                LoadProgress.Moment moment = pods.progress(elapsed);
                if (moment != null) {
                    progress.at(moment);
                }
            }
            // At whole seconds of the load, as the display wants them.
            Thread.sleep(tick - Math.floorMod(clock.millis() - at, tick));
        }
    }

    private LoadRecord collect(LoadRecord.Plan plan, long at, Cancellation cancellation)
            throws LoadException, ClusterGoneException, InterruptedException {
        List<Merge.Part> parts = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (int number = 0; number < pods.all().size(); number++) {
            GeneratorPods.Pod pod = pods.all().get(number);
            Handover handover = pods.handover(pod);
            LoadRecord record = handover == null ? null : handover.record();
            if (record != null) {
                parts.add(new Merge.Part(pod.name(), pod.node(), pod.cpuLimit(), record));
                double due = share(plan, wanted.count(), number, at, at).at();
                if (record.start() > due + 1000) {
                    // It was not part of the load that was asked for.
                    missing.add(
                            "%s began %.1f s late"
                                    .formatted(pod.name(), (record.start() - due) / 1e3));
                }
            } else {
                String problem = handover == null ? pods.ending(pod) : handover.problem();
                missing.add(pod.name() + ": " + problem);
            }
        }
        String cancelled = cancellation.reason();
        if (parts.isEmpty() && cancelled != null) {
            return Merge.nothing(plan, wanted.count(), clock.millis(), cancelled);
        }
        if (parts.isEmpty()) {
            throw new LoadException(
                    "the load could not be offered from inside the cluster: "
                            + String.join("; ", missing),
                    null);
        }
        return Merge.of(plan, parts, missing, cancelled);
    }
}
