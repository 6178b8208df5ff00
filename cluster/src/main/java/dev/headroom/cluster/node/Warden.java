package dev.headroom.cluster.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that outlives this one when it is killed, to remove what its cluster leaves at once: a shell that waits for a word on a pipe.
 * The word says that all was removed in order; the pipe's end, which is what the system makes of a {@code kill -9}, that it was not, and
 * then the {@link Sweep} is run. (Linux' parent-death signal is no way: it is tied to the thread that started a child.) Where the warden
 * itself was killed, the next start sweeps.
 */
public final class Warden implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Warden.class.getName());
    private static final String WAIT =
            "trap '' INT TERM HUP; read -r word || exec \"$@\" </dev/null";

    /** A system on which none lives is not to be kept busy. */
    private static final int REPLACEMENTS = 5;

    private final StateDirectory state;
    private volatile Process process;
    private volatile boolean closed;
    private int replaced;

    private Warden(StateDirectory state) throws IOException {
        this.state = state;
        this.process = launch();
    }

    /** Makes a cluster's folder, and has it guarded from then on. */
    public static Warden start() throws IOException {
        StateDirectory state = StateDirectory.create();
        try {
            return new Warden(state);
        } catch (IOException e) {
            state.close();
            throw e;
        }
    }

    public StateDirectory state() {
        return state;
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(Shell.ownSession());
        command.addAll(List.of("/bin/sh", "-c", WAIT, "headroom-warden"));
        command.addAll(sweep(state.path()));
        Path nowhere = Path.of("/dev/null");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectOutput(nowhere.toFile())
                        .redirectError(nowhere.toFile());
        Process started = builder.start();
        started.onExit().thenRun(this::replace);
        return started;
    }

    /** Whoever ends it does not end what it is for. */
    private synchronized void replace() {
        if (!closed && replaced++ < REPLACEMENTS) {
            try {
                process = launch();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a warden was ended, and there can be no other", e);
            }
        }
    }

    private static List<String> sweep(Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx32m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes().toString(),
                Sweep.class.getName(),
                folder.toString());
    }

    /** This package needs nothing besides the JDK. */
    private static Path classes() {
        try {
            return Path.of(Sweep.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Removes the folder, and only then lets the warden go. Its end is awaited without this object's monitor: {@link #replace} wants that on a thread of the common pool, of which
     * two CPUs have one, and what tells of an end runs there too.
     */
    @Override
    public void close() {
        Process last;
        synchronized (this) {
            closed = true;
            last = process;
        }
        state.close();
        try (var pipe = last.getOutputStream()) {
            pipe.write("done\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException killed) {
            // Then it needs no word.
            last.destroyForcibly();
        }
        awaitEnd(last);
    }

    private static void awaitEnd(Process process) {
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
