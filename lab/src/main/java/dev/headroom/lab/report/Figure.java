package dev.headroom.lab.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A number of a run for machines, under one name and unit wherever it is written.
 *
 * @param name as Prometheus writes it, the base unit at its end: {@code headroom_load_latency_seconds}
 * @param unit as UCUM writes it: {@code s}, {@code 1}, {@code {answer}/s}
 * @param labels what tells it from others of its name, in this order
 */
record Figure(String name, String unit, String help, Map<String, String> labels, double value) {
    Figure {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
}
