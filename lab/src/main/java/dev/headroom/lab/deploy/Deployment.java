package dev.headroom.lab.deploy;

import dev.headroom.lab.deploy.Applier.Done;
import dev.headroom.lab.deploy.DeploymentRecord.Applied;
import dev.headroom.lab.deploy.DeploymentRecord.Program;
import dev.headroom.lab.deploy.DeploymentRecord.Rollout;
import dev.headroom.lab.deploy.DeploymentRecord.Setting;
import dev.headroom.lab.deploy.DeploymentRecord.WayIn;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.run.LabClock;
import dev.headroom.lab.run.StageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An experiment's objects in a cluster: applied, waited for, recorded, and in the end removed or restored. */
public final class Deployment implements AutoCloseable {
    private static final Duration NOTED = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final Experiment experiment;
    private final List<Done> done = Collections.synchronizedList(new ArrayList<>());
    private final List<Undo> noted = new ArrayList<>();
    private final List<Undo> added = Collections.synchronizedList(new ArrayList<>());
    private final long start;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final @Nullable Claim claim;

    private Deployment(Cluster cluster, Experiment experiment, @Nullable Claim claim) {
        this.cluster = cluster;
        this.experiment = experiment;
        this.claim = claim;
        this.start = LabClock.system().millis();
    }

    /**
     * Applies the manifests. Where that fails, what was applied is removed again. On somebody's own cluster the namespace is claimed first, and what a run left there that was
     * killed is undone.
     *
     * @param says hears of what is waited for
     * @throws ExperimentException with the API server's own words where a manifest is wrong
     */
    public static Deployment apply(
            Cluster cluster, Experiment experiment, Manifests manifests, Consumer<String> says)
            throws ExperimentException, StageException, InterruptedException {
        Claim claim =
                cluster.embedded()
                        ? null
                        : Claim.take(
                                cluster,
                                namespace(cluster, experiment, manifests),
                                experiment.name(),
                                Claim.Timing.NORMAL,
                                says);
        if (claim != null) {
            Restoration.clear(cluster, claim, says);
        }
        Deployment deployment = new Deployment(cluster, experiment, claim);
        boolean applied = false;
        try {
            new Applier(cluster, deployment::note).apply(experiment, manifests, deployment.done);
            applied = true;
            return deployment;
        } finally {
            if (!applied) {
                deployment.remove();
            }
        }
    }

    /** What will have to be undone, beside what was noted before. */
    private void note(List<Undo> planned) throws StageException, InterruptedException {
        noted.addAll(planned);
        if (claim != null) {
            claim.note(noted);
        }
    }

    /**
     * Applies an object that the run needs for itself, beside the experiment's. It is noted before, and removed in the end even where the experiment's objects are kept.
     *
     * @param stage the stage that needs it
     * @throws StageException in that stage's name, where the cluster refuses it or does not know its kind
     */
    public void add(String stage, ObjectNode object) throws StageException, InterruptedException {
        String kind = object.path("kind").asString("");
        JsonNode metadata = object.path("metadata");
        String title = kind + "/" + metadata.path("name").asString("");
        try {
            String collection =
                    cluster.collection(
                            object.path("apiVersion").asString(""),
                            kind,
                            metadata.path("namespace").asString(cluster.namespace()));
            if (collection == null) {
                throw new StageException(stage, "this cluster has no " + kind + "s", null);
            }
            String path = collection + "/" + metadata.path("name").asString("");
            Undo undo = new Undo(title, path, null, null);
            note(List.of(undo));
            added.add(undo);
            ApiAnswer answer =
                    cluster.send(
                            "PATCH",
                            path + Applier.QUERY,
                            "application/apply-patch+yaml",
                            object.toString(),
                            PATIENCE);
            if (!answer.ok()) {
                throw new StageException(
                        stage,
                        "the cluster refused "
                                + title
                                + ": "
                                + answer.message()
                                + (answer.code() == 403
                                        ? "; deploy/access has the rights that a run needs"
                                        : ""),
                        null);
            }
        } catch (ClusterGoneException e) {
            throw new StageException(stage, String.valueOf(e.getMessage()), e);
        }
    }

    /** The target's, where it is there already. */
    private static String namespace(Cluster cluster, Experiment experiment, Manifests manifests) {
        String own =
                manifests
                        .service(experiment.target().service())
                        .map(Manifest::namespace)
                        .orElse(null);
        boolean isMade =
                manifests.all().stream()
                        .anyMatch(m -> m.kind().equals("Namespace") && m.name().equals(own));
        return own == null || isMade ? cluster.namespace() : own;
    }

    /** The names under which what is tested is found. */
    public Subject subject() {
        Done service = find("Service", experiment.target().service()).orElseThrow();
        JsonNode selector = service.object().path("spec").path("selector");
        Done workload =
                done.stream()
                        .filter(d -> d.object().path("spec").path("template").isObject())
                        .filter(d -> Objects.selects(selector, d.object()))
                        .findFirst()
                        .orElseThrow();
        String kind = workload.object().path("kind").asString("");
        String name = workload.object().path("metadata").path("name").asString("");
        Optional<Done> autoscaler =
                done.stream()
                        .filter(d -> d.manifest().kind().equals("HorizontalPodAutoscaler"))
                        .filter(d -> Objects.scales(d.object(), kind, name))
                        .findFirst();
        JsonNode port = service.object().path("spec").path("ports").path(0);
        JsonNode target = port.path("targetPort");
        return new Subject(
                workload.object().path("metadata").path("namespace").asString(cluster.namespace()),
                experiment.target().service(),
                port.path("port").asInt(80),
                target.isMissingNode() ? port.path("port").asString("80") : target.asString(""),
                workload.object().path("apiVersion").asString(""),
                kind,
                name,
                Objects.labels(workload.object().path("spec").path("selector").path("matchLabels")),
                autoscaler.map(d -> d.manifest().name()).orElse(null),
                done.stream().map(d -> d.manifest().title()).toList());
    }

    /**
     * Waits until the target is ready and answers, or will not be.
     *
     * @param settings of the place, as far as the caller knows them
     * @param says gets a sentence whenever what is waited for changes
     */
    public DeploymentRecord await(List<Setting> settings, Program program, Consumer<String> says)
            throws StageException, InterruptedException {
        Subject subject = subject();
        try {
            RolloutWait wait = new RolloutWait(cluster, subject, says);
            Rollout rollout = wait.await(experiment.timeouts().ready());
            WayIn wayIn = null;
            if (rollout.ready()) {
                WaysIn ways = new WaysIn(cluster, subject, experiment.target().path(), says);
                WaysIn.Found found =
                        experiment.pods() != null && !ways.areHere()
                                ? ways.forPods()
                                : ways.find(experiment.timeouts().ready());
                found.forward().ifPresent(open::add);
                wayIn = found.wayIn();
            }
            Describer describer = new Describer(cluster);
            List<Setting> all = new ArrayList<>(settings);
            all.addAll(describer.settings(subject, settings));
            sayClock(all, says);
            return new DeploymentRecord(
                    DeploymentRecord.SCHEMA,
                    start,
                    LabClock.system().millis(),
                    describer.place(subject.namespace()),
                    done.stream().map(Deployment::applied).toList(),
                    describer.target(subject, experiment.target().path()),
                    rollout,
                    wayIn,
                    all,
                    program);
        } catch (ClusterGoneException e) {
            throw new StageException("deploy", String.valueOf(e.getMessage()), e);
        }
    }

    /** The clocks matter where times of the cluster's own stand beside what was seen here. */
    private void sayClock(List<Setting> settings, Consumer<String> says)
            throws ClusterGoneException, InterruptedException {
        Duration ahead = cluster.embedded() ? null : cluster.clockAhead();
        if (ahead == null) {
            return;
        }
        String seconds = String.format(Locale.ROOT, "%.1f", ahead.toMillis() / 1e3);
        settings.add(
                new Setting(
                        DeploymentRecord.CLOCK_AHEAD,
                        seconds,
                        "the API server's Date, to half a second"));
        if (ahead.abs().compareTo(NOTED) > 0) {
            says.accept(
                    "the cluster's clock is "
                            + seconds
                            + " s ahead of this machine's: what was seen is timed here, events and conditions there");
        }
    }

    private static Applied applied(Done one) {
        Manifest manifest = one.manifest();
        JsonNode metadata = one.object().path("metadata");
        return new Applied(
                manifest.apiVersion(),
                manifest.kind(),
                metadata.path("namespace").isString()
                        ? metadata.path("namespace").stringValue()
                        : null,
                manifest.name(),
                metadata.path("uid").asString(""),
                metadata.path("resourceVersion").asString(""),
                String.valueOf(manifest.file().getFileName()),
                one.before() != null,
                Objects.withoutManagedFields(one.object()));
    }

    private Optional<Done> find(String kind, String name) {
        return done.stream()
                .filter(d -> d.manifest().kind().equals(kind) && d.manifest().name().equals(name))
                .findFirst();
    }

    /**
     * Removes what was created and restores what was changed, last first.
     *
     * @return what could not be, in sentences
     */
    public List<String> remove() {
        Claim held = claim;
        String other = held == null ? null : held.lostTo();
        if (held != null && other != null) {
            // It has undone what was noted, before it began: what is there now is its own.
            held.close();
            done.clear();
            added.clear();
            return List.of(lost(other) + ": what this run applied is left to it");
        }
        List<Undo> last = new ArrayList<>(added.reversed());
        new ArrayList<>(done).reversed().forEach(one -> last.add(one.undo()));
        done.clear();
        return remove(last);
    }

    private List<String> remove(List<Undo> last) {
        added.clear();
        Remover remover = new Remover(cluster);
        List<String> left = new ArrayList<>(remover.remove(last));
        List<Undo> open = new ArrayList<>(last);
        open.removeAll(remover.undone());
        release(open, left);
        return left;
    }

    /**
     * Hears, once, that another run has taken over the namespace: nothing that is measured from then on is this run's.
     */
    public void onLoss(Runnable heard) {
        if (claim != null) {
            claim.onLoss(heard);
        }
    }

    /** Throws where another run has taken over the namespace. */
    public void check() throws StageException {
        String other = claim == null ? null : claim.lostTo();
        if (other != null) {
            throw new StageException("deploy", lost(other), null);
        }
    }

    private static String lost(String other) {
        return "the claim on the namespace could not be renewed for too long, and "
                + other
                + " has taken it over";
    }

    /** Leaves the experiment's objects where they are, for good: nothing of them is noted to be undone. What the run needed for itself goes. */
    public List<String> keep() {
        return remove(new ArrayList<>(added.reversed()));
    }

    private void release(List<Undo> open, List<String> left) {
        String problem = claim == null ? null : claim.release(open.reversed());
        if (problem != null) {
            left.add(problem);
        }
    }

    /** Ends port forwards; the objects stay. */
    @Override
    public void close() {
        if (claim != null) {
            claim.close();
        }
        for (AutoCloseable one : open) {
            try {
                one.close();
            } catch (Exception e) {
                // It was only ever ours; nothing outlives this process.
            }
        }
        open.clear();
    }
}
