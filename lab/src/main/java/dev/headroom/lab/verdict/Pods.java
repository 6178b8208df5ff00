package dev.headroom.lab.verdict;

import dev.headroom.lab.run.Verdict;
import dev.headroom.lab.verdict.Timeline.State;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the statuses of pods say. */
final class Pods {
    private Pods() {}

    /**
     * A pod that had been ready and is not any more, while its container runs and nobody deleted it.
     *
     * @param at when it was seen to have lost it
     */
    record Lost(String pod, long at, JsonNode object, double ageSeconds) {
        /** With its age by the cluster's clock, by which it was born. */
        Lost in(Place place) {
            return new Lost(pod, at, object, ageSeconds + (place.there(at) - at) / 1e3);
        }
    }

    /** Null where it never lost its readiness to a probe between two moments. */
    static @Nullable Lost lost(Timeline timeline, String pod, long from, long to) {
        boolean ready = false;
        int restarts = 0;
        for (State state : timeline.history("Pod", pod)) {
            JsonNode object = state.object();
            boolean now = Kube.isReady(object);
            if (ready
                    && !now
                    && state.at() > from
                    && state.at() <= to
                    && !state.deleted()
                    && isLostToProbe(object, restarts)) {
                Long start = Kube.time(object, "status", "startTime");
                return new Lost(
                        pod, state.at(), object, start == null ? 0 : (state.at() - start) / 1e3);
            }
            ready = now;
            restarts = Kube.restarts(object);
        }
        return null;
    }

    private static boolean isLostToProbe(JsonNode pod, int restartsBefore) {
        return !Kube.isDeleted(pod)
                && Kube.isRunning(pod)
                && Kube.restarts(pod) == restartsBefore
                && probe(pod) != null;
    }

    /** The first readiness probe of a pod; null where it has none. */
    static @Nullable JsonNode probe(JsonNode pod) {
        for (JsonNode container : Kube.at(pod, "spec", "containers")) {
            if (container.path("readinessProbe").isObject()) {
                return container.path("readinessProbe");
            }
        }
        return null;
    }

    static String words(JsonNode probe) {
        String what = "the readiness probe";
        for (String kind : new String[] {"httpGet", "tcpSocket", "exec", "grpc"}) {
            if (probe.path(kind).isObject()) {
                String path = Kube.text(probe, kind, "path");
                what += " (" + kind + (path.isEmpty() ? "" : " " + path) + ")";
            }
        }
        return what + " with a timeout of " + Text.seconds(probe.path("timeoutSeconds").asInt(1));
    }

    /** Why a pod is missing. */
    record Trouble(Verdict verdict, String reason, String message) {}

    /** Why a pod is not ready, by its status; null where it is. */
    static @Nullable Trouble trouble(JsonNode pod) {
        if (Kube.isReady(pod) || Kube.isDeleted(pod)) {
            return null;
        }
        JsonNode scheduled = Kube.condition(pod, "PodScheduled");
        if (scheduled != null && Kube.text(scheduled, "status").equals("False")) {
            return new Trouble(
                    Verdict.UNSCHEDULABLE,
                    Kube.text(scheduled, "reason"),
                    Kube.text(scheduled, "message"));
        }
        for (JsonNode container : Kube.at(pod, "status", "containerStatuses")) {
            Trouble trouble = trouble(container, container.path("state"));
            if (trouble == null) {
                trouble = ended(container, container.path("lastState"));
            }
            if (trouble != null) {
                return trouble;
            }
        }
        JsonNode ready = Kube.condition(pod, "Ready");
        return new Trouble(
                Verdict.NOT_READY,
                ready == null ? "NotReady" : Kube.text(ready, "reason"),
                ready == null ? "" : Kube.text(ready, "message"));
    }

    private static @Nullable Trouble trouble(JsonNode container, JsonNode state) {
        String waiting = Kube.text(state, "waiting", "reason");
        if (waiting.equals("CrashLoopBackOff")) {
            Trouble ended = ended(container, container.path("lastState"));
            return new Trouble(
                    Verdict.CRASHING,
                    waiting,
                    ended == null ? Kube.text(state, "waiting", "message") : ended.message());
        }
        if (!waiting.isEmpty()
                && !waiting.equals("ContainerCreating")
                && !waiting.equals("PodInitializing")) {
            return new Trouble(Verdict.NOT_READY, waiting, Kube.text(state, "waiting", "message"));
        }
        return ended(container, state);
    }

    private static @Nullable Trouble ended(JsonNode container, JsonNode state) {
        JsonNode terminated = state.path("terminated");
        if (!terminated.isObject()) {
            return null;
        }
        return new Trouble(
                Verdict.CRASHING,
                terminated.path("reason").asString("Terminated"),
                "container "
                        + Kube.text(container, "name")
                        + " ended with exit code "
                        + terminated.path("exitCode").asInt(-1)
                        + ", "
                        + Text.counted(
                                container.path("restartCount").asInt(0), "restart", "restarts"));
    }
}
