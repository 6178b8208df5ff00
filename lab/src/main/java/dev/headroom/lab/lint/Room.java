package dev.headroom.lab.lint;

import dev.headroom.lab.deploy.Selectors;
import dev.headroom.lab.experiment.Manifest;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** How many pods of a workload the nodes can hold beside what others have on them. */
final class Room {
    private static final List<String> RESOURCES = List.of("cpu", "memory", "ephemeral-storage");

    private Room() {}

    static long of(World world, List<Manifest> nodes, Workload workload) {
        return nodes.stream()
                .filter(n -> takes(n.object(), workload.podSpec()))
                .mapToLong(n -> onNode(world, n, workload))
                .sum();
    }

    private static long onNode(World world, Manifest node, Workload workload) {
        JsonNode allocatable = node.object().path("status").path("allocatable");
        List<Workload> others =
                world.kind("Pod")
                        .map(Workload::new)
                        .filter(p -> p.podSpec().path("nodeName").asString("").equals(node.name()))
                        .filter(Room::running)
                        .filter(p -> !own(p, workload))
                        .toList();
        long room = Long.MAX_VALUE;
        for (String resource : RESOURCES) {
            Double capacity = Quantities.number(allocatable.path(resource));
            double needs = workload.needs(resource);
            if (capacity != null && needs > 0) {
                double used = others.stream().mapToDouble(p -> p.needs(resource)).sum();
                // A millionth, since sums of decimal fractions are not exact.
                room =
                        Math.min(
                                room,
                                (long) Math.floor(Math.max(0, capacity - used) / needs + 1e-6));
            }
        }
        Double pods = Quantities.number(allocatable.path("pods"));
        return Math.min(room, pods == null ? 110 : Math.max(0, pods.longValue() - others.size()));
    }

    private static boolean running(Workload pod) {
        String phase = pod.object().object().path("status").path("phase").asString("");
        return !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    private static boolean own(Workload pod, Workload workload) {
        return Objects.equals(pod.object().namespace(), workload.object().namespace())
                && Selectors.labels(workload.labels(), pod.labels());
    }

    private static boolean takes(JsonNode node, JsonNode podSpec) {
        if (node.path("spec").path("unschedulable").asBoolean(false)) {
            return false;
        }
        JsonNode wanted = podSpec.path("nodeSelector");
        if (!wanted.isEmpty() && !Selectors.labels(wanted, node.path("metadata").path("labels"))) {
            return false;
        }
        return node.path("spec")
                .path("taints")
                .valueStream()
                .filter(t -> !t.path("effect").asString("").equals("PreferNoSchedule"))
                .allMatch(t -> tolerations(podSpec).anyMatch(o -> tolerates(o, t)));
    }

    private static Stream<JsonNode> tolerations(JsonNode podSpec) {
        return podSpec.path("tolerations").valueStream();
    }

    private static boolean tolerates(JsonNode toleration, JsonNode taint) {
        String effect = toleration.path("effect").asString("");
        String key = toleration.path("key").asString("");
        boolean exists = toleration.path("operator").asString("Equal").equals("Exists");
        return (effect.isEmpty() || effect.equals(taint.path("effect").asString("")))
                && (key.isEmpty() ? exists : key.equals(taint.path("key").asString("")))
                && (exists
                        || toleration
                                .path("value")
                                .asString("")
                                .equals(taint.path("value").asString("")));
    }
}
