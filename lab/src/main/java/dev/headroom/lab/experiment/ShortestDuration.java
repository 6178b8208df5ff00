package dev.headroom.lab.experiment;

import java.time.Duration;

/**
 * How long a load has to be before a scale-out can be seen in it.
 *
 * @param metricsWindow the metrics server's
 * @param syncPeriod the autoscaler's
 * @param podStart from a pod's creation to its readiness
 * @param phase a stretch that can be judged: its settling and its least windows
 */
public record ShortestDuration(
        Duration metricsWindow, Duration syncPeriod, Duration podStart, Duration phase) {

    /** Five seconds left out and ten windows, as docs/verdicts.md defines a phase. */
    public static final Duration PHASE = Duration.ofSeconds(15);

    /** One window, one period, one start, and a phase before and after; in whole seconds, upwards. */
    public Duration total() {
        Duration sum = metricsWindow.plus(syncPeriod).plus(podStart).plus(phase.multipliedBy(2));
        return Duration.ofSeconds((sum.toMillis() + 999) / 1000);
    }

    /** The sum as people can check it. */
    public String words() {
        return Units.text(total())
                + " (metrics window "
                + Units.text(metricsWindow)
                + " + sync period "
                + Units.text(syncPeriod)
                + " + start of a pod "
                + Units.text(podStart)
                + " + two phases of "
                + Units.text(phase)
                + ")";
    }
}
