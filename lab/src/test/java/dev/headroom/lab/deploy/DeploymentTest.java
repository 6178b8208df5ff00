package dev.headroom.lab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.cluster.objects.Query;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.Manifests;
import dev.headroom.lab.run.StageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The deploy stage against a real API server; the test plays the controllers. */
class DeploymentTest {
    private static final String MANIFESTS =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: api}
            spec:
              selector: {matchLabels: {app: api}}
              template:
                metadata: {labels: {app: api}}
                spec:
                  containers:
                  - name: c
                    image: example/api:1
                    ports: [{name: http, containerPort: 8000}]
                    resources: {requests: {cpu: 250m}, limits: {cpu: 500m, memory: 64Mi}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: api}
            spec: {type: LoadBalancer, selector: {app: api}, ports: [{port: PORT, targetPort: http}]}
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: api}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
              minReplicas: 2
              maxReplicas: 4
              metrics:
              - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
            """;

    @TempDir Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private FakeCluster fake;

    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void start() throws IOException, StageException {
        fake = new FakeCluster(folder);
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    private Manifests manifests(String text) throws IOException, ExperimentException {
        return Manifests.read(List.of(Files.writeString(folder.resolve("all.yaml"), text)));
    }

    private Experiment experiment(Duration ready) {
        return new Experiment(
                "x",
                List.of(folder.resolve("all.yaml")),
                new Experiment.Autoscaler(1, 3),
                new Experiment.Target("api", "/"),
                new Experiment.Rate(1, 1, Duration.ofSeconds(1), null, Duration.ofSeconds(1)),
                Map.of(),
                new Experiment.Timeouts(ready, Duration.ZERO),
                new Experiment.Expect(null, List.of()));
    }

    private Deployment apply(String text) throws Exception {
        return Deployment.apply(
                fake.cluster(), experiment(Duration.ofSeconds(1)), manifests(text), said::add);
    }

    private DeploymentRecord await(Deployment deployment) throws Exception {
        return deployment.await(
                List.of(new DeploymentRecord.Setting("syncPeriodSeconds", "5", "given")),
                new DeploymentRecord.Program("1", "25", "os", "cpu", 2, 1),
                said::add);
    }

    @Test
    void appliesAsTheFieldManagerHeadroomWithTheExperimentsBounds() throws Exception {
        try (Deployment deployment = apply(MANIFESTS.replace("PORT", "80"))) {
            JsonNode autoscaler = get(ResourceType.HORIZONTAL_POD_AUTOSCALER);
            assertThat(autoscaler.path("spec").path("minReplicas").asInt()).isEqualTo(1);
            assertThat(autoscaler.path("spec").path("maxReplicas").asInt()).isEqualTo(3);
            JsonNode manager = autoscaler.path("metadata").path("managedFields").path(0);
            assertThat(manager.path("manager").asString()).isEqualTo("headroom");
            assertThat(manager.path("operation").asString()).isEqualTo("Apply");
            Subject subject = deployment.subject();
            assertThat(subject.workload()).isEqualTo("api");
            assertThat(subject.autoscaler()).isEqualTo("api");
            assertThat(subject.targetPort()).isEqualTo("http");
            assertThat(subject.labelSelector()).isEqualTo("app=api");
        }
    }

    @Test
    void aWrongManifestIsRefusedInKubernetesWordsBeforeAnythingIsThere() throws Exception {
        Path file = folder.resolve("all.yaml");
        assertThatThrownBy(() -> apply(MANIFESTS.replace("PORT", "80").replace("image:", "imag:")))
                .isInstanceOf(ExperimentException.class)
                .hasMessageStartingWith(file + ":1: Deployment/api: ")
                .hasMessageContaining("].imag: field not declared in schema");
        assertThatThrownBy(() -> apply(MANIFESTS.replace("PORT", "70000")))
                .isInstanceOf(ExperimentException.class)
                .hasMessageContaining("must be between 1 and 65535, inclusive");
        assertThatThrownBy(() ->
                        apply(
                                MANIFESTS
                                        .replace("PORT", "80")
                                        .replace("autoscaling/v2", "autoscaling/v3")))
                .isInstanceOf(ExperimentException.class)
                .hasMessageContaining(
                        "no matches for kind \"HorizontalPodAutoscaler\" in version \"autoscaling/v3\" on this cluster");
        assertThat(count(ResourceType.DEPLOYMENT)).isZero();
        assertThat(count(ResourceType.SERVICE)).isZero();
    }

    @Test
    void leavesTheClusterAsItWasFound() throws Exception {
        fake.create(
                ResourceType.SERVICE,
                "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"api\",\"labels\":{\"mine\":\"yes\"}},\"spec\":{\"selector\":{\"app\":\"api\"},\"ports\":[{\"port\":80,\"targetPort\":1}]}}");
        JsonNode before = get(ResourceType.SERVICE);
        try (Deployment deployment = apply(MANIFESTS.replace("PORT", "80"))) {
            assertThat(get(ResourceType.SERVICE).path("spec").path("type").asString())
                    .isEqualTo("LoadBalancer");
            Thread collector =
                    Thread.startVirtualThread(() -> {
                        while (!Thread.currentThread().isInterrupted()) {
                            fake.collectGarbage();
                            LockSupport.parkNanos(20_000_000);
                        }
                    });
            assertThat(deployment.remove()).isEmpty();
            collector.interrupt();
            collector.join();
        }
        assertThat(count(ResourceType.DEPLOYMENT)).isZero();
        assertThat(count(ResourceType.HORIZONTAL_POD_AUTOSCALER)).isZero();
        JsonNode after = get(ResourceType.SERVICE);
        assertThat(after.path("spec")).isEqualTo(before.path("spec"));
        assertThat(after.path("metadata").path("labels"))
                .isEqualTo(before.path("metadata").path("labels"));
        assertThat(after.path("metadata").path("uid"))
                .isEqualTo(before.path("metadata").path("uid"));
    }

    @Test
    void recordsWhatWasAppliedOnceItIsReadyAndAnswers() throws Exception {
        HttpServer service =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> exchange.sendResponseHeaders(405, -1));
        service.start();
        int port = service.getAddress().getPort();
        try (Deployment deployment = apply(MANIFESTS.replace("PORT", String.valueOf(port)))) {
            ready();
            fake.status(
                    ResourceType.SERVICE,
                    "api",
                    "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"127.0.0.1\"}]}}");
            DeploymentRecord record = await(deployment);
            assertThat(record.rollout().ready()).isTrue();
            assertThat(record.wayIn())
                    .isEqualTo(
                            new DeploymentRecord.WayIn(
                                    "http://127.0.0.1:" + port,
                                    "LoadBalancer",
                                    "the address of the service's load balancer"));
            assertThat(record.applied())
                    .extracting(DeploymentRecord.Applied::kind)
                    .containsExactly("Service", "Deployment", "HorizontalPodAutoscaler");
            assertThat(record.target().autoscaler())
                    .isEqualTo(new DeploymentRecord.Autoscaler("api", 1, 3, 50));
            assertThat(record.target().containers())
                    .containsExactly(
                            new DeploymentRecord.Container(
                                    "c", "example/api:1", null, 0.25, 0.5, "64Mi", "64Mi"));
            assertThat(record.settings())
                    .extracting(DeploymentRecord.Setting::name, DeploymentRecord.Setting::value)
                    .contains(tuple("syncPeriodSeconds", "5"), tuple("tolerance", "0.1"))
                    .doesNotHaveDuplicates();
        } finally {
            service.stop(0);
        }
    }

    @Test
    void saysWhyItDoesNotBecomeReady() throws Exception {
        fake.text("log", "no such model\n");
        try (Deployment deployment = apply(MANIFESTS.replace("PORT", "80"))) {
            fake.create(
                    ResourceType.POD,
                    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"api-1\",\"labels\":{\"app\":\"api\"}},\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"example/api:1\"}]}}");
            fake.status(
                    ResourceType.POD,
                    "api-1",
                    "{\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"c\",\"image\":\"i\",\"imageID\":\"i\",\"ready\":false,\"restartCount\":2,\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\",\"message\":\"back-off 10s\"}},\"lastState\":{\"terminated\":{\"exitCode\":7,\"reason\":\"Error\"}}}]}");
            DeploymentRecord record = await(deployment);
            assertThat(record.rollout().ready()).isFalse();
            assertThat(record.wayIn()).isNull();
            assertThat(record.rollout().reasons())
                    .extracting(r -> r.object() + " " + r.reason() + " " + r.message())
                    .containsExactly(
                            "Pod/api-1 CrashLoopBackOff container c: back-off 10s",
                            "Pod/api-1 Error container c ended with exit code 7",
                            "Pod/api-1 Log no such model");
            assertThat(said)
                    .anyMatch(s -> s.startsWith("not ready yet: Pod/api-1: CrashLoopBackOff"));
        }
    }

    private void ready() {
        fake.status(
                ResourceType.DEPLOYMENT,
                "api",
                "{\"observedGeneration\":9,\"replicas\":1,\"updatedReplicas\":1,\"readyReplicas\":1,\"availableReplicas\":1}");
    }

    private JsonNode get(ResourceType type) {
        return fake.objects().get(type, "default", "api");
    }

    private int count(ResourceType type) {
        return fake.objects().list(type, "default", Query.ALL).items().size();
    }
}
