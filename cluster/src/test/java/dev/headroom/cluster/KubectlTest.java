package dev.headroom.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.testing.TestCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The embedded cluster as a real kubectl finds it; pods are real processes. */
class KubectlTest {
    private static TestCluster cluster;
    private String namespace = "";

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cluster = TestCluster.start(Duration.ofSeconds(2));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void makeNamespace() {
        namespace = cluster.newNamespace();
    }

    @AfterEach
    void removeNamespace() {
        cluster.ok("delete", "namespace", namespace);
    }

    private String ok(String... arguments) {
        return cluster.ok(with(arguments));
    }

    private String[] with(String... arguments) {
        return TestCluster.in(namespace, arguments);
    }

    private void apply(String manifests) {
        cluster.okWith(manifests, with("apply", "-f", "-"));
    }

    private static String deployment(String image, int replicas, String more) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: %d
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
                - name: app
                  image: %s
                  imagePullPolicy: IfNotPresent
                  ports: [{name: http, containerPort: 8000}]
                  resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m, memory: 256Mi}}
        %s
        """
                .formatted(replicas, image, more.indent(10).stripTrailing());
    }

    private static final String READINESS =
            "readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1, failureThreshold: 1}";

    private static final String SERVICE =
            """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 8080, targetPort: http}]}
            """;

    private static final String AUTOSCALER =
            """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              minReplicas: 1
              maxReplicas: 3
              metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
            """;

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private String address() {
        String ip =
                cluster.await(
                        out -> !out.isBlank(),
                        with(
                                "get",
                                "service",
                                "web",
                                "-o",
                                "jsonpath={.status.loadBalancer.ingress[0].ip}"));
        return "http://" + ip + ":8080";
    }

    @Test
    void rollsOutServesAndScales() throws IOException, InterruptedException {
        apply(deployment("test/stub:1", 2, READINESS) + SERVICE);
        assertThat(ok("rollout", "status", "deployment/web"))
                .contains("deployment \"web\" successfully rolled out");
        String address = address();
        Set<String> answered = new HashSet<>();
        for (int i = 0; i < 200 && answered.size() < 2; i++) {
            answered.add(get(address).body());
        }
        assertThat(answered).as("both pods answer").hasSize(2);
        String pods = ok("get", "pods");
        assertThat(pods).contains("NAME", "READY", "1/1", "Running");
        answered.forEach(name -> assertThat(pods).contains(name));
        assertThat(ok("logs", "deployment/web")).contains("listening on ");

        ok("scale", "deployment/web", "--replicas=1");
        cluster.await(
                out -> out.strip().split("\\s+").length == 1, with("get", "pods", "-o", "name"));
        assertThat(ok("get", "deployment", "web", "--no-headers")).contains("1/1");
        assertThat(ok("describe", "deployment", "web"))
                .contains("Scaled down replica set web-", "RollingUpdateStrategy:");
    }

    @Test
    void replacesPodsWithoutLosingOne() throws IOException, InterruptedException {
        apply(deployment("test/stub:1", 1, READINESS) + SERVICE);
        ok("rollout", "status", "deployment/web");
        String before = get(address()).body();
        ok("rollout", "restart", "deployment/web");
        ok("rollout", "status", "deployment/web");
        cluster.await(
                out -> !out.contains(before) && !out.isBlank(), with("get", "pods", "-o", "name"));
        assertThat(get(address()).body()).isNotEqualTo(before);
        assertThat(ok("rollout", "history", "deployment/web")).contains("REVISION", "2");
    }

    @Test
    void takesAnUnreadyPodOutAndPutsItBack() throws IOException, InterruptedException {
        apply(deployment("test/stub:1", 1, READINESS) + SERVICE);
        ok("rollout", "status", "deployment/web");
        String ip = ok("get", "pods", "-o", "jsonpath={.items[0].status.podIP}");
        get("http://" + ip + ":8000/fail");
        cluster.await(out -> out.contains("0/1"), with("get", "pods", "--no-headers"));
        cluster.await(
                String::isBlank,
                with("get", "endpoints", "web", "-o", "jsonpath={.subsets[*].addresses[*].ip}"));
        assertThat(ok("get", "events", "--field-selector", "reason=Unhealthy"))
                .contains("Readiness probe failed: HTTP probe failed with statuscode: 503");
        get("http://" + ip + ":8000/heal");
        cluster.await(
                ip::equals,
                with("get", "endpoints", "web", "-o", "jsonpath={.subsets[*].addresses[*].ip}"));
    }

    @Test
    void saysThatAnImageIsNotThere() {
        apply(deployment("test/nobody-knows:1", 1, ""));
        cluster.await(
                out -> out.contains("ErrImagePull") || out.contains("ImagePullBackOff"),
                with("get", "pods", "--no-headers"));
        assertThat(cluster.await(out -> out.contains("Failed"), with("get", "events")))
                .contains("test/nobody-knows:1");
    }

    @Test
    void restartsWhatExitsAndWaitsLongerEachTime() {
        apply(deployment("test/exits:1", 1, ""));
        String pods =
                cluster.await(
                        out -> out.contains("CrashLoopBackOff"),
                        with("get", "pods", "--no-headers"));
        assertThat(pods).contains("0/1");
        assertThat(
                        ok(
                                "get",
                                "pods",
                                "-o",
                                "jsonpath={.items[0].status.containerStatuses[0].lastState.terminated.exitCode}"))
                .isEqualTo("3");
        assertThat(ok("logs", "deployment/web", "--previous")).contains("going down");
    }

    @Test
    void leavesAPodPendingThatDoesNotFit() {
        apply(
                deployment("test/sleeps:1", 1, "")
                        .replace("requests: {cpu: 100m", "requests: {cpu: 1000")
                        .replace("limits: {cpu: 200m", "limits: {cpu: 1000"));
        cluster.await(out -> out.contains("Insufficient cpu"), with("describe", "pods"));
        assertThat(ok("get", "pods", "--no-headers")).contains("Pending");
    }

    @Test
    void scalesOnCpuAsTheAutoscalerDecides() throws IOException, InterruptedException {
        apply(deployment("test/stub:1", 1, READINESS) + SERVICE);
        ok("rollout", "status", "deployment/web");
        // Before the autoscaler can add pods that don't listen yet.
        String ip = ok("get", "pods", "-o", "jsonpath={.items[0].status.podIP}");
        apply(AUTOSCALER);
        cluster.await(out -> out.matches("(?s).*cpu: \\d+%/50%.*"), with("get", "hpa", "web"));
        get("http://" + ip + ":8000/busy");
        cluster.await(
                "3"::equals, with("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"));
        String described = ok("describe", "hpa", "web");
        assertThat(described)
                .contains("SuccessfulRescale", "above target", "ScalingActive", "ValidMetricFound");
        assertThat(ok("top", "pods")).contains("CPU(cores)", "web-");
    }

    @Test
    void saysWhichContainerLacksItsRequest() {
        apply(
                deployment("test/sleeps:1", 1, "")
                        .replace(
                                "requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m, memory: 256Mi}",
                                "requests: {memory: 64Mi}"));
        apply(AUTOSCALER);
        String described =
                cluster.await(
                        out -> out.contains("missing request for cpu"),
                        with("describe", "hpa", "web"));
        assertThat(described)
                .contains(
                        "FailedGetResourceMetric",
                        "missing request for cpu in container app of Pod web-");
    }

    @Test
    void refusesWhatKubernetesRefusesInItsWords() {
        TestCluster.Result result =
                cluster.kubectl(
                        deployment("test/stub:1", 1, "").replace("name: web}", "name: Web_}"),
                        with("apply", "-f", "-"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "metadata.name: Invalid value: \"Web_\": a lowercase RFC 1123 subdomain must consist of");
    }

    @Test
    void leavesNoProcessAndNoFolder() throws IOException, InterruptedException {
        try (TestCluster own = TestCluster.start(Duration.ofSeconds(2))) {
            own.apply(deployment("test/sleeps:1", 2, ""));
            own.ok("rollout", "status", "deployment/web");
            Path folder = java.util.Objects.requireNonNull(own.kubeconfig().getParent());
            String mark = "HEADROOM_CLUSTER=" + folder.getFileName();
            assertThat(marked(mark)).isEqualTo(2);
            own.close();
            assertThat(marked(mark)).isZero();
            assertThat(folder).doesNotExist();
        }
    }

    /** How many processes carry a mark in their environment. */
    private static long marked(String mark) throws IOException {
        long count = 0;
        try (var folders = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path folder : folders) {
                try {
                    String environment =
                            Files.readString(
                                    folder.resolve("environ"), StandardCharsets.ISO_8859_1);
                    count += environment.contains(mark) ? 1 : 0;
                } catch (IOException gone) {
                    continue;
                }
            }
        }
        return count;
    }

    /** It is looked at more often than its period, to be ready as soon as it can; refused it is only once a period. */
    @Test
    void aSlowStartHasAllTheTimeThatItsProbeGivesIt() {
        apply(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: slow}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                    - name: app
                      image: test/sleeps:1
                      startupProbe: {exec: {command: ["false"]}, periodSeconds: 1, failureThreshold: 5}
                """);
        String ended = "{.status.containerStatuses[0].lastState.terminated.%s}";
        String[] times =
                cluster.await(
                                out -> out.matches("\\S+ \\S+"),
                                with(
                                        "get",
                                        "pod",
                                        "slow",
                                        "-o",
                                        "jsonpath="
                                                + ended.formatted("startedAt")
                                                + " "
                                                + ended.formatted("finishedAt")))
                        .split(" ");
        // Whole seconds: what lasted four may look like three.
        assertThat(Duration.between(Instant.parse(times[0]), Instant.parse(times[1])))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    }

    /** Dependents first, and they first of all theirs; also what has none is gone in the end. */
    @Test
    void whatIsDeletedInTheForegroundIsGone() {
        apply(deployment("test/sleeps:1", 1, "") + SERVICE);
        ok("rollout", "status", "deployment/web", "--timeout=30s");
        cluster.await(out -> !out.isBlank(), with("get", "endpointslices", "-o", "name"));
        for (String object : List.of("service/web", "pods", "deployment/web")) {
            List<String> command = new ArrayList<>(List.of("delete", object));
            if (object.equals("pods")) {
                command.add("--all");
            }
            command.addAll(List.of("--cascade=foreground", "--timeout=30s"));
            ok(command.toArray(String[]::new));
        }
        cluster.await(String::isBlank, with("get", "all,endpointslices", "-o", "name"));
    }
}
