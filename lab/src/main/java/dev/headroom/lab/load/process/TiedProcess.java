package dev.headroom.lab.load.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of somebody else's that runs as a child and ends with this program, whatever that one dies of.
 *
 * <p>A shell forks a guard and becomes the program, so that the child's process id is the program's. The guard reads a pipe from this
 * program: a word is a signal to send; at the pipe's end, which is what the system makes of a {@code kill -9}, it kills what it guards
 * and removes its folder. (Java closes the pipe too when the child has ended and is no more: then there is nothing to kill, and the
 * folder is for this program to read. Linux' parent-death signal is no way: it is tied to the thread that started the child.)
 */
public final class TiedProcess implements Closeable {
    private static final String GUARDED =
            """
            folder=$1; shift; exec 3<&0
            {
              while read -r signal; do kill -"$signal" $$; done
              kill -KILL $$ && rm -rf -- "$folder"
            } <&3 3<&- >/dev/null 2>&1 &
            exec "$@" </dev/null 3<&-
            """;

    private final Process process;
    private final Said said;

    private TiedProcess(Process process) {
        this.process = process;
        this.said = new Said(process.getInputStream());
    }

    /**
     * Starts the command; what it prints, to either stream, is kept, bounded.
     *
     * @param folder what only this run needs, removed when this program is killed
     */
    public static TiedProcess start(List<String> command, Path folder) throws IOException {
        List<String> guarded = new ArrayList<>();
        guarded.addAll(List.of("/bin/sh", "-c", GUARDED, "headroom-guard", folder.toString()));
        guarded.addAll(command);
        return new TiedProcess(new ProcessBuilder(guarded).redirectErrorStream(true).start());
    }

    public long pid() {
        return process.pid();
    }

    /** True once it has ended. */
    public boolean await(Duration atMost) throws InterruptedException {
        return process.waitFor(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Its exit code; 128 and the number where a signal ended it. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Sends SIGINT, which Java itself can't. */
    public void interrupt() {
        send("INT");
    }

    /** Sends SIGTERM: for a JVM, which can't hear SIGINT where its parent was started with that ignored, as a shell does with what it runs in the background. */
    public void terminate() {
        send("TERM");
    }

    private synchronized void send(String signal) {
        try {
            OutputStream guard = process.getOutputStream();
            guard.write((signal + "\n").getBytes(StandardCharsets.US_ASCII));
            guard.flush();
        } catch (IOException guardGone) {
            // Somebody killed the guard; what it was asked for is done the hard way.
            process.destroyForcibly();
        }
    }

    /** All that it printed, bounded; waits until it has closed its output. */
    public String said() throws InterruptedException {
        return said.text();
    }

    /** Ends it at once, if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
