package dev.headroom.lab.load.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the generator's process is to do, as its command line says it, in wrk's letters where wrk has one.
 *
 * @param ratePerSecond 0 in a closed loop
 * @param folder where it writes what it measured
 * @param startNanos when it is to begin, as {@link System#nanoTime} counts on this machine; 0 for at once
 * @param wallNanos what the lab's clock is ahead of {@link System#nanoTime}, so that both programs have one clock
 */
public record Job(
        String url,
        int threads,
        int connections,
        double ratePerSecond,
        double durationSeconds,
        double timeoutSeconds,
        @Nullable String script,
        Path folder,
        long startNanos,
        long wallNanos) {

    /** The arguments that give this job again. */
    public List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-t" + threads,
                                "-c" + connections,
                                "-d" + durationSeconds + "s",
                                "--timeout=" + timeoutSeconds + "s",
                                "--clock=" + wallNanos,
                                "--into=" + folder));
        if (ratePerSecond > 0) {
            arguments.add("--rate=" + ratePerSecond);
        }
        if (startNanos != 0) {
            arguments.add("--start=" + startNanos);
        }
        if (script != null) {
            arguments.add("--script=" + script);
        }
        arguments.add(url);
        return arguments;
    }

    /** Of what {@link #arguments} gave. */
    static Job parse(String... arguments) {
        Map<String, String> options = new HashMap<>();
        for (String argument : arguments) {
            if (argument.startsWith("--")) {
                int equals = argument.indexOf('=');
                options.put(argument.substring(2, equals), argument.substring(equals + 1));
            } else if (argument.startsWith("-")) {
                options.put(argument.substring(1, 2), argument.substring(2));
            } else {
                options.put("url", argument);
            }
        }
        return new Job(
                required(options, "url"),
                Integer.parseInt(required(options, "t")),
                Integer.parseInt(required(options, "c")),
                Double.parseDouble(options.getOrDefault("rate", "0")),
                seconds(required(options, "d")),
                seconds(required(options, "timeout")),
                options.get("script"),
                Path.of(required(options, "into")),
                Long.parseLong(options.getOrDefault("start", "0")),
                Long.parseLong(required(options, "clock")));
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the load generator was started without " + name);
        }
        return value;
    }

    private static double seconds(String text) {
        return Double.parseDouble(text.substring(0, text.length() - 1));
    }

    /** As wrk does: every thread gets the same number, and no others are opened. */
    int connectionsPerThread() {
        return connections / threads;
    }

    boolean isRate() {
        return ratePerSecond > 0;
    }

    long durationNanos() {
        return Math.round(durationSeconds * 1e9);
    }

    long timeoutMicros() {
        return Math.round(timeoutSeconds * 1e6);
    }

    /** Milliseconds since the epoch on the lab's clock. */
    long wallMillis(long nanoTime) {
        return (nanoTime + wallNanos) / 1_000_000;
    }
}
