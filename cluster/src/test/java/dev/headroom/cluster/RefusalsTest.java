package dev.headroom.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.testing.TestCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What bad manifests get, against what a real Kubernetes 1.34 said to them; {@code record-refusals} wrote that down. */
class RefusalsTest {
    /** What has no effect here has one there. */
    private static final String OWN_WARNING =
            "(?m)^Warning: .* is kept but has no effect on this cluster: .*\n";

    private static TestCluster cluster;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cluster = TestCluster.start(Duration.ofSeconds(15));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    record Refusal(String name, String manifest, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Refusal> recorded() throws IOException {
        try (InputStream file = RefusalsTest.class.getResourceAsStream("/refusals.txt")) {
            String text =
                    new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("(?m)^=== ")).skip(1).map(RefusalsTest::refusal);
        }
    }

    private static Refusal refusal(String block) {
        int line = block.indexOf('\n');
        String[] halves = block.substring(line + 1).split("(?m)^--- said\n", -1);
        return new Refusal(block.substring(0, line), halves[0], halves[1]);
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void saysWhatKubernetesSays(Refusal refusal) {
        TestCluster.Result result =
                cluster.kubectl(
                        refusal.manifest(),
                        "apply",
                        "--dry-run=server",
                        "--validate=strict",
                        "-f",
                        "-");
        String said = result.err().replaceAll(OWN_WARNING, "");
        assertThat(said).isEqualTo(refusal.said());
        assertThat(result.code()).isEqualTo(refusal.said().isEmpty() ? 0 : 1);
    }
}
