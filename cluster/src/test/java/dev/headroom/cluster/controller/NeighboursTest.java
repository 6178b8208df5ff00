package dev.headroom.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What the rules of placement can tell of ten thousand pods. */
class NeighboursTest {
    private final Neighbours neighbours = new Neighbours();

    private static ObjectNode pod(int number, String app) {
        return ControlPlane.json(
                "{'metadata':{'uid':'%d','namespace':'default','labels':{'app':'%s'}},'spec':{}}"
                        .formatted(number, app));
    }

    @Test
    void aRuleLooksAtKindsNotAtPods() {
        for (int i = 0; i < 10_000; i++) {
            neighbours.put(pod(i, i % 2 == 0 ? "even" : "odd"), "n" + i % 100);
        }
        List<Neighbours.Kind> asked = new ArrayList<>();
        Map<String, Neighbours.Count> counts =
                neighbours.perNode(kind -> {
                    asked.add(kind);
                    return kind.labels().path("app").asString("").equals("even");
                });
        assertThat(asked).hasSize(2);
        assertThat(counts).hasSize(50).containsEntry("n42", new Neighbours.Count(100, 0));
    }

    @Test
    void followsPodsAsTheyChange() {
        ObjectNode pod = pod(1, "web");
        assertThat(neighbours.put(pod, "n")).isTrue();
        assertThat(neighbours.put(pod.deepCopy().put("status", "other"), "n")).isFalse();
        ObjectNode leaving = pod(1, "other");
        leaving.withObject("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        assertThat(neighbours.put(leaving, "n")).isTrue();
        assertThat(neighbours.perNode(kind -> true))
                .isEqualTo(Map.of("n", new Neighbours.Count(1, 1)));
        neighbours.remove(leaving);
        neighbours.remove(leaving);
        assertThat(neighbours.perNode(kind -> true)).isEmpty();
    }
}
