package dev.headroom.lab.observe;

import dev.headroom.lab.deploy.Quantity;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a Pod object says of the pod. */
final class PodState {
    private PodState() {}

    static boolean isRunning(JsonNode pod) {
        return pod.path("status").path("phase").asString("").equals("Running");
    }

    static boolean isReady(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }

    /** The sum of its containers' CPU limits, in cores; null where one has none. */
    static @Nullable Double cpuLimit(JsonNode pod) {
        double sum = 0;
        for (JsonNode container : pod.path("spec").path("containers")) {
            Double limit = Quantity.number(container.path("resources").path("limits").path("cpu"));
            if (limit == null) {
                return null;
            }
            sum += limit;
        }
        return sum;
    }

    /**
     * The container port that a Service leads to; 0 where the pod has none of its name.
     *
     * @param target the Service's target port, a number or a name
     */
    static int port(JsonNode pod, String target) {
        if (!target.isEmpty() && target.chars().allMatch(Character::isDigit)) {
            return Integer.parseInt(target);
        }
        for (JsonNode container : pod.path("spec").path("containers")) {
            for (JsonNode port : container.path("ports")) {
                if (port.path("name").asString("").equals(target)) {
                    return port.path("containerPort").asInt(0);
                }
            }
        }
        return 0;
    }
}
