package dev.headroom.lab.load.builtin;

import dev.headroom.lab.load.Latencies;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.load.LoadRecord.Ended;
import dev.headroom.lab.load.LoadRecord.Mode;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.LoadRecord.Use;
import dev.headroom.lab.load.engine.Figures;
import dev.headroom.lab.load.engine.Second;
import dev.headroom.lab.load.process.ProcessWatch;
import dev.headroom.lab.run.ProgramVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of the generator's process.
 *
 * @param begun when it was started, on the lab's clock
 * @param ended when it was seen to have ended
 * @param onTime false where it had to be killed
 * @param figures null where it did not come to its end: then the seconds tell what there is
 */
record Outcome(
        Plan plan,
        List<String> command,
        long begun,
        long ended,
        boolean onTime,
        int exitCode,
        String said,
        ProcessWatch watch,
        Second.Told told,
        @Nullable Figures figures) {

    private static final int SIGNALLED = 128;

    /** A look covers the second before it: one that is mostly the start of the process says nothing of the load. */
    private static final long HALF_A_LOOK_MILLIS = 500;

    private static final String OPENED =
            "the generator's own count of connections that were established, the most at once";
    private static final String SENT = "headroom: every answer, from when its request was sent";
    private static final String DUE = "headroom: every answer, from when its request was due";

    LoadRecord record(@Nullable String cancelled) {
        List<Second> seconds = told.seconds();
        LoadRecord.Errors errors = errors();
        int asked = plan.connections() / plan.threads() * plan.threads();
        return new LoadRecord(
                LoadRecord.SCHEMA,
                generator(),
                plan,
                start(),
                end(),
                how(cancelled),
                new LoadRecord.Connections(asked, opened(), OPENED),
                figures == null
                        ? seconds.stream().mapToLong(Second::answers).sum()
                        : figures.answers(),
                figures == null
                        ? seconds.stream().mapToLong(Second::failed).sum()
                        : errors.connect() + errors.read() + errors.write() + errors.status(),
                figures == null ? Map.of() : figures.codes(),
                errors,
                figures == null ? 0 : figures.bytes(),
                figures == null
                        ? null
                        : Latencies.of(
                                figures.latency(), plan.mode() == Mode.CLOSED ? SENT : DUE, false),
                seconds.stream().map(Outcome::window).toList(),
                uses());
    }

    private LoadRecord.Generator generator() {
        return new LoadRecord.Generator(
                "headroom",
                ProgramVersion.text(),
                JavaCommand.shown(command),
                Math.min(plan.threads(), Runtime.getRuntime().availableProcessors()),
                watch.openFilesLimit(),
                said);
    }

    private long start() {
        Long start = told.start();
        return start == null ? begun : start;
    }

    private long end() {
        if (figures != null) {
            return figures.end();
        }
        return told.seconds().isEmpty() ? ended : told.seconds().getLast().at();
    }

    private @Nullable Integer opened() {
        if (figures != null) {
            return figures.mostOpen();
        }
        return told.seconds().stream().map(Second::open).max(Integer::compare).orElse(null);
    }

    private LoadRecord.Errors errors() {
        return figures == null
                ? new LoadRecord.Errors(
                        0, 0, 0, 0, told.seconds().stream().mapToLong(Second::late).sum())
                : new LoadRecord.Errors(
                        figures.connect(),
                        figures.read(),
                        figures.write(),
                        figures.status(),
                        figures.late());
    }

    private static LoadRecord.Window window(Second second) {
        return new LoadRecord.Window(
                second.at(),
                second.due(),
                second.answers(),
                second.failed(),
                second.late(),
                second.open(),
                Second.known(second.p50()),
                Second.known(second.p99()),
                Second.known(second.max()));
    }

    /** What was seen from outside while load was sent, with the lag of the second that it fell in. */
    private List<Use> uses() {
        List<Use> uses = new ArrayList<>();
        for (Use seen : watch.uses()) {
            if (seen.at() - HALF_A_LOOK_MILLIS > start()) {
                uses.add(new Use(seen.at(), seen.cpuCores(), lag(seen.at()), seen.openFiles()));
            }
        }
        return uses;
    }

    private @Nullable Double lag(long at) {
        for (Second second : told.seconds()) {
            if (second.at() >= at) {
                return Second.known(second.lagP99());
            }
        }
        return null;
    }

    private Ended how(@Nullable String cancelled) {
        if (cancelled != null) {
            String lost =
                    figures == null ? "; the generator had to be killed, or had not begun" : "";
            return new Ended(Ended.How.INTERRUPTED, cancelled + lost);
        }
        if (!onTime) {
            return new Ended(
                    Ended.How.FAILED,
                    "the load generator did not end when it should have, and was killed");
        }
        if (figures == null) {
            return new Ended(
                    Ended.How.FAILED,
                    exitCode > SIGNALLED
                            ? "the load generator was killed by signal " + (exitCode - SIGNALLED)
                            : "the load generator ended with code " + exitCode);
        }
        double seconds = (figures.end() - figures.start()) / 1e3;
        if (seconds < plan.durationSeconds() - 0.5) {
            return new Ended(
                    Ended.How.INTERRUPTED,
                    "the load generator was interrupted after %.1f s".formatted(seconds));
        }
        return new Ended(Ended.How.COMPLETED, null);
    }
}
