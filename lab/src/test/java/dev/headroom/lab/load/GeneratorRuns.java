package dev.headroom.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.LoadRecord.Latency;
import dev.headroom.lab.load.LoadRecord.Mode;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.builtin.BuiltInGenerator;
import dev.headroom.lab.run.LabClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Runs of the built-in generator, in processes of its own as always.
 *
 * @param folder for scripts
 * @param moments what it said on the way
 */
record GeneratorRuns(Path folder, List<LoadProgress.Moment> moments) {
    GeneratorRuns(Path folder) {
        this(folder, new ArrayList<>());
    }

    static Plan plan(String url, int threads, int connections, double seconds) {
        return new Plan(Mode.CLOSED, url, threads, connections, null, seconds, 2, null);
    }

    static Plan rate(String url, double perSecond, int connections, double seconds) {
        return new Plan(Mode.CONSTANT_RATE, url, 1, connections, perSecond, seconds, 2, null);
    }

    LoadRecord run(Plan plan, @Nullable String script) throws Exception {
        return run(plan, script, new Cancellation());
    }

    LoadRecord run(Plan plan, @Nullable String script, Cancellation cancellation) throws Exception {
        Path file =
                script == null
                        ? null
                        : Files.writeString(folder.resolve("it's a script.lua"), script);
        return new BuiltInGenerator(LabClock.system()).run(plan, file, moments::add, cancellation);
    }

    static Latency latency(LoadRecord record) {
        assertThat(record.latency()).isNotNull();
        return record.latency();
    }

    static Histogram histogram(LoadRecord record) throws Exception {
        return WrkGeneratorTest.histogram(latency(record));
    }
}
