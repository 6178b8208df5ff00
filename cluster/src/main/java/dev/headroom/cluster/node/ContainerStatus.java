package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The parts of {@code status.containerStatuses}, as the kubelet writes them. */
final class ContainerStatus {
    private static final int KILLED = 137;
    private static final int NOT_STARTED = 128;

    private ContainerStatus() {}

    /**
     * One container's.
     *
     * @param state with one of {@code running}, {@code terminated}, {@code waiting}
     * @param last how its life before ended, where {@code state} does not say so; null for none
     */
    static ObjectNode of(
            ContainerSpec spec,
            ObjectNode state,
            @Nullable ObjectNode last,
            boolean ready,
            boolean started,
            int restarts) {
        ObjectNode status = Trees.object().put("name", spec.name());
        status.set("state", state);
        ObjectNode lastState = status.putObject("lastState");
        if (last != null) {
            lastState.set("terminated", last);
        }
        return status.put("ready", ready)
                .put("restartCount", restarts)
                .put("image", spec.image())
                .put("imageID", "")
                .put("started", started);
    }

    static String id(ContainerProcess process) {
        return "process://" + process.pid();
    }

    /** {@code state.terminated} of a process that has ended. */
    static ObjectNode terminated(ContainerProcess ended, Instant now) {
        int code = ended.exitCode();
        boolean oom = code == KILLED && ended.group().ranOutOfMemory();
        return Trees.object()
                .put("exitCode", code)
                .put("reason", oom ? "OOMKilled" : code == 0 ? "Completed" : "Error")
                .put("startedAt", Trees.time(ended.startedAt()))
                .put("finishedAt", Trees.time(now))
                .put("containerID", id(ended));
    }

    /** {@code state.terminated} where no process came to be: a runtime says that it began at no time. */
    static ObjectNode notStarted(String message, Instant now) {
        return Trees.object()
                .put("exitCode", NOT_STARTED)
                .put("reason", "StartError")
                .put("message", message)
                .put("startedAt", Trees.time(Instant.EPOCH))
                .put("finishedAt", Trees.time(now));
    }
}
