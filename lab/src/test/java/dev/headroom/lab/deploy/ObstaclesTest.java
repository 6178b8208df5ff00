package dev.headroom.lab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.deploy.DeploymentRecord.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is said of pods that do not become ready, from objects as a cluster has them. */
class ObstaclesTest {
    private static final JsonNode WORKLOAD =
            json("{'kind': 'Deployment', 'metadata': {'name': 'api'}, 'status': {}}");

    private static final JsonNode RUNS =
            json(
                    "{'metadata': {'name': 'api-1'}, 'status': {'containerStatuses': [{'name': 'c', 'ready': false, 'state': {'running': {}}}]}}");

    private static JsonNode json(String text) {
        return JsonMapper.builder().build().readTree(text.replace('\'', '"'));
    }

    private static JsonNode unhealthy(String pod, String time, String message) {
        return json(
                "{'type': 'Warning', 'reason': 'Unhealthy', 'lastTimestamp': '2026-01-01T00:00:"
                        + time
                        + "Z', 'involvedObject': {'kind': 'Pod', 'name': '"
                        + pod
                        + "'}, 'message': '"
                        + message
                        + "'}");
    }

    private static String words(JsonNode pod, JsonNode... events) {
        List<Reason> reasons = Obstacles.of(WORKLOAD, List.of(pod), List.of(events), 0);
        return Obstacles.words(reasons);
    }

    @Test
    void aContainerThatRunsAndIsNotReadyIsSaidWithItsProbesNewestAnswer() {
        assertThat(words(RUNS)).isEqualTo("Pod/api-1: NotReady: container c runs but is not ready");
        assertThat(
                        words(
                                RUNS,
                                unhealthy("api-1", "01", "Startup probe failed: older"),
                                unhealthy("api-1", "03", "Startup probe failed: newest"),
                                unhealthy("api-2", "04", "of another pod")))
                .isEqualTo(
                        "Pod/api-1: NotReady: container c runs but is not ready: Startup probe failed: newest");
    }

    @Test
    void whatSaysWhyByItselfIsSaidAlone() {
        JsonNode waits =
                json(
                        "{'metadata': {'name': 'api-1'}, 'status': {'containerStatuses': [{'name': 'c', 'state': {'waiting': {'reason': 'ErrImagePull', 'message': 'no such image'}}}]}}");
        assertThat(words(waits, unhealthy("api-1", "01", "older")))
                .isEqualTo("Pod/api-1: ErrImagePull: container c: no such image");
        assertThat(Obstacles.words(List.of())).isEmpty();
    }
}
