package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The script of action.yml, by bash, with a program that ends as it is told: which end fails the step, and what it puts out. */
@SuppressWarnings("NullAway.Init")
class ActionTest {
    private static final String PROGRAM =
            """
            #!/bin/sh
            printf '%s\\n' "$@" >"$RUNNER_TEMP/arguments"
            while [ "$1" != --runs-dir ]; do shift; done
            mkdir "$2/20260101-demo"
            echo '## demo: scaled' >"$2/20260101-demo/6-summary.md"
            echo 'demo: scaled'
            echo '  the sentence: with a colon'
            exit "$CODE"
            """;

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "expectation,0,0",
        "expectation,99,99",
        "expectation,3,3",
        "expectation,2,2",
        "expectation,4,4",
        "inconclusive,99,0",
        "inconclusive,3,3",
        "inconclusive,2,2",
        "inconclusive,4,4",
        "infrastructure,99,0",
        "infrastructure,3,0",
        "infrastructure,2,2",
        "infrastructure,4,4",
        "never,99,0",
        "never,3,0",
        "never,2,0",
        "never,4,0",
        "sometimes,0,2"
    })
    void failsAsItIsAskedTo(String failOn, int code, int wanted) throws Exception {
        assertThat(run(failOn, "", code)).isEqualTo(wanted);
        if (!failOn.equals("sometimes")) {
            assertThat(Files.readAllLines(folder.resolve("output")))
                    .contains("verdict=scaled")
                    .anyMatch(l -> l.matches("report=.*/20260101-demo/6-report\\.html"))
                    .anyMatch(l -> l.matches("summary=.*/20260101-demo/6-summary\\.md"));
            assertThat(folder.resolve("summary")).hasContent("## demo: scaled");
        }
    }

    @ParameterizedTest
    @CsvSource({"'',false", "my context,true"})
    void givesTheContextOnlyWhereThereIsOne(String context, boolean given) throws Exception {
        assertThat(run("expectation", context, 0)).isZero();
        List<String> arguments = Files.readAllLines(folder.resolve("arguments"));
        assertThat(arguments.contains("--context")).isEqualTo(given);
        assertThat(arguments.contains("my context")).isEqualTo(given);
        assertThat(arguments.getLast()).isEqualTo("an experiment.yaml");
    }

    private int run(String failOn, String context, int code) throws Exception {
        JsonNode action =
                YAMLMapper.builder()
                        .build()
                        .readTree(Repository.HOME.resolve("action.yml").toFile());
        Path program = Files.writeString(folder.resolve("headroom"), PROGRAM);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Path script =
                Files.writeString(
                        folder.resolve("step.sh"),
                        action.path("runs").path("steps").get(1).path("run").stringValue());
        ProcessBuilder builder =
                new ProcessBuilder(
                        "bash", "--noprofile", "--norc", "-eo", "pipefail", script.toString());
        builder.environment()
                .putAll(
                        Map.of(
                                "EXPERIMENT", "an experiment.yaml",
                                "CONTEXT", context,
                                "FAIL_ON", failOn,
                                "CODE", String.valueOf(code),
                                "RUNNER_TEMP", folder.toString(),
                                "GITHUB_ACTION_PATH", folder.toString(),
                                "GITHUB_OUTPUT", folder.resolve("output").toString(),
                                "GITHUB_STEP_SUMMARY", folder.resolve("summary").toString()));
        Process process =
                builder.directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
