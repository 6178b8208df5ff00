package dev.headroom.cluster.node;

import dev.headroom.cluster.objects.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A command beside a container's program ({@code kubectl exec}): with its variables, in its folder, under its limits; it ends when the
 * program does.
 */
final class RunningCommand implements Execution {
    /** Makes a terminal, of which Java knows nothing, and passes what is written on both sides; part of util-linux. */
    private static final Path TERMINAL = Path.of("/usr/bin/script");

    private static final int TERMINAL_TRIES = 250;

    private final Process process;
    private final boolean terminal;

    private RunningCommand(Process process, boolean terminal) {
        this.process = process;
        this.terminal = terminal;
    }

    /**
     * Starts it beside a program that runs.
     *
     * @throws IOException in the words of a container runtime where there is no such command
     */
    static RunningCommand start(
            ContainerProcess program, List<String> command, boolean stdin, boolean terminal)
            throws IOException {
        ProcessBuilder builder = program.beside(terminal ? inTerminal(command) : command);
        Map<String, String> environment = builder.environment();
        Programs.require(command.getFirst(), program.launch());
        if (!stdin) {
            builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        }
        if (terminal) {
            environment.putIfAbsent("TERM", "xterm");
            environment.put("SHELL", "/bin/sh");
        }
        RunningCommand running = new RunningCommand(program.start(builder), terminal);
        program.onExit().thenRun(running::close);
        return running;
    }

    private static List<String> inTerminal(List<String> command) throws IOException {
        if (!Files.isExecutable(TERMINAL)) {
            throw new IOException(
                    "no terminal can be had without "
                            + TERMINAL
                            + " (util-linux): leave out --tty, or install it");
        }
        String quoted =
                command.stream()
                        .map(part -> "'" + part.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));
        return List.of(TERMINAL.toString(), "-qefc", "exec " + quoted, "/dev/null");
    }

    @Override
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    @Override
    public InputStream stdout() {
        return process.getInputStream();
    }

    @Override
    public InputStream stderr() {
        return process.getErrorStream();
    }

    @Override
    public void resize(int columns, int rows) throws IOException {
        // The first size comes before the command has taken its terminal.
        Path device = null;
        for (int i = 0; i < TERMINAL_TRIES && terminal && process.isAlive(); i++) {
            device = device();
            if (device != null) {
                break;
            }
            Pause.millis(20);
        }
        if (device != null) {
            new ProcessBuilder(
                            "stty",
                            "-F",
                            device.toString(),
                            "columns",
                            Integer.toString(columns),
                            "rows",
                            Integer.toString(rows))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
    }

    /** The terminal that the command has as its input; null where it has not begun, or is over. */
    private @Nullable Path device() throws IOException {
        for (ProcessHandle child : process.descendants().toList()) {
            Path input = Path.of("/proc", Long.toString(child.pid()), "fd", "0");
            if (Files.isSymbolicLink(input)) {
                Path target = Files.readSymbolicLink(input);
                if (target.startsWith("/dev/pts")) {
                    return target;
                }
            }
        }
        return null;
    }

    @Override
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        if (process.isAlive() && Shell.hasOwnSession()) {
            Signals.sendGroup(process.pid(), Signals.KILL);
        }
        process.destroyForcibly();
    }
}
