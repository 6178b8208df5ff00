package dev.headroom.lab.cli;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.run.StageException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What came from outside and broke a load, though every stage went to its end: it is told apart from what the service did by itself. */
final class Failures {
    /** 128 and the number of SIGKILL. */
    private static final int KILLED = 137;

    private Failures() {}

    /** Null where nothing did. */
    static @Nullable StageException found(RunData data) {
        LoadRecord load = data.load();
        if (load == null) {
            return null;
        }
        String problem =
                load.ended().how() == LoadRecord.Ended.How.FAILED
                        ? load.ended().cause()
                        : killedContainer(data, load);
        return problem == null ? null : new StageException("load", problem, null);
    }

    /** A kubelet that kills says so by an event, and one that ran out of memory has a reason of its own. */
    private static @Nullable String killedContainer(RunData data, LoadRecord load) {
        Set<String> killedByKubelet = new HashSet<>();
        Map<String, String> killed = new LinkedHashMap<>();
        for (Observation observation : data.observations()) {
            if (!(observation instanceof Observation.Change change)) {
                continue;
            }
            if (change.objectKind().equals("Event")
                    && change.object().path("reason").asString("").equals("Killing")) {
                killedByKubelet.add(
                        change.object().path("involvedObject").path("name").asString(""));
            } else if (change.objectKind().equals("Pod")) {
                String words =
                        killedContainer(
                                change.object(), load, data.deployment().clockAheadMillis());
                if (words != null) {
                    killed.putIfAbsent(change.name(), words);
                }
            }
        }
        killed.keySet().removeAll(killedByKubelet);
        return killed.isEmpty() ? null : killed.values().iterator().next();
    }

    private static @Nullable String killedContainer(
            JsonNode pod, LoadRecord load, long clockAhead) {
        if (pod.path("metadata").has("deletionTimestamp")) {
            return null;
        }
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            for (String state : new String[] {"state", "lastState"}) {
                JsonNode ended = container.path(state).path("terminated");
                String when = ended.path("finishedAt").asString("");
                if (ended.path("exitCode").asInt(0) != KILLED
                        || ended.path("reason").asString("").equals("OOMKilled")
                        || when.isEmpty()) {
                    continue;
                }
                long at = Instant.parse(when).toEpochMilli() - clockAhead;
                // Kubernetes tells whole seconds.
                if (at >= load.start() - 1000 && at <= load.end()) {
                    return String.format(
                            Locale.ROOT,
                            "container %s of pod %s was killed from outside %.0f s into the load (SIGKILL, by nothing of the cluster)",
                            container.path("name").asString(""),
                            pod.path("metadata").path("name").asString(""),
                            Math.max(0, at - load.start()) / 1e3);
                }
            }
        }
        return null;
    }
}
