package dev.headroom.lab.verdict;

import java.util.List;

/** The numbers that the rules use; all of them stand in {@code 5-verdict.json}. */
final class Constants {
    /** What a phase needs to settle: left out of its figures. */
    static final long SETTLING_MILLIS = 5000;

    /** Windows (seconds) that a phase needs to decide anything. */
    static final int LEAST_WINDOWS = 10;

    /**
     * Windows that are enough to know what saturated pods can do before the first scale-out: an autoscaler whose period begins right after the load
     * decides 5 to 15 s into it, and saturated pods give the same figure in every second.
     */
    static final int LEAST_WINDOWS_SATURATED = 3;

    /** A phase that decides: its settling and its least windows. */
    static final long PHASE_MILLIS = SETTLING_MILLIS + LEAST_WINDOWS * 1000L;

    static final double SATURATED_CPU = 0.95;
    static final double SATURATED_THROTTLED = 0.20;

    /** Median and mean of a phase's windows so many times apart: its answers come in bursts. */
    static final double BURSTS = 2;

    /** A gain of so many times what the pods make is said to be of something else too. */
    static final double BEYOND_THE_PODS = 1.25;

    /** Part of the ideal gain that is enough. */
    static final double ENOUGH_GAIN = 0.5;

    /** Part of its fair share that a new pod must get. */
    static final double ENOUGH_SHARE = 0.5;

    /** Windows outside a threshold that are harm. */
    static final int HARM_WINDOWS = 3;

    /** Passes of the autoscaler that must agree. */
    static final int PASSES = 2;

    /** Passes that were due and did not come, after which the autoscaler's controller is said to be silent. */
    static final int PASSES_TO_BE_SILENT = 3;

    /** How long pods may be missing. */
    static final long MISSING_MILLIS = 30_000;

    /** How long the observer, which writes every second, may write nothing: a whole pass of the autoscaler fits into more. */
    static final long UNOBSERVED_MILLIS = 15_000;

    static final double GENERATOR_CPU = 0.90;
    static final double GENERATOR_WINDOWS = 0.20;
    static final double GENERATOR_LAG_MILLIS = 10;
    static final double RATE_MISSED = 0.02;

    /** Part of the connections asked for that may be missing from what was counted once a second. */
    static final double CONNECTIONS_MISSED = 0.01;

    static final double LITTLE = 0.10;

    /** Differences of latency below this are those of clocks and wake-ups, whatever part of it they are. */
    static final double LITTLE_FLOOR_MILLIS = 10;

    /** Part of the answers by which two counts may differ, besides what was in flight. */
    static final double COUNTS = 0.01;

    static final double HOST_FULL = 0.95;

    /** Part of the time a pod wants to run that it waits for a CPU. */
    static final double WAITING = 0.20;

    /** Part of all time that it has to wait, so that a pod with next to nothing to do is none that waits. */
    static final double LEAST_WAITING = 0.05;

    /** Connections opened in a phase, to those open: fewer than this, and they stay with the pods they were opened to. */
    static final double PINNED = 0.5;

    private Constants() {}

    static List<VerdictRecord.Constant> all(Place place) {
        return List.of(
                constant("settling of a phase", Text.seconds(SETTLING_MILLIS / 1e3)),
                constant("least windows of a phase", Text.number(LEAST_WINDOWS)),
                constant(
                        "least windows of a saturated phase before the first scale-out",
                        Text.number(LEAST_WINDOWS_SATURATED)),
                constant("saturated by CPU", Text.percent(SATURATED_CPU) + " of the limit"),
                constant(
                        "saturated by throttling",
                        Text.percent(SATURATED_THROTTLED) + " of periods"),
                constant("enough gain", Text.number(ENOUGH_GAIN) + " of the ideal"),
                constant(
                        "answers in bursts",
                        "median and mean apart by a factor over " + Text.number(BURSTS)),
                constant(
                        "gain not of the pods alone",
                        "over " + Text.number(BEYOND_THE_PODS) + " times their growth"),
                constant("enough share", Text.number(ENOUGH_SHARE) + " of the fair one"),
                constant("harm", HARM_WINDOWS + " windows"),
                constant("passes that must agree", Text.number(PASSES)),
                constant(
                        "passes due and not seen of a silent autoscaler",
                        Text.number(PASSES_TO_BE_SILENT)),
                constant("pods missing", Text.seconds(MISSING_MILLIS / 1e3)),
                constant("not observed", "over " + Text.seconds(UNOBSERVED_MILLIS / 1e3)),
                constant(
                        "generator full",
                        Text.percent(GENERATOR_CPU)
                                + " of its CPU in "
                                + Text.percent(GENERATOR_WINDOWS)
                                + " of windows"),
                constant("generator late", "p99 over " + Text.millis(GENERATOR_LAG_MILLIS)),
                constant("rate missed", Text.percent(RATE_MISSED)),
                constant("connections missed", Text.percent(CONNECTIONS_MISSED)),
                constant(
                        "Little's law",
                        Text.percent(LITTLE) + " and " + Text.millis(LITTLE_FLOOR_MILLIS)),
                constant("counts differ", Text.percent(COUNTS) + " besides what was in flight"),
                constant("host full", Text.percent(HOST_FULL)),
                constant(
                        "pod waits for a CPU",
                        Text.percent(WAITING)
                                + " of the time it would run, and "
                                + Text.percent(LEAST_WAITING)
                                + " of all time"),
                constant(
                        "connections pinned",
                        "fewer than " + Text.number(PINNED) + " opened for each that is open"),
                constant("sync period", Text.seconds(place.syncSeconds())),
                constant("metrics window", Text.seconds(place.metricsWindowSeconds())),
                constant("tolerance", Text.number(place.tolerance())),
                constant(
                        "CPU initialization period",
                        Text.seconds(place.cpuInitializationSeconds())));
    }

    private static VerdictRecord.Constant constant(String name, String value) {
        return new VerdictRecord.Constant(name, value);
    }
}
