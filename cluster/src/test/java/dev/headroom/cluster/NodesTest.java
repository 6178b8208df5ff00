package dev.headroom.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.testing.TestCluster;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several nodes on one machine, and pods that run nothing. */
class NodesTest {
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cluster =
                TestCluster.start(
                        Duration.ofSeconds(1), new EmbeddedCluster.Nodes(3, 2.0, 8L << 30));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String deployment(String name, int replicas, String image, String annotations) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %s}
        spec:
          replicas: %d
          selector: {matchLabels: {app: %s}}
          template:
            metadata: {labels: {app: %s}, annotations: {%s}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
                - {name: app, image: '%s', resources: {requests: {cpu: 100m, memory: 16Mi}, limits: {cpu: 500m}}}
        """
                .formatted(name, replicas, name, name, annotations, image);
    }

    @Test
    void everyNodeHasItsShare() {
        assertThat(
                        cluster.ok(
                                "get",
                                "nodes",
                                "-o",
                                "jsonpath={range .items[*]}{.metadata.name} {.status.capacity.cpu} {.status.capacity.memory}{\"\\n\"}{end}"))
                .isEqualTo("headroom 2 8Gi\nheadroom-2 2 8Gi\nheadroom-3 2 8Gi\n");
    }

    @Test
    void podsOfOneDeploymentAreOnAllNodesAndTellTheirLogs() {
        cluster.apply(
                deployment("real", 3, "test/sleeps:1", "")
                        .replace(
                                "resources:",
                                "command: [sh, -c, 'echo here; exec sleep 3600'], resources:"));
        cluster.ok("rollout", "status", "deployment/real", "--timeout=40s");
        String nodes =
                cluster.ok(
                        "get",
                        "pods",
                        "-l",
                        "app=real",
                        "-o",
                        "jsonpath={.items[*].spec.nodeName}");
        assertThat(nodes.split(" "))
                .containsExactlyInAnyOrder("headroom", "headroom-2", "headroom-3");
        cluster.await(
                out -> out.split("here", -1).length == 4, "logs", "-l", "app=real", "--tail=-1");
        for (String node : nodes.split(" ")) {
            assertThat(
                            cluster.ok(
                                    "get",
                                    "--raw",
                                    "/api/v1/nodes/" + node + "/proxy/metrics/cadvisor"))
                    .containsOnlyOnce(
                            "container_memory_working_set_bytes{container=\"app\",namespace=\"default\",pod=\"real-")
                    .contains("machine_cpu_cores 2\n");
        }
        cluster.ok("delete", "deployment", "real");
    }

    @Test
    void everyNodeHoldsItsLease() {
        assertThat(
                        cluster.ok(
                                "get",
                                "leases",
                                "-n",
                                "kube-node-lease",
                                "-o",
                                "jsonpath={range .items[*]}{.spec.holderIdentity} {.spec.leaseDurationSeconds} {.metadata.ownerReferences[0].name}{\"\\n\"}{end}"))
                .isEqualTo(
                        "headroom 40 headroom\nheadroom-2 40 headroom-2\nheadroom-3 40 headroom-3\n");
        assertThat(cluster.ok("describe", "node", "headroom-2"))
                .containsPattern("Lease:\n *HolderIdentity: *headroom-2\n")
                .doesNotContain("Failed to get lease")
                // Go's zero time: a heartbeat that never was.
                .doesNotContain("Jan 0001");
    }

    /** What belongs to an object without a namespace, as a lease to its node, is no orphan. */
    @Test
    void whatBelongsToANodeStaysWithIt() {
        String uid = cluster.ok("get", "node", "headroom", "-o", "jsonpath={.metadata.uid}");
        String owned =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: %s
                  ownerReferences: [{apiVersion: v1, kind: Node, name: headroom, uid: %s}]
                ---
                """;
        cluster.apply(owned.formatted("stays", uid) + owned.formatted("orphan", "nobody"));
        cluster.ok("wait", "--for=delete", "configmap/orphan", "--timeout=20s");
        cluster.ok("get", "configmap", "stays");
        cluster.ok("delete", "configmap", "stays");
    }

    /** What tolerates the taint runs there all the same, and who describes the node sees it. */
    @Test
    void aCordonedNodeIsTainted() {
        String[] taints = {
            "get",
            "node",
            "headroom-3",
            "-o",
            "jsonpath={range .spec.taints[*]}{.key}:{.effect}{end}"
        };
        cluster.ok("cordon", "headroom-3");
        cluster.await("node.kubernetes.io/unschedulable:NoSchedule"::equals, taints);
        cluster.ok("uncordon", "headroom-3");
        cluster.await(String::isEmpty, taints);
    }

    /** Four CPUs of load for as many as there are; with 100m each, forty are enough. */
    @Test
    void fakePodsAreScaledByTheirFormula() {
        cluster.apply(
                deployment(
                                "fake",
                                4,
                                "headroom/fake",
                                "headroom.dev/cpu: 'min(4, 100 * t) / replicas'")
                        + """
                        ---
                        apiVersion: autoscaling/v2
                        kind: HorizontalPodAutoscaler
                        metadata: {name: fake}
                        spec:
                          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: fake}
                          maxReplicas: 50
                          behavior: {scaleUp: {policies: [{type: Pods, value: 100, periodSeconds: 1}]}}
                          metrics: [{type: ContainerResource, containerResource: {name: cpu, container: app, target: {type: Utilization, averageUtilization: 100}}}]
                        """);
        cluster.ok("rollout", "status", "deployment/fake", "--timeout=40s");
        // A figure taken over a change of their number may bring one or two more, which then stay
        // within the tolerance.
        cluster.await(
                out -> out.matches("4[0-4]"),
                "get",
                "deployment",
                "fake",
                "-o",
                "jsonpath={.status.readyReplicas}");
        cluster.await(
                out ->
                        out.strip().lines().count() >= 40
                                && out.strip()
                                        .lines()
                                        .allMatch(l -> l.matches("\\S+ +(9\\dm|100m) .*")),
                "top",
                "pods",
                "-l",
                "app=fake",
                "--no-headers");
        // The last pass may still have seen the end of the growth.
        cluster.await(
                out -> out.matches("(?s).*cpu: (9\\d|100)%/100%.*"),
                "get",
                "hpa",
                "fake",
                "--no-headers");
        cluster.ok("delete", "deployment/fake", "hpa/fake", "--timeout=30s");
        cluster.await(String::isBlank, "get", "pods", "-l", "app=fake", "-o", "name");
    }

    @Test
    void aFormulaThatIsNoneIsTold() {
        cluster.apply(deployment("wrong", 1, "headroom/fake:1", "headroom.dev/cpu: much"));
        cluster.await(
                out -> out.contains("annotation headroom.dev/cpu: found \"much\""),
                "get",
                "pods",
                "-l",
                "app=wrong",
                "-o",
                "jsonpath={.items[*].status.containerStatuses[0].state.waiting.message}");
        cluster.ok("delete", "deployment", "wrong");
    }
}
