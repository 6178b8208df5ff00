package dev.headroom.lab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.lab.cli.InProcess;
import dev.headroom.lab.run.StageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The way to the API server from inside of a pod, with a folder as a kubelet mounts one. */
class InClusterTest {
    @TempDir Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private FakeCluster fake;

    @SuppressWarnings("NullAway.Init")
    private Map<String, String> environment;

    private String token = "";

    @BeforeEach
    void mount() throws IOException, StageException {
        fake = new FakeCluster(folder);
        JsonNode kubeconfig =
                YAMLMapper.builder().build().readTree(folder.resolve("kubeconfig").toFile());
        JsonNode cluster = kubeconfig.path("clusters").path(0).path("cluster");
        token = kubeconfig.path("users").path(0).path("user").path("token").asString();
        byte[] authority =
                Base64.getDecoder().decode(cluster.path("certificate-authority-data").asString());
        Files.write(folder.resolve("ca.crt"), authority);
        Files.writeString(folder.resolve("token"), token + "\n");
        Files.writeString(folder.resolve("namespace"), "team");
        URI server = URI.create(cluster.path("server").asString());
        environment =
                Map.of(
                        "KUBERNETES_SERVICE_HOST",
                        server.getHost(),
                        "KUBERNETES_SERVICE_PORT",
                        String.valueOf(server.getPort()));
    }

    @AfterEach
    void end() {
        fake.close();
    }

    private Cluster open() throws StageException {
        return Cluster.inCluster(new InCluster(environment, folder), null);
    }

    @Test
    void readsAddressAuthorityTokenAndNamespaceAsAPodHasThem() throws Exception {
        try (Cluster cluster = open()) {
            assertThat(cluster.get("/version").code()).isEqualTo(200);
            assertThat(cluster.client().namespaces().list().getItems()).isNotEmpty();
            assertThat(cluster.namespace()).isEqualTo("team");
            assertThat(cluster.context()).isEqualTo("in-cluster");
            assertThat(cluster.around()).isTrue();
            assertThat(cluster.embedded()).isFalse();
        }
        assertThat(fake.cluster().around()).isFalse();
    }

    /** The kubelet writes a new token before the old one ends. */
    @Test
    void aTokenThatWasExchangedIsReadAgain() throws Exception {
        Files.writeString(folder.resolve("token"), "an-old-one");
        try (Cluster cluster = open()) {
            assertThat(cluster.get("/api/v1/namespaces").code()).isEqualTo(401);
            Files.writeString(folder.resolve("token"), token);
            assertThat(cluster.get("/api/v1/namespaces").code()).isEqualTo(200);
            assertThat(cluster.client().namespaces().list().getItems()).isNotEmpty();
        }
    }

    @Test
    void withoutANamespaceItIsTheDefaultOne() throws Exception {
        Files.delete(folder.resolve("namespace"));
        try (Cluster cluster = open()) {
            assertThat(cluster.namespace()).isEqualTo("default");
        }
        try (Cluster cluster = Cluster.inCluster(new InCluster(environment, folder), "another")) {
            assertThat(cluster.namespace()).isEqualTo("another");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "ca.crt"})
    void aFileThatIsMissingIsNamed(String file) throws IOException {
        Files.delete(folder.resolve(file));
        assertThatThrownBy(this::open)
                .isInstanceOf(StageException.class)
                .hasMessageContaining("this is no pod with a service account: there is no")
                .hasMessageContaining(folder.resolve(file).toString())
                .hasMessageContaining("--kubeconfig");
    }

    @Test
    void outsideOfAPodItIsRefused() {
        InProcess.Ended run =
                InProcess.run("run", "--in-cluster", "../experiments/autoscaling.yaml");
        assertThat(run.exitCode()).as(run.printed()).isEqualTo(2);
        assertThat(run.printed())
                .contains("no pod with a service account: KUBERNETES_SERVICE_HOST is not set");
        for (String command : new String[] {"lint", "restore"}) {
            InProcess.Ended ended = InProcess.run(command, "--in-cluster");
            assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(2);
            assertThat(ended.printed()).contains("KUBERNETES_SERVICE_HOST is not set");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run ../experiments/autoscaling.yaml", "lint", "restore"})
    void oneClusterIsEnough(String line) {
        String all = line + " --in-cluster --context x";
        InProcess.Ended ended = InProcess.run(all.split(" "));
        assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(2);
        assertThat(ended.printed()).contains("--in-cluster: takes the cluster that this program");
    }

    @Test
    void theWayInIsTheServicesOwnAddress() throws Exception {
        fake.create(
                ResourceType.SERVICE,
                """
                {"metadata": {"name": "api"},
                 "spec": {"selector": {"app": "api"}, "ports": [{"port": 8000}]}}
                """);
        try (Cluster cluster = Cluster.inCluster(new InCluster(environment, folder), "default")) {
            JsonNode service = cluster.json("/api/v1/namespaces/default/services/api");
            assertThat(WaysIn.fromInside(service, 8000))
                    .singleElement()
                    .satisfies(way -> {
                        assertThat(way.how()).isEqualTo("ClusterIP");
                        assertThat(way.url())
                                .isEqualTo(
                                        "http://"
                                                + service.path("spec").path("clusterIP").asString()
                                                + ":8000");
                    });
        }
        assertThat(WaysIn.fromInside(FakeCluster.node("{\"spec\": {\"clusterIP\": \"None\"}}"), 80))
                .isEmpty();
    }
}
