package dev.headroom.lab.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headroom.lab.deploy.FakeCluster;
import dev.headroom.lab.experiment.Manifest;
import dev.headroom.lab.experiment.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The overlays in deploy/, as kubectl makes them: without findings, taken by an API server, and still the base's own. */
@SuppressWarnings("NullAway.Init")
class OverlaysTest {
    private static final Path DEPLOY = Path.of("../deploy");

    /** Of GKE alone: no other API server knows them, nor the embedded one all of networking. */
    private static final Set<String> ELSEWHERE = Set.of("BackendConfig", "Ingress");

    @TempDir private Path folder;

    @BeforeAll
    static void needsKubectl() throws Exception {
        boolean there;
        try {
            there = run(List.of("kubectl", "version", "--client"), Path.of("/dev/null")) == 0;
        } catch (IOException none) {
            there = false;
        }
        assumeTrue(there, "kubectl is not here");
    }

    static Stream<Path> overlays() throws IOException {
        try (Stream<Path> folders = Files.list(DEPLOY)) {
            return folders
                    .filter(f -> Files.exists(f.resolve("kustomization.yaml")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void hasNoFinding(Path overlay) throws Exception {
        assertThat(Linter.lint(World.ofManifests(rendered(overlay)))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void keepsWhatTheBaseHas(Path overlay) throws Exception {
        Set<String> base = titles(Manifests.read(List.of(Path.of("../k8s"))).all());
        List<Manifest> overlaid = rendered(overlay);
        assertThat(titles(overlaid)).containsAll(base);
        // The number of pods is the autoscaler's everywhere.
        assertThat(overlaid)
                .filteredOn(m -> m.kind().equals("Deployment"))
                .singleElement()
                .satisfies(m -> assertThat(m.object().path("spec").has("replicas")).isFalse());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void anApiServerTakesItStrictly(Path overlay) throws Exception {
        StringBuilder known = new StringBuilder();
        for (String document : Files.readString(render(overlay)).split("(?m)^---$")) {
            if (ELSEWHERE.stream().noneMatch(k -> document.contains("\nkind: " + k + "\n"))) {
                known.append("---\n").append(document);
            }
        }
        Path file = Files.writeString(folder.resolve("known.yaml"), known);
        Path output = folder.resolve("output");
        try (FakeCluster cluster = new FakeCluster(folder)) {
            String kubeconfig = folder.resolve("kubeconfig").toString();
            List<String> apply =
                    List.of(
                            "kubectl",
                            "--kubeconfig",
                            kubeconfig,
                            "apply",
                            "--validate=strict",
                            "-f",
                            file.toString());
            assertThat(run(apply, output)).as(() -> text(output)).isZero();
        }
    }

    /** What kubectl does with the folder of an overlay, and what it does with the base's. */
    @Test
    void theEmbeddedOneIsTheBaseItself() throws Exception {
        Map<String, Object> base = new TreeMap<>();
        Manifests.read(List.of(Path.of("../k8s")))
                .all()
                .forEach(m -> base.put(m.title(), m.object()));
        Map<String, Object> overlaid = new TreeMap<>();
        rendered(DEPLOY.resolve("embedded")).forEach(m -> overlaid.put(m.title(), m.object()));
        assertThat(overlaid).isEqualTo(base);
    }

    private static Set<String> titles(List<Manifest> manifests) {
        return manifests.stream().map(Manifest::title).collect(Collectors.toSet());
    }

    private List<Manifest> rendered(Path overlay) throws Exception {
        return Manifests.read(List.of(render(overlay))).all();
    }

    private Path render(Path overlay) throws Exception {
        Path file = folder.resolve("rendered.yaml");
        assertThat(run(List.of("kubectl", "kustomize", overlay.toString()), file))
                .as(() -> text(file))
                .isZero();
        return file;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int run(List<String> command, Path output) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
