package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a run goes ahead, and where it wants to be told twice. */
class ConsentTest {
    private static Consent of(String context, String namespace, boolean given, String... named) {
        return new Consent(context, namespace, given, Set.of(named), true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prod",
                "gke_shop-prod_europe-west1_main",
                "eu.production1",
                "PRD-eu",
                "arn:aws:eks:eu-central-1:1:cluster/live",
                "my_PROD"
            })
    void looksLikeProduction(String name) {
        assertThat(of(name, "default", false).objection(null))
                .contains("the context \"" + name + "\" looks like production", "--yes-on " + name);
        assertThat(of(name, "default", false).objection(name)).isNull();
        assertThat(of("kind", name, true).objection(null))
                .contains("the namespace \"" + name + "\" looks like production");
        assertThat(of("kind", "default", false, name).objection(null)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind-headroom",
                "gke",
                "product-lab",
                "reproduce",
                "delivery",
                "alive",
                "test"
            })
    void doesNot(String name) {
        assertThat(of(name, "default", false).objection(null)).isNull();
        assertThat(of(name, name, true).objection(null)).isNull();
    }

    @Test
    void kubernetesOwnNamespaces() {
        assertThat(of("kind", "kube-system", true).objection(null)).contains("Kubernetes' own");
    }

    @Test
    void aNamespaceThatOnlyTheContextNames() {
        assertThat(of("kind", "team-a", false).objection(null))
                .contains("\"team-a\" is only named by the context", "--yes-on kind");
        assertThat(of("kind", "team-a", true).objection(null)).isNull();
        assertThat(of("kind", "team-a", false, "team-a").objection(null)).isNull();
        assertThat(new Consent("kind", "team-a", false, Set.of("team-b"), false).objection(null))
                .isNull();
    }

    @Test
    void consentIsForOneContext() {
        assertThat(of("kind", "default", false).objection("kind")).isNull();
        assertThat(of("kind", "default", false).objection("other"))
                .isEqualTo("--yes-on: found \"other\", but the context is \"kind\"");
    }

    /** Before anything is asked of the cluster: nobody listens there. */
    @ParameterizedTest
    @CsvSource({"shop-prod,default,'',2", "shop-prod,default,--yes-on shop,2", "shop,team-a,'',2"})
    void theCommandAsksFirst(
            String context, String namespace, String options, int code, @TempDir Path folder)
            throws IOException {
        Path kubeconfig =
                Files.writeString(
                        folder.resolve("kubeconfig"),
                        """
                        apiVersion: v1
                        kind: Config
                        clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]
                        users: [{name: u, user: {token: none}}]
                        contexts: [{name: CONTEXT, context: {cluster: c, user: u, namespace: NAMESPACE}}]
                        current-context: CONTEXT
                        """
                                .replace("CONTEXT", context)
                                .replace("NAMESPACE", namespace));
        List<String> line = new ArrayList<>(List.of("run", "../experiments/autoscaling.yaml"));
        line.addAll(List.of("--kubeconfig", kubeconfig.toString()));
        line.addAll(List.of("--runs-dir", folder.resolve("runs").toString()));
        line.addAll(options.isEmpty() ? List.of() : List.of(options.split(" ")));
        InProcess.Ended ended = InProcess.run(line.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.printed()).isEqualTo(code);
        if (code == 2) {
            assertThat(ended.printed()).contains("--yes-on");
            assertThat(folder.resolve("runs")).doesNotExist();
        }
    }
}
