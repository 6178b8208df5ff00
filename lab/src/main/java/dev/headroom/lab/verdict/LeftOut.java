package dev.headroom.lab.verdict;

import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.verdict.Pods.Lost;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Pods that an autoscaler leaves out of a pass though they run and had been ready: their CPU counts for nothing while they are younger than
 * {@code --horizontal-pod-autoscaler-cpu-initialization-period} and either unready, or ready again for less than the window of their sample. Older ones count, ready or not.
 */
final class LeftOut {
    private LeftOut() {}

    /** Whether a pass left out a pod that lost its readiness under load. */
    static boolean any(Run run, SeenPass pass) {
        return run.timeline().pods().stream().anyMatch(pod -> is(run, pod, pass));
    }

    /** Whether a pass had no metric at all because of such pods, and not for want of a request or of the metrics API. */
    static boolean isBlinded(Run run, SeenPass pass) {
        return Boolean.FALSE.equals(pass.active())
                && pass.message("ScalingActive")
                        .contains("did not receive metrics for targeted pods")
                && any(run, pass);
    }

    private static boolean is(Run run, String name, SeenPass pass) {
        JsonNode pod = run.timeline().at("Pod", name, pass.at());
        if (pod == null || Kube.isDeleted(pod) || !Kube.isRunning(pod)) {
            return false;
        }
        Long start = Kube.time(pod, "status", "startTime");
        Lost lost = Pods.lost(run.timeline(), name, run.start(), pass.at());
        boolean young =
                start != null
                        && (run.place().there(pass.at()) - start) / 1e3
                                < run.place().cpuInitializationSeconds();
        return lost != null
                && young
                && (!Kube.isReady(pod) || isReadyOnlyNow(run, name, pod, pass));
    }

    /** Whether its newest sample began before it was ready again. */
    private static boolean isReadyOnlyNow(Run run, String name, JsonNode pod, SeenPass pass) {
        JsonNode ready = Kube.condition(pod, "Ready");
        Long since = ready == null ? null : Kube.time(ready, "lastTransitionTime");
        JsonNode sample = sample(run, name, pass.at());
        Long taken = sample == null ? null : Kube.time(sample, "timestamp");
        Long window = sample == null ? null : Kube.microseconds(Kube.text(sample, "window"));
        return since != null && taken != null && window != null && taken < since + window / 1000;
    }

    private static @Nullable JsonNode sample(Run run, String pod, long at) {
        JsonNode found = null;
        for (Observation.Metrics told : run.timeline().metrics()) {
            for (JsonNode item : told.items()) {
                boolean its = Kube.text(item, "metadata", "name").equals(pod);
                found = its && told.at() <= at ? item : found;
            }
        }
        return found;
    }
}
