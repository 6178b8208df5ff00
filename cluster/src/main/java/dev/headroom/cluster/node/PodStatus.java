package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A pod's status as the kubelet writes it: phase, conditions, and what each container does. */
final class PodStatus {
    static final String DEADLINE_EXCEEDED = "DeadlineExceeded";
    static final String LATE = "Pod was active on the node longer than the specified deadline";

    private PodStatus() {}

    /**
     * Where a pod stands.
     *
     * @param mounted its volumes are there
     * @param initialized its init containers have done their work, its sidecars have started
     * @param over it will not run again
     * @param late it was ended for its {@code activeDeadlineSeconds}
     */
    record State(
            List<Container> initial,
            List<Container> main,
            boolean mounted,
            boolean initialized,
            boolean over,
            boolean stopping,
            boolean late) {}

    static ObjectNode of(
            ObjectNode pod,
            State state,
            String ip,
            String hostIp,
            Instant startTime,
            @Nullable JsonNode before,
            Instant now) {
        ObjectNode status = Trees.object();
        status.put("phase", phase(state));
        if (state.late()) {
            status.put("reason", DEADLINE_EXCEEDED).put("message", LATE);
        }
        place(status, ip, hostIp, startTime);
        conditions(status, pod, state, before, now);
        containers(status, "initContainerStatuses", state.initial(), state.stopping());
        containers(status, "containerStatuses", state.main(), state.stopping());
        return status;
    }

    /** Where the pod is, and since when. */
    static void place(ObjectNode status, String ip, String hostIp, Instant startTime) {
        status.put("hostIP", hostIp).putArray("hostIPs").addObject().put("ip", hostIp);
        status.put("podIP", ip).putArray("podIPs").addObject().put("ip", ip);
        status.put("startTime", Trees.time(startTime));
    }

    private static String phase(State state) {
        if (state.over()) {
            boolean well =
                    !state.late()
                            && state.initialized()
                            && state.main().stream().allMatch(Container::hasSucceeded);
            return well ? "Succeeded" : "Failed";
        }
        return state.main().stream().allMatch(Container::hasEverStarted) ? "Running" : "Pending";
    }

    private static void conditions(
            ObjectNode status,
            ObjectNode pod,
            State state,
            @Nullable JsonNode before,
            Instant now) {
        // What was said before keeps its times; of the scheduler's condition there is only what the
        // object says.
        JsonNode old =
                before != null ? before.path("conditions") : pod.path("status").path("conditions");
        ArrayNode conditions = status.putArray("conditions");
        old.forEach(condition -> conditions.add(condition.deepCopy()));
        Trees.setCondition(
                status,
                "PodReadyToStartContainers",
                state.mounted() && !state.over() ? "True" : "False",
                "",
                "",
                now);
        String incomplete = names(state.initial().stream().filter(c -> !isComplete(c)).toList());
        Trees.setCondition(
                status,
                "Initialized",
                state.initialized() ? "True" : "False",
                state.initialized() ? "" : "ContainersNotInitialized",
                state.initialized() ? "" : "containers with incomplete status: " + incomplete,
                now);
        List<Container> serving = new ArrayList<>(state.main());
        state.initial().stream().filter(Container::isSidecar).forEach(serving::add);
        List<Container> notReady = serving.stream().filter(c -> !c.isReady()).toList();
        String value = notReady.isEmpty() && !state.over() ? "True" : "False";
        String reason =
                state.over() ? "PodCompleted" : notReady.isEmpty() ? "" : "ContainersNotReady";
        String message =
                notReady.isEmpty() || state.over()
                        ? ""
                        : "containers with unready status: " + names(notReady);
        Trees.setCondition(status, "Ready", value, reason, message, now);
        Trees.setCondition(status, "ContainersReady", value, reason, message, now);
        Trees.setCondition(status, "PodScheduled", "True", "", "", now);
    }

    private static boolean isComplete(Container container) {
        return container.isSidecar() ? container.isStarted() : container.hasSucceeded();
    }

    private static String names(List<Container> containers) {
        return containers.stream().map(Container::name).collect(Collectors.joining(" ", "[", "]"));
    }

    private static void containers(
            ObjectNode status, String field, List<Container> containers, boolean stopping) {
        if (!containers.isEmpty()) {
            ArrayNode array = status.putArray(field);
            containers.forEach(container -> array.add(container.status(stopping)));
        }
    }
}
