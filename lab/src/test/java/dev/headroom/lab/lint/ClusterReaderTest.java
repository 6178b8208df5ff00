package dev.headroom.lab.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.lab.deploy.FakeCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same rules on what a real API server holds. */
@SuppressWarnings("NullAway.Init")
class ClusterReaderTest {
    private static final String AUTOSCALER =
            """
            {"metadata":{"name":"web"},"spec":{"maxReplicas":3,
             "scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"}%s}}\
            """;

    @TempDir private Path folder;
    private FakeCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void deployment(String annotations, String resources) {
        cluster.create(
                ResourceType.DEPLOYMENT,
                """
                {"metadata":{"name":"web","annotations":{%s}},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
                 "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[
                  {"name":"web","image":"example/web:1","readinessProbe":{"tcpSocket":{"port":80}},"resources":{%s}}]}}}}\
                """
                        .formatted(annotations, resources));
    }

    private World world() throws Exception {
        return ClusterReader.read(cluster.cluster());
    }

    @Test
    void findsTheSameAsInFilesAndNamesTheObject() throws Exception {
        deployment("", "");
        cluster.create(ResourceType.HORIZONTAL_POD_AUTOSCALER, AUTOSCALER.formatted(""));
        assertThat(Linter.lint(world()))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.rule().id()).isEqualTo("missing-request");
                    assertThat(f.where()).isEqualTo("cluster");
                    assertThat(f.objectName()).isEqualTo("default/Deployment/web");
                });
    }

    /** Every Deployment of a cluster has a number of replicas: only one that somebody applies counts. */
    @Test
    void replicasAreThoseThatWereApplied() throws Exception {
        String requests = "\"requests\":{\"cpu\":\"100m\"}";
        deployment(
                "\"kubectl.kubernetes.io/last-applied-configuration\":\"{\\\"spec\\\":{\\\"replicas\\\":2}}\"",
                requests);
        cluster.create(ResourceType.HORIZONTAL_POD_AUTOSCALER, AUTOSCALER.formatted(""));
        assertThat(Linter.lint(world()))
                .extracting(f -> f.rule().id())
                .containsExactly("replicas-beside-autoscaler");
    }

    @Test
    void replicasThatNobodyAppliedAreNone() throws Exception {
        deployment("", "\"requests\":{\"cpu\":\"100m\"}");
        cluster.create(ResourceType.HORIZONTAL_POD_AUTOSCALER, AUTOSCALER.formatted(""));
        assertThat(Linter.lint(world())).isEmpty();
    }

    @Test
    void metricsApisAreThoseThatAnswer() throws Exception {
        deployment("", "\"requests\":{\"cpu\":\"100m\"}");
        String external =
                """
                ,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}},
                 {"type":"External","external":{"metric":{"name":"queue"},"target":{"type":"Value","value":"1"}}}]\
                """;
        cluster.create(ResourceType.HORIZONTAL_POD_AUTOSCALER, AUTOSCALER.formatted(external));
        assertThat(Linter.lint(world()))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.rule().id()).isEqualTo("metrics-api-missing");
                    assertThat(f.message()).contains("external.metrics.k8s.io");
                });
    }

    @Test
    void nodesAreThoseOfTheCluster() throws Exception {
        deployment("", "\"requests\":{\"cpu\":\"100m\"}");
        cluster.create(ResourceType.HORIZONTAL_POD_AUTOSCALER, AUTOSCALER.formatted(""));
        cluster.create(ResourceType.NODE, "{\"metadata\":{\"name\":\"a\"}}");
        cluster.status(
                ResourceType.NODE, "a", "{\"allocatable\":{\"cpu\":\"200m\",\"pods\":\"110\"}}");
        assertThat(Linter.lint(world()))
                .singleElement()
                .satisfies(f -> assertThat(f.message()).endsWith("the node has room for 2"));
    }
}
