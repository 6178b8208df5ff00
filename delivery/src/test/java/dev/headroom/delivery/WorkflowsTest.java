package dev.headroom.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What holds for every workflow and for the action: pinned, bounded, without rights or texts that nobody gave them. */
@SuppressWarnings("NullAway.Init")
class WorkflowsTest {
    private static final Path WORKFLOWS = Repository.HOME.resolve(".github/workflows");
    private static final Path ACTION = Repository.HOME.resolve("action.yml");

    @TempDir private Path folder;

    static Stream<Path> workflows() throws IOException {
        try (Stream<Path> files = Files.list(WORKFLOWS)) {
            return files.sorted().toList().stream();
        }
    }

    static Stream<Path> all() throws IOException {
        return Stream.concat(workflows(), Stream.of(ACTION));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyActionIsPinnedByItsCommitAndSaysItsRelease(Path file) throws IOException {
        assertThat(Files.readAllLines(file))
                .filteredOn(l -> l.contains("uses: ") && !l.startsWith("#"))
                .isNotEmpty()
                .allMatch(l ->
                        l.matches(".*uses: [\\w.-]+/[\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
    }

    /** An expression in a script becomes part of it: what a branch or a title is named would be run. */
    @ParameterizedTest
    @MethodSource("all")
    void noScriptHoldsAnExpression(Path file) {
        assertThat(scripts(YAMLMapper.builder().build().readTree(file.toFile())))
                .isNotEmpty()
                .noneMatch(s -> s.contains("${{"));
    }

    private static List<String> scripts(JsonNode root) {
        return root.findValues("run").stream()
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void rightsAndTimesAreBounded(Path file) {
        JsonNode root = YAMLMapper.builder().build().readTree(file.toFile());
        assertThat(root.path("permissions").isObject() && root.path("permissions").isEmpty())
                .isTrue();
        assertThat(root.path("concurrency").path("group").asString("")).isNotEmpty();
        root.path("jobs")
                .properties()
                .forEach(job -> {
                    assertThat(job.getValue().path("timeout-minutes").asInt(0))
                            .as(job.getKey())
                            .isBetween(1, 90);
                    assertThat(job.getValue().path("permissions").isObject())
                            .as(job.getKey())
                            .isTrue();
                });
    }

    @Test
    void actionlintHasNothingToSay() throws Exception {
        clean(List.of("actionlint"));
    }

    @Test
    void zizmorHasNothingToSay() throws Exception {
        clean(List.of("zizmor", "--offline", "--quiet", WORKFLOWS.toString(), ACTION.toString()));
    }

    private void clean(List<String> command) throws Exception {
        boolean there =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                        .anyMatch(f -> Files.isExecutable(Path.of(f, command.getFirst())));
        assumeTrue(there, command.getFirst() + " is not on the PATH; .ci/run installs it");
        List<String> inFolder =
                new ArrayList<>(
                        List.of(
                                "sh",
                                "-c",
                                "cd \"$0\" && exec \"$@\"",
                                Repository.HOME.toString()));
        inFolder.addAll(command);
        Repository.run(folder, Map.of(), inFolder);
    }
}
