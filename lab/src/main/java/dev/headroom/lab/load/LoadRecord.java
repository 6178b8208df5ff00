package dev.headroom.lab.load;

import dev.headroom.lab.run.Plausible;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code 3-load.json}: what load was asked for, what was achieved, and what limited the generator.
 *
 * <p>Instants are milliseconds since the epoch on the lab's one clock; durations are in the unit their name says.
 *
 * @param schema version of this file's shape
 * @param start when the generator began to connect
 * @param end when it had ended
 * @param answers complete HTTP answers
 * @param failed answers with status 400 or above, and requests that got none (errors of all kinds but late answers)
 * @param statusCodes answers by status code where the generator knows them; wrk tells only how many were not 2xx or 3xx
 * @param windows one entry a second from {@code start}; empty where the generator cannot tell (wrk)
 * @param use the generator's own use of its machine, one entry a second
 */
public record LoadRecord(
        int schema,
        Generator generator,
        Plan plan,
        long start,
        long end,
        Ended ended,
        Connections connections,
        long answers,
        long failed,
        Map<String, Long> statusCodes,
        Errors errors,
        long bytes,
        @Nullable Latency latency,
        List<Window> windows,
        List<Use> use)
        implements Plausible {

    public static final int SCHEMA = 1;

    public LoadRecord {
        statusCodes = Map.copyOf(statusCodes);
        windows = List.copyOf(windows);
        use = List.copyOf(use);
    }

    @Override
    public @Nullable Impossible impossible() {
        return Plausibility.of(this);
    }

    /**
     * Who generated the load.
     *
     * @param name {@code wrk} or {@code headroom}
     * @param cpus CPUs it may use: the lesser of its threads and the host's CPUs available to it
     * @param openFilesLimit its limit on open files
     * @param says what the generator printed, bounded
     * @param where the pods that sent the load, in words; null where the machine did that the lab ran on
     */
    public record Generator(
            String name,
            String version,
            List<String> command,
            double cpus,
            long openFilesLimit,
            String says,
            @Nullable String where) {
        public Generator {
            command = List.copyOf(command);
        }

        /** One on the lab's own machine. */
        public Generator(
                String name,
                String version,
                List<String> command,
                double cpus,
                long openFilesLimit,
                String says) {
            this(name, version, command, cpus, openFilesLimit, says, null);
        }
    }

    /**
     * The load as the experiment asked for it.
     *
     * @param mode closed loop (each connection sends its next request when it has its answer), or a constant rate
     * @param ratePerSecond null in a closed loop
     * @param timeoutSeconds wrk's: an answer later than this counts as late
     * @param script the Lua script's file name; null where none is used
     */
    public record Plan(
            Mode mode,
            String url,
            int threads,
            int connections,
            @Nullable Double ratePerSecond,
            double durationSeconds,
            double timeoutSeconds,
            @Nullable String script) {}

    /** How requests are paced. */
    public enum Mode {
        CLOSED,
        CONSTANT_RATE
    }

    /**
     * How the load ended.
     *
     * @param how what ended it
     * @param cause one sentence; null where completed
     */
    public record Ended(How how, @Nullable String cause) {
        /** What ended a load. */
        public enum How {
            COMPLETED,
            INTERRUPTED,
            FAILED
        }
    }

    /**
     * Connections.
     *
     * @param asked how many should be open at once
     * @param opened the most that were established at once, as measured; null where it is not known
     * @param source how {@code opened} was measured
     */
    public record Connections(int asked, @Nullable Integer opened, String source) {}

    /**
     * Errors by kind, as wrk counts them.
     *
     * @param status answers with a status of 400 or above
     * @param timeout answers later than the time limit (late, not lost: they are among {@code answers})
     */
    public record Errors(long connect, long read, long write, long status, long timeout) {}

    /**
     * Latencies, in milliseconds.
     *
     * @param source whose measurement: every answer from when it was due (constant rate), every answer from when it was sent, or wrk's
     * @param counted answers that are in these figures
     * @param cutOff whether answers later than the time limit are missing from them (wrk): then they are of the in-time few
     * @param percentiles keys {@code p50}, {@code p75}, {@code p90}, {@code p95}, {@code p99}, {@code p99.9}
     * @param histogram an HdrHistogram in microseconds, compressed, Base64 (its own V2 encoding); null where the generator has none
     */
    public record Latency(
            String source,
            long counted,
            boolean cutOff,
            double min,
            double mean,
            double stdev,
            double max,
            Map<String, Double> percentiles,
            @Nullable String histogram) {
        public Latency {
            percentiles = Map.copyOf(percentiles);
        }
    }

    /**
     * One second of load.
     *
     * @param at its end
     * @param due requests that were due (constant rate); equals those sent in a closed loop
     * @param late answers past the time limit
     * @param p50 milliseconds; null without answers; of several pods the highest, as p99
     */
    public record Window(
            long at,
            long due,
            long answers,
            long failed,
            long late,
            int open,
            @Nullable Double p50,
            @Nullable Double p99,
            @Nullable Double max) {}

    /**
     * One second of the generator itself.
     *
     * @param at its end
     * @param cpuCores cores it used, mean over the second; of several pods the sum
     * @param lagP99Millis how late its loop was, p99; null where it cannot tell (wrk); of several pods the highest
     * @param openFiles null where it is not known; of several pods the sum
     * @param busiest of several pods the highest part of its own CPUs that one used; null where there is one generator
     */
    public record Use(
            long at,
            double cpuCores,
            @Nullable Double lagP99Millis,
            @Nullable Integer openFiles,
            @Nullable Double busiest) {

        /** Of one generator. */
        public Use(
                long at,
                double cpuCores,
                @Nullable Double lagP99Millis,
                @Nullable Integer openFiles) {
            this(at, cpuCores, lagP99Millis, openFiles, null);
        }

        /**
         * The part of its CPUs that it used: of the one that was busiest, where there are several.
         *
         * @param cpus those of all
         */
        public double part(double cpus) {
            return busiest == null ? cpuCores / cpus : busiest;
        }
    }
}
