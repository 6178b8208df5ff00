package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Terminal terminal(boolean live, boolean colour) {
        return new Terminal(new PrintStream(bytes, true, StandardCharsets.UTF_8), live, colour);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLiveLineIsErasedBeforeALineThatStays() {
        Terminal terminal = terminal(true, false);
        terminal.overwrite("first");
        terminal.overwrite("second");
        terminal.line("stays");
        assertThat(Screen.show(printed(), 20)).containsExactly("stays");
    }

    /** The terminal cuts it; a line that wrapped would leave its first part behind at each overwriting. */
    @Test
    void aNarrowTerminalShowsItsBeginning() {
        Terminal terminal = terminal(true, false);
        String line = LiveLine.text(Duration.ofSeconds(83), null, null, null, null);
        terminal.overwrite(line);
        terminal.overwrite(line);
        assertThat(Screen.show(printed(), 22))
                .singleElement()
                .asString()
                .startsWith("1:23 left  replicas –");
        terminal.line("a line that is longer than the screen");
        assertThat(Screen.show(printed(), 22))
                .containsExactly("a line that is longer ", "than the screen");
    }

    /** An experiment's file, a manifest or a pod's log may hold anything. */
    @Test
    void whatOthersWroteMovesNoCursorAndTurnsNoText() {
        String hostile = "key\033[2J\033]0;title\007\u202Egnp.\r";
        String shown = "key\\u001B[2J\\u001B]0;title\\u0007\\u202Egnp.\\u000D";
        terminal(false, false).line(hostile);
        assertThat(printed()).isEqualTo(shown + System.lineSeparator());
        bytes.reset();
        Terminal terminal = terminal(true, true);
        terminal.line(terminal.bad("bad") + ": " + hostile);
        terminal.overwrite(hostile);
        assertThat(printed())
                .startsWith("\033[1;31mbad\033[0m: " + shown + System.lineSeparator())
                .contains("\033[?7l" + shown + "\033[?7h")
                .doesNotContain("\007", "\u202E");
    }

    @Test
    void elsewhereThereIsNoControlCharacter() {
        Terminal terminal = terminal(false, false);
        terminal.overwrite("live");
        terminal.line(terminal.good("a") + terminal.bad("b") + terminal.uncertain("c"));
        assertThat(printed()).isEqualTo("abc" + System.lineSeparator());
        assertThat(terminal(true, true).good("a")).contains("\033[").contains("a");
    }
}
