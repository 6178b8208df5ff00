package dev.headroom.lab.deploy;

import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.ExperimentException.Problem;
import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.run.StageException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Applies manifests by server-side apply with the field manager {@code headroom} and strict validation: first all of them as a dry run, so that a wrong one is
 * found before anything is there, then for good.
 */
final class Applier {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What others need is applied first; within a rank the files' order stays. */
    private static final List<String> FIRST =
            List.of(
                    "Namespace",
                    "CustomResourceDefinition",
                    "ServiceAccount",
                    "Role",
                    "ClusterRole",
                    "RoleBinding",
                    "ClusterRoleBinding",
                    "ConfigMap",
                    "Secret",
                    "PersistentVolumeClaim",
                    "Service");

    /** The field manager. */
    static final String MANAGER = "headroom";

    /** How everything is applied. */
    static final String QUERY = "?fieldManager=" + MANAGER + "&force=true&fieldValidation=Strict";

    private final Cluster cluster;
    private final Planned planned;

    /**
     * @param planned hears of all that is about to be applied, before anything is
     */
    Applier(Cluster cluster, Planned planned) {
        this.cluster = cluster;
        this.planned = planned;
    }

    /** Hears of what will have to be undone. */
    interface Planned {
        void note(List<Undo> undo) throws StageException, InterruptedException;
    }

    /** An object that was applied, and what was there before; null where nothing was. */
    record Done(Manifest manifest, String path, JsonNode object, @Nullable JsonNode before) {
        Undo undo() {
            return new Undo(
                    manifest.title(),
                    path,
                    object.path("metadata").path("uid").asString(""),
                    before);
        }
    }

    /**
     * Applies all.
     *
     * @param done gets each object as soon as it is applied, so that what was begun can be removed whatever happens
     * @throws ExperimentException with the API server's own words where a manifest is wrong
     * @throws StageException where the cluster refuses or is gone
     */
    void apply(Experiment experiment, Manifests manifests, List<Done> done)
            throws ExperimentException, StageException, InterruptedException {
        List<Manifest> ordered = new ArrayList<>(manifests.all());
        ordered.sort(Comparator.comparingInt(m -> rank(m.kind())));
        List<Prepared> prepared = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try {
            for (Manifest manifest : ordered) {
                String path = path(manifest, problems);
                if (path != null) {
                    prepared.add(
                            new Prepared(manifest, path, body(experiment, manifests, manifest)));
                }
            }
            for (Prepared one : prepared) {
                if (!inNewNamespace(one.manifest(), ordered)) {
                    patch(one, true, problems);
                }
            }
            if (problems.isEmpty()) {
                List<Undo> undo = new ArrayList<>();
                for (Prepared one : prepared) {
                    undo.add(new Undo(one.manifest().title(), one.path(), null, before(one)));
                }
                planned.note(undo);
                for (int i = 0; i < prepared.size(); i++) {
                    applyOne(prepared.get(i), undo.get(i).before(), done, problems);
                }
            }
        } catch (ClusterGoneException e) {
            throw new StageException("deploy", String.valueOf(e.getMessage()), e);
        }
        if (!problems.isEmpty()) {
            throw new ExperimentException(problems);
        }
    }

    private record Prepared(Manifest manifest, String path, String body) {}

    private @Nullable JsonNode before(Prepared one)
            throws ClusterGoneException, StageException, InterruptedException {
        ApiAnswer before = cluster.get(one.path());
        if (!before.ok() && before.code() != 404) {
            throw new StageException("deploy", before.message(), null);
        }
        return before.ok() ? before.json() : null;
    }

    private void applyOne(
            Prepared one, @Nullable JsonNode before, List<Done> done, List<Problem> problems)
            throws ClusterGoneException, StageException, InterruptedException {
        JsonNode object = patch(one, false, problems);
        if (object != null) {
            done.add(new Done(one.manifest(), one.path(), object, before));
        }
    }

    private @Nullable JsonNode patch(Prepared one, boolean dryRun, List<Problem> problems)
            throws ClusterGoneException, StageException, InterruptedException {
        String query = QUERY + (dryRun ? "&dryRun=All" : "");
        ApiAnswer answer =
                cluster.send(
                        "PATCH",
                        one.path() + query,
                        "application/apply-patch+yaml",
                        one.body(),
                        PATIENCE);
        if (answer.ok()) {
            return answer.json();
        }
        Manifest manifest = one.manifest();
        boolean ofTheCluster = answer.code() == 401 || answer.code() == 403 || answer.code() >= 500;
        if (ofTheCluster && !isOfTheSchema(answer)) {
            throw new StageException(
                    "deploy",
                    "the cluster refused "
                            + manifest.title()
                            + " of "
                            + manifest.file()
                            + ": "
                            + answer.message(),
                    null);
        }
        problems.add(
                new Problem(manifest.file(), manifest.line(), manifest.title(), answer.message()));
        return null;
    }

    /** Kubernetes answers 500 to an apply that does not fit the schema, such as one with an unknown field, though the fault is the manifest's. */
    private static boolean isOfTheSchema(ApiAnswer answer) {
        String message = answer.message();
        return answer.code() == 500
                && (message.startsWith("failed to create typed patch object (")
                        || message.startsWith("failed to convert new object ("));
    }

    private @Nullable String path(Manifest manifest, List<Problem> problems)
            throws ClusterGoneException, InterruptedException {
        String collection =
                cluster.collection(manifest.apiVersion(), manifest.kind(), manifest.namespace());
        if (collection == null) {
            problems.add(
                    new Problem(
                            manifest.file(),
                            manifest.line(),
                            manifest.title(),
                            "no matches for kind \""
                                    + manifest.kind()
                                    + "\" in version \""
                                    + manifest.apiVersion()
                                    + "\" on this cluster"));
            return null;
        }
        return collection + "/" + URLEncoder.encode(manifest.name(), StandardCharsets.UTF_8);
    }

    /** The manifest as it is, but for the experiment's bounds in the autoscaler's. */
    private static String body(Experiment experiment, Manifests manifests, Manifest manifest) {
        Experiment.Autoscaler bounds = experiment.autoscaler();
        Optional<Manifest> autoscaler =
                manifests
                        .service(experiment.target().service())
                        .flatMap(manifests::workload)
                        .flatMap(manifests::autoscaler);
        if (bounds == null || autoscaler.isEmpty() || !autoscaler.get().equals(manifest)) {
            return manifest.object().toString();
        }
        ObjectNode changed = manifest.object().deepCopy();
        if (changed.path("spec") instanceof ObjectNode spec) {
            if (bounds.minReplicas() != null) {
                spec.put("minReplicas", bounds.minReplicas());
            }
            if (bounds.maxReplicas() != null) {
                spec.put("maxReplicas", bounds.maxReplicas());
            }
        }
        return changed.toString();
    }

    /** A dry run can't see a namespace that only this apply makes. */
    private static boolean inNewNamespace(Manifest manifest, List<Manifest> all) {
        return manifest.namespace() != null
                && all.stream()
                        .anyMatch(m ->
                                m.kind().equals("Namespace")
                                        && m.name().equals(manifest.namespace()));
    }

    private static int rank(String kind) {
        int rank = FIRST.indexOf(kind);
        return rank < 0 ? FIRST.size() + (kind.equals("HorizontalPodAutoscaler") ? 1 : 0) : rank;
    }
}
