package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headroom.cluster.EmbeddedCluster;
import dev.headroom.cluster.image.ImageEntry;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every {@code run:} step of cd.yml, in order, by bash as GitHub runs it, with the real kubectl against the embedded cluster. Only what is in a cloud is stood in for.
 *
 * <p>The experiments are shortened to seconds, so nothing is said of their verdicts; {@code -Dcd.full=true} runs them as they ship, and expects both.
 */
@Timeout(900)
@SuppressWarnings("NullAway.Init")
class DeliverWorkflowIT {
    private static final boolean FULL = Boolean.getBoolean("cd.full");
    private static final Workflow CD =
            Workflow.read(Repository.HOME.resolve(".github/workflows/cd.yml"));

    @TempDir private Path folder;
    private Path workspace;
    private StubRegistry registry;
    private StandIns standIns;
    private @Nullable EmbeddedCluster cluster;
    private final Map<String, String> context = new HashMap<>();
    private final Map<String, String> standing = new HashMap<>();

    @BeforeEach
    void start() throws Exception {
        for (String tool : List.of("kubectl", "curl", "wrk", "bash")) {
            assumeTrue(Repository.has(tool), tool + " is not on the PATH");
        }
        assumeTrue(
                mayListenOn80(),
                "this user may not listen on port 80, which the load balancer has");
        registry = new StubRegistry(folder, "oauth2accesstoken", StandIns.TOKEN);
        standIns = StandIns.in(folder.resolve("bin"));
        workspace();
        cluster = cluster();
        context.putAll(
                Map.of(
                        "vars.GCP_REGION", "europe-west1",
                        "vars.GCP_PROJECT", "some-project",
                        "vars.GKE_CLUSTER", "some-cluster",
                        "github.server_url", "https://github.com",
                        "github.workflow_ref", "o/r/.github/workflows/cd.yml@refs/heads/main",
                        "inputs.experiment", "",
                        "inputs.connections", FULL ? "" : "40",
                        "inputs.max_replicas", FULL ? "" : "2",
                        "inputs.load_pods", FULL ? "" : "2"));
        standing.put("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567");
        standing.put("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
        // What is in a cloud is on this machine.
        standing.put("REGISTRY", registry.name());
        standing.put("PATH", standIns.folder() + File.pathSeparator + System.getenv("PATH"));
    }

    @AfterEach
    void stop() throws Exception {
        if (registry != null) {
            registry.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static boolean mayListenOn80() throws IOException {
        Path first = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        return System.getProperty("user.name").equals("root")
                || Files.exists(first) && Integer.parseInt(Files.readString(first).strip()) <= 80;
    }

    /** As a checkout: what the steps write goes into copies, what they run are the packaged programs. */
    private void workspace() throws Exception {
        workspace = Files.createDirectory(folder.resolve("workspace"));
        for (String part : List.of("k8s", "deploy", "experiments")) {
            Repository.run(
                    folder,
                    Map.of(),
                    List.of(
                            "cp",
                            "-R",
                            Repository.HOME.resolve(part).toString(),
                            workspace.toString()));
        }
        for (String program : List.of("headroom", "iris-api", "lab", "mvnw", ".mvn")) {
            Files.createSymbolicLink(workspace.resolve(program), Repository.HOME.resolve(program));
        }
        if (!FULL) {
            for (String name : List.of("autoscaling", "bottleneck")) {
                Path file = workspace.resolve("experiments/" + name + ".yaml");
                String text = Files.readString(file).replaceAll("duration: \\d+s", "duration: 4s");
                Files.writeString(
                        file,
                        text.replaceAll("connections: 2000", "connections: 40")
                                .replaceAll("(?s)expect:.*", "timeouts: {baseline: 0s}\n"));
            }
        }
    }

    private EmbeddedCluster cluster() throws Exception {
        String image = registry.name() + "/some-project/headroom/iris-api";
        Map<String, ImageEntry> images =
                Map.of(
                        image,
                        Repository.irisApi(),
                        registry.name() + "/some-project/headroom/headroom",
                        Repository.headroom());
        Duration period = FULL ? EmbeddedCluster.Options.PERIOD : Duration.ofSeconds(1);
        double scale = Double.parseDouble(System.getProperty("cd.cpu-scale", "0.1"));
        return EmbeddedCluster.start(
                new EmbeddedCluster.Options(
                        Repository.HOME, FULL ? scale : 0.5, images, period, period));
    }

    @Test
    void everyStepInOrder() throws Exception {
        Set<Integer> fine = FULL ? Set.of(0) : Set.of(0, 3);
        List<Workflow.Step> later = new ArrayList<>();
        for (Workflow.Step step : CD.steps()) {
            if (!step.uses().isEmpty()) {
                action(step);
            } else if (step.onFailure()) {
                later.add(step);
            } else {
                if (step.job().equals("verdict")) {
                    context.put("needs.gke.result", "success");
                }
                // A refused number is no fault of the steps: a few seconds on a busy machine prove
                // nothing.
                run(step, step.name().startsWith("Experiment ") ? fine : Set.of(0));
            }
        }
        assertPushed();
        assertSaid();
        assertDeployed();
        assertThat(later).extracting(Workflow.Step::name).containsExactly("Roll back");
        run(later.getFirst(), Set.of(0));
        // There was nothing before the first deployment, and so there is nothing now.
        assertThat(
                        kubectl(
                                "get",
                                "deployments,services,hpa,pdb,networkpolicies",
                                "-l",
                                "app=iris-api",
                                "-o",
                                "name"))
                .isEmpty();
    }

    /** A second deployment that fails goes back to the image that ran before. */
    @Test
    void rollsBackToWhatRanBefore() throws Exception {
        String before =
                registry.name() + "/some-project/headroom/iris-api@sha256:" + "a".repeat(64);
        String after = "sha256:" + "b".repeat(64);
        action(step("Get credentials for the cluster"));
        context.put("needs.image.outputs.digest", before.substring(before.indexOf('@') + 1));
        run(step("Deploy to GKE"), Set.of(0));
        context.put("needs.image.outputs.digest", after);
        run(step("Deploy to GKE"), Set.of(0));
        assertThat(image()).endsWith(after);
        run(step("Roll back"), Set.of(0));
        assertThat(image()).isEqualTo(before);
    }

    private static Workflow.Step step(String name) {
        return CD.steps().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    /** What an action leaves behind that later steps take. */
    private void action(Workflow.Step step) throws Exception {
        String name = step.uses().replaceFirst("@.*", "");
        if (name.equals("google-github-actions/get-gke-credentials")) {
            Path kubeconfig = folder.resolve("kubeconfig");
            EmbeddedCluster running = cluster;
            assertThat(running).isNotNull();
            Files.copy(running.kubeconfig(), kubeconfig);
            standing.put("KUBECONFIG", kubeconfig.toString());
            String old = kubectl("config", "current-context").strip();
            kubectl(
                    "config",
                    "rename-context",
                    old,
                    step.node().path("with").path("context_name").asString(""));
        } else if (name.equals("anchore/sbom-action")) {
            String root = step.node().path("with").path("path").asString("");
            assertThat(workspace.resolve(root).resolve("app/iris-api.jar")).exists();
            Files.writeString(
                    workspace.resolve(step.node().path("with").path("output-file").asString("")),
                    "{\"bomFormat\":\"CycloneDX\"}");
        }
    }

    private void run(Workflow.Step step, Set<Integer> fine) throws Exception {
        Path script = Files.writeString(folder.resolve("step.sh"), step.run());
        Path output = Files.writeString(folder.resolve("github-output"), "");
        Path printed = folder.resolve("printed.txt");
        ProcessBuilder builder =
                new ProcessBuilder(
                        "bash", "--noprofile", "--norc", "-eo", "pipefail", script.toString());
        Map<String, String> environment = builder.environment();
        environment.putAll(CD.environment(step, context));
        environment.putAll(standing);
        environment.put("GITHUB_OUTPUT", output.toString());
        environment.put("HEADROOM_BUILD", "no");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("TMPDIR", folder.toString());
        Process process =
                builder.directory(workspace.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(printed.toFile())
                        .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).as(step.name()).isTrue();
        assertThat(process.exitValue())
                .as(() -> step.name() + "\n" + text(printed))
                .matches(fine::contains);
        if (!step.id().isEmpty()) {
            for (String line : Files.readAllLines(output)) {
                String[] pair = line.split("=", 2);
                context.put("steps." + step.id() + ".outputs." + pair[0], pair[1]);
                context.put("needs." + step.job() + ".outputs." + pair[0], pair[1]);
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String kubectl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        return Repository.run(folder, standing, command);
    }

    private String image() throws Exception {
        return kubectl(
                "get",
                "deployment",
                "iris-api-deployment",
                "-o",
                "jsonpath={.spec.template.spec.containers[0].image}");
    }

    /** The registry has the image under the commit's name, whole, and its digest is the one that all later steps were given. */
    private void assertPushed() throws IOException {
        assertThat(registry.wrong()).isEmpty();
        String irisApi = pushed("iris-api", "digest");
        String headroom = pushed("headroom", "headroom");
        assertThat(standIns.calls("cosign"))
                .hasSize(5)
                .allMatch(c -> c.endsWith(irisApi) || c.endsWith(headroom))
                .filteredOn(c -> c.startsWith("cosign verify"))
                .hasSize(2)
                .satisfies(c -> assertThat(c.getLast()).endsWith(irisApi));
        assertThat(standIns.calls("gcloud")).contains("gcloud auth print-access-token");
    }

    /** Its digest, with an @ before it. */
    private String pushed(String image, String output) {
        String name = "some-project/headroom/" + image + "/manifests/";
        byte[] manifest = registry.manifests().get(name + standing.get("GITHUB_SHA"));
        assertThat(manifest).as(image).isNotNull();
        assertThat(context)
                .containsEntry("needs.image.outputs." + output, StubRegistry.digest(manifest));
        assertThat(new String(manifest, StandardCharsets.UTF_8))
                .contains("application/vnd.oci.image.manifest.v1+json");
        return "@" + StubRegistry.digest(manifest);
    }

    private void assertSaid() throws IOException {
        String summary = Files.readString(folder.resolve("summary.md"));
        assertThat(summary).contains(" autoscaling: ", " bottleneck: ");
        assertThat(context.get("needs.gke.outputs.verdict")).isNotBlank();
        if (FULL) {
            assertThat(context)
                    .containsEntry("steps.autoscaling.outputs.verdict", "scaled")
                    .containsEntry("steps.bottleneck.outputs.verdict", "bottleneck-max-replicas");
        }
        try (Stream<Path> runs = Files.list(workspace.resolve("runs"))) {
            assertThat(runs.filter(r -> Files.exists(r.resolve("6-report.html")))).hasSize(2);
        }
    }

    /** By digest, and with what the overlay adds. */
    private void assertDeployed() throws Exception {
        assertThat(image())
                .isEqualTo(
                        registry.name()
                                + "/some-project/headroom/iris-api@"
                                + context.get("needs.image.outputs.digest"));
        assertThat(kubectl("get", "pdb,networkpolicies", "-o", "name"))
                .contains("poddisruptionbudget", "networkpolicy");
        // The inputs of a start by hand, and what was deployed instead of k8s/.
        try (Stream<Path> runs = Files.list(workspace.resolve("runs"))) {
            Path first =
                    runs.filter(r -> r.getFileName().toString().endsWith("-autoscaling"))
                            .findFirst()
                            .orElseThrow();
            assertThat(Files.readString(first.resolve("1-experiment.yaml")))
                    .contains(
                            FULL ? "maxReplicas: 3" : "maxReplicas: 2",
                            FULL ? "connections: 1000" : "connections: 40",
                            FULL ? "where: local" : "where: cluster",
                            "release/manifests.yaml");
            if (!FULL) {
                assertThat(Files.readString(first.resolve("3-load.json")))
                        .contains("2 pods in the cluster: headroom-load-");
            }
        }
    }
}
