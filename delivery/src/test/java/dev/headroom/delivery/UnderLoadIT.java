package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headroom.cluster.EmbeddedCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Iris API as k8s/ has it, while wrk keeps 1,000 connections busy: what is done to its pods costs no request that need not be lost. */
@Timeout(900)
@SuppressWarnings("NullAway.Init")
class UnderLoadIT {
    private static final Path MANIFESTS = Repository.HOME.resolve("k8s");
    private static final String DEPLOYMENT = "deployment/iris-api-deployment";
    private static final int CONNECTIONS = 1000;
    private static final int PORT = 8000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;
    private EmbeddedCluster cluster;
    private Process wrk;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Established.areListed(), "no /proc to count connections in");
        for (String tool : List.of("kubectl", "wrk")) {
            assumeTrue(Repository.has(tool), tool + " is not on the PATH");
        }
        Duration second = Duration.ofSeconds(1);
        // Three pods, the balancer and wrk are to have room on two cores.
        cluster =
                EmbeddedCluster.start(
                        new EmbeddedCluster.Options(
                                Repository.HOME, 0.3, Repository.shipped(), second, second));
        kubectl("apply", "-f", MANIFESTS.toString());
    }

    @AfterEach
    void end() {
        if (wrk != null) {
            wrk.destroyForcibly();
            wrk.onExit().join();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void scalingUpAndDownAndARollingUpdateFailNoRequest() throws Exception {
        awaitReady(1);
        startWrk();
        awaitReady(3);
        // Not all: at any moment some are being opened anew, since they have an age.
        awaitConnections(CONNECTIONS * 9 / 10, pods());

        List<String> before = pods();
        kubectl("set", "env", DEPLOYMENT, "LOG_FORMAT=json");
        rolledOut();
        await("the old pods are gone", () -> pods().stream().noneMatch(before::contains));
        awaitReady(3);

        kubectl("patch", "hpa", "iris-api-hpa", "--patch", "{\"spec\":{\"maxReplicas\":1}}");
        await("a single pod is left", () -> pods().size() == 1);
        awaitConnections(CONNECTIONS * 9 / 10, pods());

        JsonNode result = stopWrk();
        assertThat(failed(result)).as(result.toString()).isZero();
        assertThat(result.path("requests").asLong()).isGreaterThan(CONNECTIONS);
    }

    @Test
    void aKilledPodLosesOnlyWhatWasInFlightOnIt() throws Exception {
        // No connection is opened anew by itself: whoever comes again was on the pod that is
        // killed.
        kubectl("set", "env", DEPLOYMENT, "MAX_CONNECTION_AGE=0");
        kubectl("patch", "hpa", "iris-api-hpa", "--patch", "{\"spec\":{\"minReplicas\":3}}");
        rolledOut();
        awaitReady(3);
        startWrk();
        awaitConnections(CONNECTIONS, pods());

        String pod = pods().getFirst();
        String container = of(pod, "{.status.containerStatuses[0].containerID}");
        long process = Long.parseLong(container.substring(container.lastIndexOf('/') + 1));
        kill("KILL", process);
        await(
                "it runs again",
                () -> of(pod, "{.status.containerStatuses[0].restartCount}").equals("1"));
        awaitReady(3);
        awaitConnections(CONNECTIONS, pods());

        JsonNode result = stopWrk();
        // Those that a dying process still takes are among them: Linux closes its listener last.
        long onIt = connectionsEver(pod);
        assertThat(onIt).isLessThan(CONNECTIONS);
        assertThat(failed(result)).as(result.toString()).isPositive().isLessThanOrEqualTo(onIt);
    }

    /** Without what wrk calls timeouts: those are answered, only late, as on a busy machine. */
    private static long failed(JsonNode result) {
        return Stream.of("connect", "read", "write", "status")
                .mapToLong(kind -> result.path("errors").path(kind).asLong())
                .sum();
    }

    private void startWrk() throws IOException {
        String node =
                get("nodes", "{.items[0].status.addresses[?(@.type==\"InternalIP\")].address}");
        String port = get("service/iris-api-service", "{.spec.ports[0].nodePort}");
        String script = MANIFESTS.resolve("wrk-post.lua").toString();
        String url = "http://" + node + ":" + port + "/predict";
        List<String> command =
                List.of(
                        "wrk",
                        "-t2",
                        "-c" + CONNECTIONS,
                        "-d890s",
                        "--timeout",
                        "10s",
                        "-s",
                        script,
                        url);
        wrk =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said().toFile())
                        .start();
    }

    /** Has it end before its time, and reads what its script prints then. */
    private JsonNode stopWrk() throws IOException, InterruptedException {
        assertThat(wrk.isAlive()).as("wrk still runs").isTrue();
        kill("INT", wrk.pid());
        wrk.waitFor();
        String text = Files.readString(said());
        assertThat(text).contains("\n{");
        return JsonMapper.shared().readTree(text.substring(text.indexOf("\n{")));
    }

    private Path said() {
        return folder.resolve("wrk.txt");
    }

    private void rolledOut() {
        assertThat(
                        kubectl(
                                "rollout",
                                "status",
                                DEPLOYMENT,
                                "--timeout=" + PATIENCE.toSeconds() + "s"))
                .contains("successfully rolled out");
    }

    private void awaitReady(int count) throws InterruptedException {
        String wanted = Integer.toString(count);
        await(
                wanted + " pods are ready, and no other",
                () ->
                        get(DEPLOYMENT, "{.status.readyReplicas}").equals(wanted)
                                && pods().size() == count);
    }

    private void awaitConnections(int count, List<String> pods) throws InterruptedException {
        List<String> addresses = addresses(pods);
        await(count + " connections are open", () -> Established.at(addresses, PORT) >= count);
    }

    /** As the balancer counts them. */
    private long connectionsEver(String pod) {
        String metrics = kubectl("get", "--raw", "/api/v1/nodes/headroom/proxy/balancer/metrics");
        return metrics.lines()
                .filter(line -> line.startsWith("headroom_balancer_connections_total"))
                .filter(line -> line.contains("pod=\"" + pod + "\""))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private List<String> addresses(List<String> pods) {
        return pods.stream().map(pod -> of(pod, "{.status.podIP}")).toList();
    }

    /** Names of the pods, those that end included. */
    private List<String> pods() {
        return get("pods", "{range .items[*]}{.metadata.name}{\"\\n\"}{end}").lines().toList();
    }

    private String of(String pod, String path) {
        return get("pod/" + pod, path);
    }

    private String get(String what, String path) {
        return kubectl("get", what, "-o", "jsonpath=" + path);
    }

    private String kubectl(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of("kubectl", "--kubeconfig", cluster.kubeconfig().toString()));
        command.addAll(List.of(arguments));
        try {
            return Repository.run(folder, Map.of(), command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void kill(String signal, long process) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-" + signal, Long.toString(process))
                        .inheritIO()
                        .start();
        assertThat(kill.waitFor()).as("kill -" + signal).isZero();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within " + PATIENCE + ": " + what).isLessThan(end);
            // What is waited for wants the CPU too.
            Thread.sleep(50);
        }
    }
}
