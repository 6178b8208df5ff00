package dev.headroom.cluster.api.table;

import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.table.Tables.Cell;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A pod's line in {@code kubectl get pods}. */
final class PodCells {
    static final List<Cell> COLUMNS =
            List.of(
                    new Cell("Name", false, (o, now) -> Json.name(o)),
                    new Cell("Ready", false, (o, now) -> ready(o)),
                    new Cell("Status", false, (o, now) -> status(o)),
                    new Cell("Restarts", false, PodCells::restarts),
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

    private static String ready(JsonNode pod) {
        long ready =
                pod.path("status")
                        .path("containerStatuses")
                        .valueStream()
                        .filter(status -> status.path("ready").asBoolean(false))
                        .count();
        return ready + "/" + pod.path("spec").path("containers").size();
    }

    /** The reason that a container gives, else the pod's own, else its phase. */
    static String status(JsonNode pod) {
        String reason = Json.text(pod, "status", "reason");
        if (reason.isEmpty()) {
            reason = Json.text(pod, "status", "phase");
        }
        boolean running = false;
        for (JsonNode status : pod.path("status").path("containerStatuses")) {
            JsonNode state = status.path("state");
            if (!Json.text(state, "waiting", "reason").isEmpty()) {
                reason = Json.text(state, "waiting", "reason");
            } else if (state.has("terminated")) {
                String why = Json.text(state, "terminated", "reason");
                reason =
                        why.isEmpty()
                                ? "ExitCode:" + state.path("terminated").path("exitCode").asInt(0)
                                : why;
            } else {
                running |= status.path("ready").asBoolean(false);
            }
        }
        if (reason.equals("Completed") && running) {
            reason = "Running";
        }
        return pod.path("metadata").has("deletionTimestamp") ? "Terminating" : reason;
    }

    private static String restarts(JsonNode pod, Instant now) {
        int count = 0;
        String last = "";
        for (JsonNode status : pod.path("status").path("containerStatuses")) {
            count += status.path("restartCount").asInt(0);
            String finished = Json.text(status, "lastState", "terminated", "finishedAt");
            last = finished.compareTo(last) > 0 ? finished : last;
        }
        return count > 0 && !last.isEmpty()
                ? count + " (" + Ages.since(last, now) + " ago)"
                : Integer.toString(count);
    }
}
