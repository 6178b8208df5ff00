package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.Tools;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way to a cluster of one's own: another {@code headroom cluster}, by its kubeconfig, which is left as it was found. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class OwnClusterIT {
    @TempDir private Path folder;
    private Program own;
    private Program program;
    private SmallService service;
    private Path kubeconfig;
    private KubernetesClient client;

    @BeforeEach
    void cluster() throws Exception {
        Tools.assumeWrk();
        program = new Program(folder);
        service = SmallService.in(program.workingDirectory());
        service.onAClusterOfOnesOwn();
        own = new Program(folder.resolve("own"));
        Program.Run run = own.start("cluster", "--sync-period", "1s", "--metrics-window", "1s");
        run.awaitPrinted("kubeconfig");
        kubeconfig = Path.of(run.printed().strip());
        client =
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                        .build();
    }

    @AfterEach
    void end() {
        if (client != null) {
            client.close();
        }
        for (Program one : new Program[] {program, own}) {
            if (one != null) {
                one.endAll();
            }
        }
    }

    private Program.Run run(String... more) throws Exception {
        String[] arguments = new String[5 + more.length];
        System.arraycopy(more, 0, arguments, 5, more.length);
        arguments[0] = "run";
        arguments[1] = "--no-baseline";
        arguments[2] = "--kubeconfig";
        arguments[3] = kubeconfig.toString();
        arguments[4] = service.experiment("3s");
        return program.run(arguments);
    }

    private Service found() {
        return client.services().inNamespace("default").withName("web").get();
    }

    @Test
    void isLeftAsItWasFound() throws Exception {
        Service before =
                client.services()
                        .inNamespace("default")
                        .resource(
                                new ServiceBuilder()
                                        .withNewMetadata()
                                        .withName("web")
                                        .addToLabels("owner", "somebody")
                                        .endMetadata()
                                        .withNewSpec()
                                        .addToSelector("app", "other")
                                        .addNewPort()
                                        .withPort(80)
                                        .withNewTargetPort(9)
                                        .endPort()
                                        .endSpec()
                                        .build())
                        .create();
        Program.Run run = run();

        assertThat(run.exitCode()).as(run.printed()).isEqualTo(3);
        assertThat(run.printed())
                .contains("small: in", "removed what was created, restored what was changed");
        assertThat(run.runDirectory().resolve("2-deployment.json"))
                .content()
                .contains("\"kind\" : \"context\"");
        assertThat(found().getSpec()).isEqualTo(before.getSpec());
        assertThat(found().getMetadata().getLabels()).isEqualTo(before.getMetadata().getLabels());
        assertThat(client.apps().deployments().inNamespace("default").list().getItems()).isEmpty();
        assertThat(client.pods().inNamespace("default").list().getItems()).isEmpty();
        program.assertNothingIsLeft();
    }

    /** What only the run needed goes. */
    @Test
    void isLeftWithWhatIsToBeKept() throws Exception {
        service.fromPods(1);
        Program.Run run = run("--keep");

        assertThat(run.printed())
                .contains("small: kept in the cluster: Service/web, Deployment/web");
        assertThat(found()).isNotNull();
        assertThat(client.pods().inNamespace("default").list().getItems()).hasSize(1);
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
        assertThat(found()).isNull();
        assertThat(program.workingDirectory().resolve("runs")).doesNotExist();
    }

    @Test
    void aContextThatIsNotThere() throws IOException, InterruptedException {
        Program.Run run =
                program.run(
                        "run",
                        "--kubeconfig",
                        kubeconfig.toString(),
                        "--context",
                        "elsewhere",
                        service.experiment("3s"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.printed())
                .contains(
                        "there is no context \"elsewhere\" in " + kubeconfig + "; it has headroom");
        assertThat(program.workingDirectory().resolve("runs")).doesNotExist();
    }
}
