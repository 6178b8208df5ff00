package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.Tools;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way to a cluster of one's own: another {@code headroom cluster}, by its kubeconfig, which is left as it was found. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class OwnClusterIT {
    @TempDir private static Path shared;
    private static OwnCluster cluster;

    @TempDir private Path folder;
    private Program program;
    private SmallService service;
    private String namespace;

    @BeforeAll
    static void start() throws Exception {
        Tools.assumeWrk();
        cluster = OwnCluster.start(shared);
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void files() throws IOException {
        program = new Program(folder);
        service = SmallService.in(program.workingDirectory());
        service.onAClusterOfOnesOwn();
        namespace = cluster.namespace();
    }

    @AfterEach
    void endAll() {
        program.endAll();
    }

    private Program.Run run(String... more) throws Exception {
        List<String> line = new ArrayList<>();
        line.addAll(List.of("run", "--no-baseline", "--namespace", namespace));
        line.addAll(List.of("--kubeconfig", cluster.kubeconfig().toString()));
        line.add(service.experiment("3s"));
        line.addAll(List.of(more));
        return program.run(line.toArray(String[]::new));
    }

    @Test
    void isLeftAsItWasFound() throws Exception {
        Service before = cluster.somebodysService(namespace);
        Program.Run run = run();

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed())
                .contains("small: in", "removed what was created, restored what was changed");
        assertThat(run.runDirectory().resolve("2-deployment.json"))
                .content()
                .contains("\"kind\" : \"context\"");
        Service after = cluster.service(namespace);
        assertThat(after.getSpec()).isEqualTo(before.getSpec());
        assertThat(after.getMetadata().getLabels()).isEqualTo(before.getMetadata().getLabels());
        cluster.assertClean(namespace);
        program.assertNothingIsLeft();
    }

    /** What only the run needed goes. */
    @Test
    void isLeftWithWhatIsToBeKept() throws Exception {
        service.fromPods(1);
        Program.Run run = run("--keep");

        assertThat(run.printed())
                .contains("small: kept in the cluster: Service/web, Deployment/web");
        assertThat(cluster.service(namespace)).isNotNull();
        assertThat(cluster.client().pods().inNamespace(namespace).list().getItems()).hasSize(1);
    }

    /** What was applied before the wrong one is gone again. */
    @Test
    void isLeftAsItWasFoundWhenAManifestIsWrong() throws Exception {
        service.change(service.deployment(), "replicas: 1", "replicas: -1");
        Program.Run run = run();

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(2);
        assertThat(run.printed())
                .contains(
                        "deployment.yaml:1: Deployment/web: ", "spec.replicas: Invalid value: -1");
        assertThat(cluster.service(namespace)).isNull();
        assertThat(program.workingDirectory().resolve("runs")).doesNotExist();
    }

    @Test
    void aContextThatIsNotThere() throws IOException, InterruptedException {
        Program.Run run =
                program.run(
                        "run",
                        "--kubeconfig",
                        cluster.kubeconfig().toString(),
                        "--context",
                        "elsewhere",
                        service.experiment("3s"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.printed())
                .contains(
                        "there is no context \"elsewhere\" in "
                                + cluster.kubeconfig()
                                + "; it has headroom");
        assertThat(program.workingDirectory().resolve("runs")).doesNotExist();
    }
}
