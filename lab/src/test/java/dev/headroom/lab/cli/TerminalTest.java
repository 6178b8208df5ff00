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

    @Test
    void elsewhereThereIsNoControlCharacter() {
        Terminal terminal = terminal(false, false);
        terminal.overwrite("live");
        terminal.line(terminal.good("a") + terminal.bad("b") + terminal.uncertain("c"));
        assertThat(printed()).isEqualTo("abc" + System.lineSeparator());
        assertThat(terminal(true, true).good("a")).contains("\033[").contains("a");
    }
}
