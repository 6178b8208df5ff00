package dev.headroom.lab.load.builtin;

import dev.headroom.lab.load.Cancellation;
import dev.headroom.lab.load.LoadException;
import dev.headroom.lab.load.LoadGenerator;
import dev.headroom.lab.load.LoadProgress;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.engine.Figures;
import dev.headroom.lab.load.engine.GeneratorProgram;
import dev.headroom.lab.load.engine.Job;
import dev.headroom.lab.load.engine.Second;
import dev.headroom.lab.load.lua.Target;
import dev.headroom.lab.load.process.PrivateFolder;
import dev.headroom.lab.load.process.ProcessWatch;
import dev.headroom.lab.load.process.TiedProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Load by the built-in generator: closed loop or constant rate, every latency counted. */
public final class BuiltInGenerator implements LoadGenerator {
    /** For its process to end after it should. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    /** For its process to begin: a second on an idle machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration TICK = Duration.ofMillis(200);
    private static final int TICKS_A_LOOK = 5;

    private final InstantSource clock;
    private final Path java;

    public BuiltInGenerator(InstantSource clock) {
        this(Path.of(System.getProperty("java.home"), "bin", "java"), clock);
    }

    /**
     * @param java the launcher to start its process with
     */
    public BuiltInGenerator(Path java, InstantSource clock) {
        this.java = java;
        this.clock = clock;
    }

    @Override
    public LoadRecord run(
            Plan plan, @Nullable Path script, LoadProgress progress, Cancellation cancellation)
            throws LoadException {
        return run(plan, script, progress, cancellation, 0);
    }

    /**
     * The same, begun at a certain moment.
     *
     * @param startNanos as {@link System#nanoTime} counts; its process needs a second or two before it, else it begins as soon as it can; 0 for at once
     */
    public LoadRecord run(
            Plan plan,
            @Nullable Path script,
            LoadProgress progress,
            Cancellation cancellation,
            long startNanos)
            throws LoadException {
        check(plan);
        try (PrivateFolder folder = PrivateFolder.create()) {
            Job job = job(plan, script, folder.path(), startNanos);
            List<String> command = JavaCommand.of(java, folder.path(), job.arguments());
            long begun = clock.millis();
            try (TiedProcess process = TiedProcess.start(command, folder.path())) {
                ProcessWatch watch = new ProcessWatch(process.pid(), port(plan), 0);
                cancellation.onCancel(process::terminate);
                boolean onTime =
                        attend(plan, folder.path(), process, watch, progress, cancellation);
                process.close();
                Outcome outcome =
                        new Outcome(
                                plan,
                                command,
                                begun,
                                clock.millis(),
                                onTime,
                                process.exitCode(),
                                process.said(),
                                watch,
                                Second.read(folder.path()),
                                Figures.in(folder.path()));
                refuse(outcome, folder.path(), script, cancellation);
                return outcome.record(cancellation.reason());
            }
        } catch (IOException e) {
            throw new LoadException(
                    "the built-in load generator can't be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("the load was given up: interrupted", e);
        }
    }

    private static void check(Plan plan) throws LoadException {
        if (plan.threads() > plan.connections()) {
            throw new LoadException(
                    "the load needs a connection for each thread: threads is %d, connections is %d"
                            .formatted(plan.threads(), plan.connections()),
                    null);
        }
        try {
            Target.of(plan.url());
        } catch (IllegalArgumentException e) {
            throw new LoadException(String.valueOf(e.getMessage()), e);
        }
    }

    private Job job(Plan plan, @Nullable Path script, Path folder, long startNanos) {
        Double rate = plan.ratePerSecond();
        return new Job(
                plan.url(),
                plan.threads(),
                plan.connections(),
                rate == null ? 0 : rate,
                plan.durationSeconds(),
                plan.timeoutSeconds(),
                script == null ? null : script.toAbsolutePath().toString(),
                folder,
                startNanos,
                // Both programs read one monotonic clock, the system's.
                clock.millis() * 1_000_000 - System.nanoTime());
    }

    private static int port(Plan plan) {
        int port = URI.create(plan.url()).getPort();
        return port < 0 ? 80 : port;
    }

    /** Waits for its end, and watches; false where it had to be killed. */
    private boolean attend(
            Plan plan,
            Path folder,
            TiedProcess process,
            ProcessWatch watch,
            LoadProgress progress,
            Cancellation cancellation)
            throws InterruptedException, IOException {
        long began = System.nanoTime();
        long last = clock.millis() + PATIENCE.toMillis();
        int seen = 0;
        for (long tick = 1; ; tick++) {
            if (process.await(TICK.multipliedBy(tick).minusNanos(System.nanoTime() - began))) {
                return true;
            }
            if (tick % TICKS_A_LOOK == 0) {
                watch.look(clock.millis());
            }
            Second.Told told = Second.read(folder);
            Long start = told.start();
            if (start != null) {
                last = start + Math.round(plan.durationSeconds() * 1e3) + GRACE.toMillis();
            }
            if (told.seconds().size() > seen) {
                seen = told.seconds().size();
                progress.at(moment(told.seconds()));
            }
            if (cancellation.isCancelled()) {
                process.terminate();
                return process.await(GRACE);
            }
            if (clock.millis() > last) {
                return false;
            }
        }
    }

    private static LoadProgress.Moment moment(List<Second> seconds) {
        long answers = 0;
        long failed = 0;
        for (Second second : seconds) {
            answers += second.answers();
            failed += second.failed();
        }
        return new LoadProgress.Moment(
                Duration.ofSeconds(seconds.size()),
                answers,
                failed,
                Second.known(seconds.getLast().p99()));
    }

    /** Where nothing was measured, or the script failed, there is no record. */
    private static void refuse(
            Outcome outcome, Path folder, @Nullable Path script, Cancellation cancellation)
            throws IOException, LoadException {
        Path problem = folder.resolve(GeneratorProgram.PROBLEM);
        if (Files.exists(problem)) {
            String in = script == null ? "" : "with the script " + script + ": ";
            throw new LoadException(
                    "the load can't be offered " + in + Files.readString(problem), null);
        }
        if (outcome.told().start() == null && !cancellation.isCancelled()) {
            throw new LoadException(
                    "the built-in load generator ended with code %d before it sent anything; it said: %s"
                            .formatted(
                                    outcome.exitCode(),
                                    outcome.said().isBlank() ? "nothing" : outcome.said().strip()),
                    null);
        }
    }
}
