package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the program gives to shells: completion, asked of a real bash and a real fish, and the manual page, read by groff. */
@SuppressWarnings("NullAway.Init")
class ShellTest {
    @TempDir private Path folder;

    private static boolean has(String tool) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(f -> Files.isExecutable(Path.of(f, tool)));
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private Path completion(String shell) throws IOException {
        return Files.writeString(
                folder.resolve("headroom." + shell), InProcess.run("completion", shell).printed());
    }

    @ParameterizedTest
    @CsvSource({
        "ju,judge",
        "run --out,--output",
        "run --kube,--kubeconfig",
        "compare --tol,--tolerance",
        "'lint --format ',SARIF"
    })
    void bashCompletes(String typed, String wanted) throws Exception {
        assumeTrue(has("bash"), "bash is not on the PATH");
        Path script = completion("bash");
        String words = "(headroom " + typed.replaceFirst(" $", " \"\"") + ")";
        String ask =
                "source '%s'; COMP_WORDS=%s; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE='headroom %s'; COMP_POINT=${#COMP_LINE}; _complete_headroom; printf '%%s\\n' \"${COMPREPLY[@]}\""
                        .formatted(script, words, typed);
        assertThat(run(List.of("bash", "-c", ask)).lines().map(String::strip)).contains(wanted);
    }

    @Test
    void completionKeepsHiddenThingsHidden() {
        assertThat(InProcess.run("completion", "zsh").printed())
                .contains("bashcompinit")
                .doesNotContain("warm-up", "--sync-period");
        assertThat(InProcess.run("completion", "fish").printed())
                .contains("complete -c headroom")
                .doesNotContain("warm-up", "sync-period", "${", "generate");
        assertThat(InProcess.run("completion", "tcsh").exitCode()).isEqualTo(2);
    }

    /** A real fish tells what it would offer: a word and its description on each line. */
    @ParameterizedTest
    @CsvSource({
        "ju,judge",
        "run --out,--output",
        "run --kube,--kubeconfig",
        "compare --tol,--tolerance",
        "lint -,-n",
        "'lint --format ',sarif",
        "'run --output ',prometheus",
        "'completion ',fish"
    })
    void fishCompletes(String typed, String wanted) throws Exception {
        assumeTrue(has("fish"), "fish is not on the PATH");
        Path script = completion("fish");
        String ask = "source '%s'; complete -C 'headroom %s'".formatted(script, typed);
        String offered = run(List.of("fish", "--no-config", "-c", ask));
        assertThat(offered.lines().map(l -> l.replaceFirst("\\t.*", "")))
                .as(offered)
                .contains(wanted);
    }

    /** Where a command is meant, and where a word of some, files are none. */
    @ParameterizedTest
    @CsvSource({"''", "'completion '", "'restore '"})
    void fishOffersNoFilesWhereNoneIsMeant(String typed) throws Exception {
        assumeTrue(has("fish"), "fish is not on the PATH");
        Path script = completion("fish");
        String ask =
                "cd '%s'; source '%s'; complete -C 'headroom %s'".formatted(folder, script, typed);
        assertThat(run(List.of("fish", "--no-config", "-c", ask))).doesNotContain("headroom.fish");
    }

    @Test
    void theManualPageIsOneForItsReaders() throws Exception {
        assumeTrue(has("groff"), "groff is not on the PATH");
        Path page = Files.writeString(folder.resolve("headroom.1"), InProcess.run("man").printed());
        // -z prints nothing but what is wrong.
        assertThat(run(List.of("groff", "-man", "-Tutf8", "-ww", "-z", page.toString()))).isEmpty();
        String read = run(List.of("groff", "-man", "-Tascii", "-P-cbou", page.toString()));
        assertThat(read)
                .contains("NAME", "EXIT STATUS", "--kubeconfig FILE", "every expectation was met")
                .doesNotContain("sync-period", "${", "%%", "\\-");
    }

    /** What --help knows, the page knows. */
    @Test
    void theManualPageHasEveryCommandAndOption() {
        String page = InProcess.run("man").printed().replace("\\-", "-");
        Main.commandLine()
                .getSubcommands()
                .values()
                .forEach(command -> {
                    boolean hidden = command.getCommandSpec().usageMessage().hidden();
                    assertThat(page.contains(".SS headroom " + command.getCommandName() + "\n"))
                            .isEqualTo(!hidden);
                    command.getCommandSpec().options().stream()
                            .filter(o -> !hidden && !o.hidden())
                            .forEach(o -> assertThat(page).contains(o.longestName()));
                });
    }
}
