package dev.headroom.cluster.node;

import dev.headroom.cluster.informer.Trees;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A pod's status as the kubelet writes it: phase, conditions, and what each container does. */
final class PodStatus {
    private PodStatus() {}

    static ObjectNode of(
            ObjectNode pod,
            List<Container> initial,
            List<Container> main,
            String ip,
            String hostIp,
            Instant startTime,
            boolean initialized,
            boolean over,
            boolean stopping,
            @Nullable JsonNode before,
            Instant now) {
        ObjectNode status = Trees.object();
        status.put("phase", phase(main, over));
        status.put("hostIP", hostIp).putArray("hostIPs").addObject().put("ip", hostIp);
        status.put("podIP", ip).putArray("podIPs").addObject().put("ip", ip);
        status.put("startTime", Trees.time(startTime));
        conditions(status, pod, main, initialized, over, before, now);
        containers(status, "initContainerStatuses", initial, stopping);
        containers(status, "containerStatuses", main, stopping);
        return status;
    }

    private static String phase(List<Container> main, boolean over) {
        if (over) {
            return main.stream().allMatch(Container::hasSucceeded) ? "Succeeded" : "Failed";
        }
        return main.stream().allMatch(Container::hasEverStarted) ? "Running" : "Pending";
    }

    private static void conditions(
            ObjectNode status,
            ObjectNode pod,
            List<Container> main,
            boolean initialized,
            boolean over,
            @Nullable JsonNode before,
            Instant now) {
        // What was said before keeps its times; of the scheduler's condition there is only what the
        // object says.
        JsonNode old =
                before != null ? before.path("conditions") : pod.path("status").path("conditions");
        ArrayNode conditions = status.putArray("conditions");
        old.forEach(condition -> conditions.add(condition.deepCopy()));
        Trees.setCondition(status, "PodReadyToStartContainers", "True", "", "", now);
        Trees.setCondition(
                status,
                "Initialized",
                initialized ? "True" : "False",
                initialized ? "" : "ContainersNotInitialized",
                initialized ? "" : "containers with incomplete status",
                now);
        List<String> notReady =
                main.stream().filter(c -> !c.isReady()).map(Container::name).toList();
        String value = notReady.isEmpty() && !over ? "True" : "False";
        String reason = over ? "PodCompleted" : notReady.isEmpty() ? "" : "ContainersNotReady";
        String message =
                notReady.isEmpty() || over
                        ? ""
                        : "containers with unready status: [" + String.join(" ", notReady) + "]";
        Trees.setCondition(status, "Ready", value, reason, message, now);
        Trees.setCondition(status, "ContainersReady", value, reason, message, now);
        Trees.setCondition(status, "PodScheduled", "True", "", "", now);
    }

    private static void containers(
            ObjectNode status, String field, List<Container> containers, boolean stopping) {
        if (!containers.isEmpty()) {
            ArrayNode array = status.putArray(field);
            containers.forEach(container -> array.add(container.status(stopping)));
        }
    }
}
