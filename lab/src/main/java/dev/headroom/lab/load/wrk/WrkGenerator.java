package dev.headroom.lab.load.wrk;

import dev.headroom.lab.load.Cancellation;
import dev.headroom.lab.load.LoadException;
import dev.headroom.lab.load.LoadGenerator;
import dev.headroom.lab.load.LoadProgress;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.load.LoadRecord.Ended;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.process.PrivateFolder;
import dev.headroom.lab.load.process.ProcessWatch;
import dev.headroom.lab.load.process.TiedProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Load by wrk: its own exact figures, and what it does not tell (connections, CPU, open files) seen from outside. */
public final class WrkGenerator implements LoadGenerator {
    private static final Duration FIRST_GLANCE = Duration.ofMillis(300);

    /** For wrk to end after it should: its threads look up every 100 ms, then it adds up and calls the script's {@code done}. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final int SIGNALLED = 128;

    private final Wrk wrk;
    private final InstantSource clock;

    public WrkGenerator(Path program, InstantSource clock) {
        this.wrk = new Wrk(program);
        this.clock = clock;
    }

    /** Whether wrk can offer this load: a closed loop, in whole seconds. */
    public static boolean canOffer(Plan plan) {
        return plan.mode() == LoadRecord.Mode.CLOSED && Wrk.canTake(plan);
    }

    @Override
    public LoadRecord run(
            Plan plan, @Nullable Path script, LoadProgress progress, Cancellation cancellation)
            throws LoadException {
        if (!canOffer(plan)) {
            throw new LoadException(
                    "wrk offers closed loops in whole seconds only, not " + plan, null);
        }
        if (plan.threads() > plan.connections()) {
            throw new LoadException(
                    "wrk needs a connection for each thread: threads is %d, connections is %d"
                            .formatted(plan.threads(), plan.connections()),
                    null);
        }
        try (PrivateFolder folder = PrivateFolder.create()) {
            Path wrapper = folder.path().resolve("wrapper.lua");
            Path figures = folder.path().resolve("figures");
            Wrapper.write(wrapper, script, figures, Math.round(plan.timeoutSeconds() * 1e6));
            List<String> command = wrk.command(plan, wrapper);
            String version = wrk.version();
            long start = clock.millis();
            try (TiedProcess process = TiedProcess.start(command, folder.path())) {
                ProcessWatch watch = watch(plan, process.pid());
                cancellation.onCancel(process::interrupt);
                boolean onTime = attend(plan, process, watch, progress, cancellation);
                long end = clock.millis();
                process.close();
                Run run = new Run(plan, command, version, start, end, onTime, process, watch);
                return record(run, Figures.read(figures), cancellation.reason());
            }
        } catch (IOException e) {
            throw new LoadException("wrk can't be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("the load was given up: interrupted", e);
        }
    }

    private record Run(
            Plan plan,
            List<String> command,
            String version,
            long start,
            long end,
            boolean onTime,
            TiedProcess process,
            ProcessWatch watch) {}

    private static ProcessWatch watch(Plan plan, long pid) {
        URI url = URI.create(plan.url());
        int usual = "https".equals(url.getScheme()) ? 443 : 80;
        return new ProcessWatch(pid, url.getPort() < 0 ? usual : url.getPort(), opens(plan));
    }

    /** wrk gives each thread the same number of connections, and opens no others. */
    private static int opens(Plan plan) {
        return plan.connections() / plan.threads() * plan.threads();
    }

    /** Waits for its end, and watches; false where it had to be killed. */
    private boolean attend(
            Plan plan,
            TiedProcess process,
            ProcessWatch watch,
            LoadProgress progress,
            Cancellation cancellation)
            throws InterruptedException {
        long began = System.nanoTime();
        long last = began + (long) (plan.durationSeconds() * 1e9) + GRACE.toNanos();
        if (process.await(FIRST_GLANCE)) {
            return true;
        }
        watch.glance();
        for (long second = 1; ; second++) {
            Duration elapsed = Duration.ofSeconds(second);
            if (process.await(elapsed.minusNanos(System.nanoTime() - began))) {
                return true;
            }
            watch.look(clock.millis());
            progress.at(new LoadProgress.Moment(elapsed, null, null, null));
            if (cancellation.isCancelled()) {
                // Once more: while it starts, wrk ignores it.
                process.interrupt();
                return process.await(GRACE);
            }
            if (System.nanoTime() > last) {
                return false;
            }
        }
    }

    private LoadRecord record(Run run, @Nullable Figures figures, @Nullable String cancelled)
            throws LoadException, InterruptedException {
        int code = run.process().exitCode();
        String said = run.process().said();
        if (figures == null && code < SIGNALLED) {
            throw new LoadException(
                    "wrk ended with code %d and without figures; it said: %s"
                            .formatted(code, said.isBlank() ? "nothing" : said.strip()),
                    null);
        }
        LoadRecord.Generator generator =
                new LoadRecord.Generator(
                        "wrk",
                        run.version(),
                        run.command(),
                        Math.min(run.plan().threads(), Runtime.getRuntime().availableProcessors()),
                        run.watch().openFilesLimit(),
                        said);
        LoadRecord.Errors errors = errors(figures);
        return new LoadRecord(
                LoadRecord.SCHEMA,
                generator,
                run.plan(),
                run.start(),
                run.end(),
                ended(run, figures, cancelled),
                new LoadRecord.Connections(
                        opens(run.plan()), run.watch().most(), ProcessWatch.SOURCE),
                figures == null ? 0 : figures.count("requests"),
                errors.connect() + errors.read() + errors.write() + errors.status(),
                Map.of(),
                errors,
                figures == null ? 0 : figures.count("bytes"),
                figures == null ? null : WrkLatency.of(figures, run.plan().connections()),
                List.of(),
                run.watch().uses());
    }

    private static LoadRecord.Errors errors(@Nullable Figures figures) {
        return figures == null
                ? new LoadRecord.Errors(0, 0, 0, 0, 0)
                : new LoadRecord.Errors(
                        figures.count("connect"),
                        figures.count("read"),
                        figures.count("write"),
                        figures.count("status"),
                        figures.count("timeout"));
    }

    private static Ended ended(Run run, @Nullable Figures figures, @Nullable String cancelled) {
        if (cancelled != null) {
            String lost = figures == null ? "; wrk's figures are lost, it had to be killed" : "";
            return new Ended(Ended.How.INTERRUPTED, cancelled + lost);
        }
        if (!run.onTime()) {
            return new Ended(
                    Ended.How.FAILED,
                    "wrk did not end %d s after it should have, and was killed"
                            .formatted(GRACE.toSeconds()));
        }
        int code = run.process().exitCode();
        if (code > SIGNALLED) {
            return new Ended(Ended.How.FAILED, "wrk was killed by signal " + (code - SIGNALLED));
        }
        if (code != 0) {
            return new Ended(
                    Ended.How.FAILED, "wrk ended with code " + code + " after its figures");
        }
        double seconds = figures == null ? 0 : figures.number("duration") / 1e6;
        if (seconds < run.plan().durationSeconds() - 0.5) {
            return new Ended(
                    Ended.How.INTERRUPTED, "wrk was interrupted after %.1f s".formatted(seconds));
        }
        return new Ended(Ended.How.COMPLETED, null);
    }
}
