package dev.headroom.lab.load.engine;

import dev.headroom.lab.load.lua.ScriptException;
import java.io.IOException;
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

    private GeneratorProgram() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Job job = Job.parse(arguments);
        Stop stop = new Stop();
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> stop.ask());
        }
        try {
            new Engine(job, stop).run().write(job.folder());
            System.exit(0);
        } catch (ScriptException e) {
            fail(job.folder(), String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException | LinkageError e) {
            e.printStackTrace();
            fail(job.folder(), e.toString());
        }
    }

    private static void fail(Path folder, String problem) throws IOException {
        Files.writeString(folder.resolve(PROBLEM), problem);
        System.exit(FAILED);
    }
}
