package dev.headroom.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Manifests are what kubectl makes of them, whose YAML is not that of the standard's last version. */
class KubectlYamlTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Beside what is written in two ways, what only looks like it. */
    private static final String MANIFEST =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: all}
            shared: &shared {cpu: 250m, from: shared, only: here}
            other: &other {from: other, more: 1}
            booleans: [true, True, TRUE, yes, Yes, y, on, ON, false, False, no, N, off, tRUE, yEs, "yes", 'no', !!str on]
            nulls: [null, Null, NULL, ~, "~", nULL]
            empty:
            whole: [0, 7, -7, +7, 010, 0o17, 0x1F, -0x1f, 0b11, 1_000, 9223372036854775807, 08, 0x, 1_000m, "010"]
            fractions: [0.5, .5, 5., -1.5e3, 1e3, 1e-7, 99999999999999999999, 1.2.3, e5, "1.5"]
            texts: [2026-11-27, "2026-11-27", 1:30, 250m, 64Mi, 50%, <<]
            on: key
            0x10: key
            block: |
              yes
            before: {from: own, <<: *shared}
            behind: {<<: *shared, from: own}
            several: {<<: [*shared, *other]}
            twice:
              <<: *other
              deep: {<<: *shared}
            """;

    @TempDir private Path folder = Path.of("");

    private JsonNode read(String manifest) throws IOException, ExperimentException {
        Path file = Files.writeString(folder.resolve("m.yaml"), manifest);
        return Manifests.read(List.of(file)).all().getFirst().object();
    }

    @Test
    void scalarsAreWhatKubectlTakesThemFor() throws Exception {
        JsonNode object = read(MANIFEST);
        assertThat(object.path("booleans").toString())
                .isEqualTo(
                        "[true,true,true,true,true,true,true,true,false,false,false,false,false,\"tRUE\",\"yEs\",\"yes\",\"no\",\"on\"]");
        assertThat(object.path("nulls").toString())
                .isEqualTo("[null,null,null,null,\"~\",\"nULL\"]");
        assertThat(object.path("empty").isNull()).isTrue();
        assertThat(object.path("whole").toString())
                .isEqualTo(
                        "[0,7,-7,7,8,15,31,-31,3,1000,9223372036854775807,8,\"0x\",\"1_000m\",\"010\"]");
        assertThat(object.path("fractions").toString())
                .isEqualTo(
                        "[0.5,0.5,5,-1500,1000,1.0E-7,100000000000000000000,\"1.2.3\",\"e5\",\"1.5\"]");
        assertThat(object.path("texts").toString())
                .isEqualTo(
                        "[\"2026-11-27\",\"2026-11-27\",\"1:30\",\"250m\",\"64Mi\",\"50%\",\"<<\"]");
        assertThat(object.path("true").stringValue()).isEqualTo("key");
        assertThat(object.path("16").stringValue()).isEqualTo("key");
        assertThat(object.path("block").stringValue()).isEqualTo("yes\n");
    }

    @Test
    void mergeKeysAreMerged() throws Exception {
        JsonNode object = read(MANIFEST);
        assertThat(object.path("before").path("from").stringValue()).isEqualTo("shared");
        assertThat(object.path("behind").path("from").stringValue()).isEqualTo("own");
        assertThat(object.path("behind").path("cpu").stringValue()).isEqualTo("250m");
        assertThat(object.path("several").path("from").stringValue()).isEqualTo("shared");
        assertThat(object.path("several").path("more").intValue()).isEqualTo(1);
        assertThat(object.path("twice").path("deep").path("only").stringValue()).isEqualTo("here");
        assertThat(object.toString()).doesNotContain("<<\":");
    }

    @Test
    void whatCannotBeMerged() {
        assertThatThrownBy(() ->
                        read("apiVersion: v1\nkind: X\nmetadata: {name: x}\nspec:\n  <<: text\n"))
                .hasMessage(
                        folder.resolve("m.yaml")
                                + ":5: spec.<<: map merge requires map or sequence of maps as the value");
    }

    /** The same file, read by a real kubectl, which talks to nobody for it. */
    @Test
    void theSameAsKubectl() throws Exception {
        Path file = Files.writeString(folder.resolve("kubectl.yaml"), MANIFEST);
        Process process;
        try {
            process =
                    new ProcessBuilder(
                                    "kubectl",
                                    "annotate",
                                    "--local",
                                    "-f",
                                    file.toString(),
                                    "-o",
                                    "json",
                                    "seen=by-kubectl")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            assumeTrue(false, "kubectl is not here");
            return;
        }
        String printed;
        try (InputStream out = process.getInputStream()) {
            printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(process.waitFor()).isZero();
        JsonNode theirs = JSON.readTree(printed);
        // Written and read again, so that the two differ in no type of a number.
        JsonNode ours = JSON.readTree(read(MANIFEST).toString());
        for (String key : ours.propertyNames()) {
            if (!key.equals("metadata")) {
                assertThat(theirs.path(key)).as(key).isEqualTo(ours.path(key));
            }
        }
        assertThat(theirs.size()).isEqualTo(ours.size());
    }
}
