package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headroom.cluster.EmbeddedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Headroom's own image: built twice, looked at, and run from its own root against a cluster, with nothing of this machine but the network. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class HeadroomImageIT {
    private static final long MOST_BYTES = 80L << 20;

    @TempDir private static Path folder;
    private static BuiltImage built;
    private static Unpacked image;

    @BeforeAll
    static void build() throws Exception {
        built = BuiltImage.by("lab/image", folder);
        image = built.unpacked();
    }

    @Test
    void aSecondBuildGivesTheSameBytes() throws Exception {
        built.assertASecondBuildGivesTheSameBytes();
        assertThat(built.said().strip())
                .matches("ghcr.io/headroom-dev/headroom@sha256:[0-9a-f]{64}");
    }

    @Test
    void isSmallRunsAsNobodyAndSaysWhatItIs() throws IOException {
        assertThat(Files.size(built.tarball())).isLessThan(MOST_BYTES);
        assertThat(image.how().path("User").stringValue()).isEqualTo("65532:65532");
        assertThat(image.how().path("Labels").path("org.opencontainers.image.title").stringValue())
                .isEqualTo("Headroom");
        assertThat(image.entryPoint().getFirst()).isEqualTo("/java/bin/java");
    }

    @Test
    void theDockerfileSaysTheSame() throws IOException {
        Dockerfile.read(Repository.HOME.resolve("lab/Dockerfile")).assertSaysTheSameAs(image.how());
    }

    /** The shell and rm guard the load generator; there is no other program but Java's own, and no package manager. */
    @Test
    void holdsNoOtherProgram() throws IOException {
        try (Stream<Path> programs = Files.list(image.root().resolve("bin"))) {
            assertThat(programs.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("sh", "rm");
        }
        List<String> writable = new ArrayList<>();
        for (Path file : image.files()) {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
                writable.add(image.root().relativize(file).toString());
            }
        }
        assertThat(writable).isSubsetOf("tmp", "tmp/work", "proc");
    }

    @Test
    void runsAnExperimentFromItsOwnRoot() throws Exception {
        assumeTrue(Unpacked.mayContain(), "only root may make a container's root");
        Path work = Files.createDirectories(image.root().resolve("tmp/work"));
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (String part : List.of("k8s", "experiments")) {
            Repository.run(
                    folder,
                    Map.of(),
                    List.of("cp", "-R", Repository.HOME.resolve(part).toString(), work.toString()));
        }
        Duration period = Duration.ofSeconds(1);
        try (EmbeddedCluster cluster =
                EmbeddedCluster.start(
                        new EmbeddedCluster.Options(
                                Repository.HOME,
                                0.5,
                                // A checkout's own would be built by its first pod, within the
                                // pod's half CPU.
                                Repository.shipped(),
                                period,
                                period))) {
            Path kubeconfig = work.resolve("kubeconfig");
            Files.copy(cluster.kubeconfig(), kubeconfig);
            Files.setPosixFilePermissions(kubeconfig, PosixFilePermissions.fromString("rw-r--r--"));
            String printed =
                    run(
                            "run",
                            "--kubeconfig",
                            "kubeconfig",
                            "--no-baseline",
                            "--set",
                            "load.wrk.connections=20",
                            "--set",
                            "load.wrk.duration=4s",
                            "--output",
                            "json",
                            "experiments/autoscaling.yaml");
            assertThat(printed)
                    .contains("removed what was created", "autoscaling: ", "6-report.html")
                    .doesNotContain("failed");
        }
        try (Stream<Path> runs = Files.list(work.resolve("runs"))) {
            Path run = runs.findFirst().orElseThrow();
            assertThat(run.resolve("3-load.json")).content().contains("\"name\" : \"headroom\"");
            assertThat(run.resolve("6-result.json")).exists();
            assertThat(run("judge", "runs/" + run.getFileName())).contains("autoscaling: ");
        }
    }

    /** A few seconds prove nothing, so a refused number is fine; nothing else is. */
    private static String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(image.entryPoint());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "said", ".txt");
        ProcessBuilder builder = new ProcessBuilder(image.contained("/tmp/work", command));
        Map<String, String> environment = builder.environment();
        String path = environment.get("PATH");
        environment.clear();
        // unshare and mount are this machine's; what runs in the root finds its own first.
        environment.put("PATH", "/bin:" + path);
        environment.put("HOME", "/tmp");
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        process.getOutputStream().close();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(Files.readString(output)).isTrue();
        String printed = Files.readString(output);
        assertThat(process.exitValue()).as(printed).isIn(Set.of(0, 3, 99));
        return printed;
    }
}
