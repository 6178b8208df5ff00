package dev.headroom.lab.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where people read what happens: standard error, with one line that is overwritten where that is a terminal. Thread-safe. */
final class Terminal {
    private final PrintStream out;
    private final boolean live;
    private final boolean colour;
    private int shown;

    Terminal(PrintStream out, boolean live, boolean colour) {
        this.out = out;
        this.live = live;
        this.colour = colour;
    }

    /** Standard error; colours as https://no-color.org says. */
    static Terminal standard(Map<String, String> environment) {
        boolean terminal = isTerminal() && !"dumb".equals(environment.get("TERM"));
        boolean colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(System.err, terminal, colour);
    }

    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
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

    /** A line that stays. */
    synchronized void line(String text) {
        clear();
        out.println(text);
        out.flush();
    }

    /** A line that the next one overwrites; only where {@link #live}. */
    synchronized void overwrite(String text) {
        if (!live) {
            return;
        }
        String line = text.length() > 200 ? text.substring(0, 200) : text;
        out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
        out.flush();
        shown = line.length();
    }

    private void clear() {
        if (shown > 0) {
            out.print("\r" + " ".repeat(shown) + "\r");
            shown = 0;
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
