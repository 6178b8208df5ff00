package dev.headroom.lab.load.wrk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the wrapper script wrote at wrk's end.
 *
 * @param named wrk's figures by name: microseconds, bytes, counts
 * @param counts wrk's latencies: how often each microsecond; empty where they could not be had
 */
record Figures(Map<String, Double> named, NavigableMap<Long, Long> counts) {

    /** Null where wrk did not come to its end. */
    static @Nullable Figures read(Path file) throws IOException {
        Map<String, Double> named = new HashMap<>();
        NavigableMap<Long, Long> counts = new TreeMap<>();
        try (Stream<String> lines = Files.lines(file)) {
            lines.forEach(line -> take(line, named, counts));
        } catch (NoSuchFileException never) {
            return null;
        }
        return named.containsKey("end") ? new Figures(named, counts) : null;
    }

    private static void take(
            String line, Map<String, Double> named, NavigableMap<Long, Long> counts) {
        String[] parts = line.split(" ");
        if (parts[0].equals("count")) {
            counts.put(Long.valueOf(parts[1]), Long.valueOf(parts[2]));
        } else {
            named.put(parts[0], Double.valueOf(parts[1]));
        }
    }

    boolean has(String name) {
        return named.containsKey(name);
    }

    double number(String name) {
        Double found = named.get(name);
        if (found == null) {
            throw new IllegalStateException("wrk's figures have no " + name);
        }
        return found;
    }

    long count(String name) {
        return Math.round(number(name));
    }
}
