package dev.headroom.lab.cli;

import dev.headroom.lab.run.VisibleText;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where people read what happens: standard error, with one line that is overwritten where that is a terminal. Thread-safe. */
final class Terminal {
    /** DECAWM off: a line longer than the terminal is wide is cut by the terminal, which alone knows its width at every moment. */
    private static final String CUT = "\033[?7l";

    private static final String WRAP = "\033[?7h";
    private static final String ERASE = "\r\033[K";

    /** Those of {@link #good} and the others: all that may reach the terminal as it is. */
    private static final Pattern COLOURS = Pattern.compile("\033\\[(?:1;3[123]|0)m");

    private final PrintStream out;
    private final boolean live;
    private final boolean colour;
    private boolean shown;

    Terminal(PrintStream out, boolean live, boolean colour) {
        this.out = out;
        this.live = live;
        this.colour = colour;
    }

    /** Standard error; colours as https://no-color.org says. */
    static Terminal standard(Map<String, String> environment) {
        return of(System.err, 2, environment);
    }

    /** Standard output, where the verdict is printed. */
    static Terminal output(Map<String, String> environment) {
        return of(System.out, 1, environment);
    }

    private static Terminal of(PrintStream out, int descriptor, Map<String, String> environment) {
        boolean terminal = isTerminal(descriptor) && !"dumb".equals(environment.get("TERM"));
        boolean colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(out, terminal, colour);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException noProc) {
            Console console = System.console();
            return console != null && console.isTerminal();
        }
    }

    boolean live() {
        return live;
    }

    /** A line that stays; what others have put into it (an experiment's file, a manifest, a cluster) is shown as text. */
    synchronized void line(String text) {
        clear();
        out.println(shown(text));
        out.flush();
    }

    /** A line that the next one overwrites; only where {@link #live}. */
    synchronized void overwrite(String text) {
        if (!live) {
            return;
        }
        out.print(ERASE + CUT + shown(text) + WRAP);
        out.flush();
        shown = true;
    }

    private String shown(String text) {
        if (!colour) {
            return VisibleText.of(text);
        }
        StringBuilder shown = new StringBuilder();
        int from = 0;
        for (Matcher own = COLOURS.matcher(text); own.find(); from = own.end()) {
            shown.append(VisibleText.of(text.substring(from, own.start()))).append(own.group());
        }
        return shown.append(VisibleText.of(text.substring(from))).toString();
    }

    private void clear() {
        if (shown) {
            out.print(ERASE);
            shown = false;
        }
    }

    String good(String text) {
        return colour ? "\033[1;32m" + text + "\033[0m" : text;
    }

    String bad(String text) {
        return colour ? "\033[1;31m" + text + "\033[0m" : text;
    }

    String uncertain(String text) {
        return colour ? "\033[1;33m" + text + "\033[0m" : text;
    }
}
