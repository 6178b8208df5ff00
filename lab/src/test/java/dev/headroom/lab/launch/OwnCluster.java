package dev.headroom.lab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cluster of one's own: another {@code headroom cluster}, which a class of tests shares. Each test has a namespace of it, and so may run beside others. Thread-safe.
 */
final class OwnCluster implements AutoCloseable {
    private final Program program;
    private final Path kubeconfig;
    private final KubernetesClient client;
    private final AtomicInteger namespaces = new AtomicInteger();

    private OwnCluster(Program program, Path kubeconfig) {
        this.program = program;
        this.kubeconfig = kubeconfig;
        this.client =
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                        .build();
    }

    static OwnCluster start(Path folder, String... more) throws Exception {
        Program program = new Program(folder);
        List<String> line =
                new ArrayList<>(
                        List.of("cluster", "--sync-period", "1s", "--metrics-window", "1s"));
        line.addAll(List.of(more));
        Program.Run run = program.start(line.toArray(String[]::new));
        try {
            run.awaitPrinted("kubeconfig");
            return new OwnCluster(program, Path.of(run.printed().strip()));
        } catch (Exception | AssertionError e) {
            program.endAll();
            throw e;
        }
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    KubernetesClient client() {
        return client;
    }

    /** Makes a namespace that nobody has. */
    String namespace() {
        String name = "test-" + namespaces.incrementAndGet();
        client.namespaces()
                .resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .build())
                .create();
        return name;
    }

    /** Null where it is not there. */
    Service service(String namespace) {
        return client.services().inNamespace(namespace).withName("web").get();
    }

    /** Makes the service that a run wants to make, by another hand and with another content. */
    Service somebodysService(String namespace) {
        return client.services()
                .inNamespace(namespace)
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
    }

    /** Neither what was applied, nor what came of it, nor the claim. */
    void assertClean(String namespace) {
        assertThat(client.apps().deployments().inNamespace(namespace).list().getItems()).isEmpty();
        assertThat(client.pods().inNamespace(namespace).list().getItems()).isEmpty();
        assertThat(client.configMaps().inNamespace(namespace).list().getItems())
                .extracting(m -> m.getMetadata().getName())
                .doesNotContain("headroom");
    }

    @Override
    public void close() {
        client.close();
        program.endAll();
    }
}
