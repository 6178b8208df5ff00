package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program says of itself, held against the README and the code. */
class HelpTest {
    @Test
    void exitCodesAreTheSameInCodeHelpAndReadme() throws IOException {
        List<String> codes =
                Arrays.stream(ExitCode.values()).map(c -> String.valueOf(c.code())).toList();
        String help = InProcess.run("--help").printed();
        for (ExitCode code : ExitCode.values()) {
            assertThat(unwrapped(help)).contains(" " + code.code() + " " + code.meaning());
        }
        String readme = Files.readString(Path.of("..", "README.md"));
        assertThat(
                        Pattern.compile("(?m)^\\| (\\d+) \\|")
                                .matcher(readme)
                                .results()
                                .map((MatchResult r) -> r.group(1)))
                .containsExactlyInAnyOrderElementsOf(codes);
    }

    private static String unwrapped(String text) {
        return text.replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "lint",
                "judge",
                "report",
                "compare",
                "cluster",
                "restore",
                "completion",
                "man"
            })
    void fitsATerminalAndEndsWithZero(String command) {
        InProcess.Ended ended =
                command.isEmpty() ? InProcess.run("--help") : InProcess.run(command, "--help");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.printed()).startsWith("Usage: headroom");
        assertThat(ended.printed().lines()).allMatch(l -> l.length() <= 100);
        assertThat(ended.printed()).doesNotContain("sync-period", "warm-up", "null");
    }

    @Test
    void everyOptionSaysWhatItIsFor() {
        var line = Main.commandLine();
        for (var command : line.getSubcommands().values()) {
            for (var option : command.getCommandSpec().options()) {
                assertThat(option.hidden() || option.description().length > 0)
                        .as(command.getCommandName() + " " + option.longestName())
                        .isTrue();
            }
        }
    }

    @Test
    void aCommandThatIsNearIsNamedAndNoOther() {
        InProcess.Ended ended = InProcess.run("jugde", "runs/a");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.printed()).endsWith("Did you mean: headroom judge?\n");
        ended = InProcess.run("frobnicate");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.printed()).contains("Usage: headroom").doesNotContain("Did you mean");
    }

    @Test
    void theVersionIsOneLineEach() {
        assertThat(InProcess.run("--version").printed().lines())
                .satisfiesExactly(
                        l -> assertThat(l).startsWith("headroom "),
                        l -> assertThat(l).startsWith("Java 25"));
    }
}
