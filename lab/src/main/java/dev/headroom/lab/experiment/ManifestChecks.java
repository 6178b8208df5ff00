package dev.headroom.lab.experiment;

import dev.headroom.lab.experiment.ExperimentException.Problem;
import java.util.List;
import java.util.Optional;

/** Whether an experiment's manifests hold what it is about: the service, a workload behind it, and the autoscaler that it sets bounds for. */
final class ManifestChecks {
    private ManifestChecks() {}

    static void check(Experiment experiment, Checker checker, List<Problem> problems) {
        int before = problems.size();
        Manifests manifests = Manifests.read(experiment.manifests(), problems);
        if (problems.size() > before) {
            return;
        }
        String name = experiment.target().service();
        Optional<Manifest> service = manifests.service(name);
        if (service.isEmpty()) {
            checker.problem(
                    "target.service",
                    "found \""
                            + name
                            + "\""
                            + Nearest.hint(name, manifests.services())
                            + (manifests.services().isEmpty()
                                    ? "; the manifests hold no Service"
                                    : "; Services in the manifests: "
                                            + String.join(", ", manifests.services())));
            return;
        }
        Optional<Manifest> workload = manifests.workload(service.get());
        if (workload.isEmpty()) {
            checker.problem(
                    "target.service",
                    "found \""
                            + name
                            + "\", whose selector "
                            + service.get().object().path("spec").path("selector")
                            + " matches the pod labels of no Deployment, StatefulSet or ReplicaSet in the manifests"
                            + manifests
                                    .otherWorkload(service.get())
                                    .map(other -> "; those of " + other.place() + " it does match")
                                    .orElse(""));
            return;
        }
        checkBounds(experiment, manifests, workload.get(), checker);
    }

    private static void checkBounds(
            Experiment experiment, Manifests manifests, Manifest workload, Checker checker) {
        Experiment.Autoscaler bounds = experiment.autoscaler();
        if (bounds == null) {
            return;
        }
        Optional<Manifest> autoscaler = manifests.autoscaler(workload);
        if (autoscaler.isEmpty()) {
            checker.problem(
                    "autoscaler",
                    "sets bounds, but no HorizontalPodAutoscaler in the manifests targets "
                            + workload.title()
                            + manifests.otherTargets()
                            + "; add one, or leave this key out");
            return;
        }
        var spec = autoscaler.get().object().path("spec");
        int min =
                bounds.minReplicas() != null
                        ? bounds.minReplicas()
                        : spec.path("minReplicas").asInt(1);
        int max =
                bounds.maxReplicas() != null
                        ? bounds.maxReplicas()
                        : spec.path("maxReplicas").asInt(1);
        if (min > max && (bounds.minReplicas() == null || bounds.maxReplicas() == null)) {
            boolean ours = bounds.minReplicas() != null;
            checker.problem(
                    ours ? "autoscaler.minReplicas" : "autoscaler.maxReplicas",
                    "found "
                            + (ours ? min : max)
                            + ", but "
                            + autoscaler.get().title()
                            + " in "
                            + autoscaler.get().file()
                            + " has "
                            + (ours ? "maxReplicas " + max : "minReplicas " + min));
        }
    }
}
