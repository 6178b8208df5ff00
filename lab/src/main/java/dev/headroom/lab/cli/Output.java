package dev.headroom.lab.cli;

/** A form of a run's result for machines, beside the page. The first two are always written. */
enum Output {
    JUNIT,
    MARKDOWN,
    JSON,
    PROMETHEUS,
    OTLP
}
