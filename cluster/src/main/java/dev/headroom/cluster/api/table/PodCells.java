package dev.headroom.cluster.api.table;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.table.Tables.Cell;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A pod's line in {@code kubectl get pods}. */
final class PodCells {
    static final List<Cell> COLUMNS =
            List.of(
                    new Cell("Name", false, (o, now) -> Json.name(o)),
                    new Cell("Ready", false, (o, now) -> Summary.of(o).ready()),
                    new Cell("Status", false, (o, now) -> Summary.of(o).status()),
                    new Cell("Restarts", false, (o, now) -> Summary.of(o).restarts(now)),
                    new Cell(
                            "Age",
                            false,
                            (o, now) ->
                                    Ages.since(Json.text(o, "metadata", "creationTimestamp"), now)),
                    new Cell("IP", true, (o, now) -> orNone(Json.text(o, "status", "podIP"))),
                    new Cell("Node", true, (o, now) -> orNone(Json.text(o, "spec", "nodeName"))),
                    new Cell("Nominated Node", true, (o, now) -> "<none>"),
                    new Cell("Readiness Gates", true, (o, now) -> "<none>"));

    private PodCells() {}

    private static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    /**
     * What a pod's containers come to, as upstream sums it up.
     *
     * @param readyContainers of {@code containers}, sidecars among them
     * @param lastRestart the time of day of the last one, empty for none
     */
    record Summary(
            int readyContainers, int containers, String status, int restarts, String lastRestart) {

        static Summary of(JsonNode pod) {
            return new Adding(pod).sum();
        }

        String ready() {
            return readyContainers + "/" + containers;
        }

        String restarts(Instant now) {
            return restarts > 0 && !lastRestart.isEmpty()
                    ? restarts + " (" + Ages.since(lastRestart, now) + " ago)"
                    : Integer.toString(restarts);
        }
    }

    /** A sum in the making: init containers as long as they are at work, then the others. */
    private static final class Adding {
        private final JsonNode pod;
        private final Map<String, Boolean> sidecars = new HashMap<>();
        private int ready;
        private int restarts;
        private int sidecarRestarts;
        private String last = "";
        private String lastOfSidecars = "";
        private String reason;

        Adding(JsonNode pod) {
            this.pod = pod;
            this.reason = Json.text(pod, "status", "reason");
            if (reason.isEmpty()) {
                reason = Json.text(pod, "status", "phase");
            }
            for (JsonNode container : pod.path("spec").path("initContainers")) {
                sidecars.put(
                        Json.text(container, "name"),
                        Json.text(container, "restartPolicy").equals("Always"));
            }
        }

        Summary sum() {
            boolean initializing = initial();
            if (!initializing || isTrue("Initialized")) {
                restarts = sidecarRestarts;
                last = lastOfSidecars;
                main();
            }
            if (pod.path("metadata").has("deletionTimestamp")
                    && !Json.text(pod, "status", "phase").matches("Succeeded|Failed")) {
                reason = "Terminating";
            }
            int all =
                    pod.path("spec").path("containers").size()
                            + (int) sidecars.values().stream().filter(is -> is).count();
            return new Summary(ready, all, reason, restarts, last);
        }

        /** Whether one of them still keeps the others waiting. */
        private boolean initial() {
            int done = 0;
            for (JsonNode status : pod.path("status").path("initContainerStatuses")) {
                boolean sidecar = sidecars.getOrDefault(Json.text(status, "name"), false);
                count(status);
                if (sidecar) {
                    sidecarRestarts += status.path("restartCount").asInt(0);
                    lastOfSidecars = later(lastOfSidecars, status);
                }
                JsonNode state = status.path("state");
                boolean ended = state.has("terminated");
                boolean well = ended && state.path("terminated").path("exitCode").asInt(1) == 0;
                boolean serves = sidecar && status.path("started").asBoolean(false);
                if (!well && serves && status.path("ready").asBoolean(false)) {
                    ready++;
                }
                if (!well && !serves) {
                    String waiting = Json.text(state, "waiting", "reason");
                    if (ended) {
                        reason = "Init:" + reason(state);
                    } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                        reason = "Init:" + waiting;
                    } else {
                        reason = "Init:" + done + "/" + sidecars.size();
                    }
                    return true;
                }
                done++;
            }
            return false;
        }

        private void main() {
            boolean running = false;
            for (JsonNode status :
                    Json.objects(pod.path("status").path("containerStatuses")).reversed()) {
                count(status);
                JsonNode state = status.path("state");
                String waiting = Json.text(state, "waiting", "reason");
                if (!waiting.isEmpty()) {
                    reason = waiting;
                } else if (state.has("terminated")) {
                    reason = reason(state);
                } else if (status.path("ready").asBoolean(false) && state.has("running")) {
                    running = true;
                    ready++;
                }
            }
            if (reason.equals("Completed") && running) {
                reason = isTrue("Ready") ? "Running" : "NotReady";
            }
        }

        private void count(JsonNode status) {
            restarts += status.path("restartCount").asInt(0);
            last = later(last, status);
        }

        private static String later(String last, JsonNode status) {
            String finished = Json.text(status, "lastState", "terminated", "finishedAt");
            return finished.compareTo(last) > 0 ? finished : last;
        }

        private static String reason(JsonNode state) {
            String why = Json.text(state, "terminated", "reason");
            return why.isEmpty()
                    ? "ExitCode:" + state.path("terminated").path("exitCode").asInt(0)
                    : why;
        }

        private boolean isTrue(String type) {
            return pod.path("status")
                    .path("conditions")
                    .valueStream()
                    .anyMatch(c ->
                            Json.text(c, "type").equals(type)
                                    && Json.text(c, "status").equals("True"));
        }
    }
}
