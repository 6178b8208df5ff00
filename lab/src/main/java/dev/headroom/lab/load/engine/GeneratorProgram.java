package dev.headroom.lab.load.engine;

import dev.headroom.lab.load.lua.ScriptException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import sun.misc.Signal;

/**
 * The program that a built-in load runs in: it does one {@link Job}, leaves {@link Second}s and {@link Figures} in the job's folder, and ends.
 * SIGINT and SIGTERM end it early, with its figures.
 */
public final class GeneratorProgram {
    /** What went wrong, in a file of the job's folder. */
    public static final String PROBLEM = "problem";

    private static final int FAILED = 3;
    private static final double WARM_UP_SECONDS = 0.6;

    private GeneratorProgram() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Job job = Job.parse(arguments);
        Stop stop = new Stop();
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> stop.ask());
        }
        try {
            WarmUp.run(WARM_UP_SECONDS, job.script() != null, stop);
            if (!stop.isAsked()) {
                run(job, stop);
            }
            System.exit(0);
        } catch (ScriptException e) {
            fail(job.folder(), String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException | Error e) {
            e.printStackTrace();
            fail(job.folder(), e.toString());
        }
    }

    private static void run(Job job, Stop stop)
            throws ScriptException, IOException, InterruptedException {
        try (OutputStream seconds = Files.newOutputStream(job.folder().resolve(Second.FILE))) {
            new Engine(job, stop, seconds).run().write(job.folder());
        }
    }

    private static void fail(Path folder, String problem) throws IOException {
        Files.writeString(folder.resolve(PROBLEM), problem);
        System.exit(FAILED);
    }
}
