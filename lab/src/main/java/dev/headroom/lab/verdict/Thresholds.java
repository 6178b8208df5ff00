package dev.headroom.lab.verdict;

import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.Threshold;
import dev.headroom.lab.experiment.Threshold.Aggregation;
import dev.headroom.lab.experiment.Threshold.Metric;
import dev.headroom.lab.experiment.Threshold.Operator;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.Sample;
import dev.headroom.lab.verdict.Latencies.Value;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The experiment's thresholds: over the whole load, and in single windows. */
final class Thresholds {
    private Thresholds() {}

    static List<Expectation> judge(
            Experiment experiment, LoadRecord load, Timeline timeline, Latencies latencies) {
        return experiment.expect().thresholds().stream()
                .map(t -> judge(t, load, timeline, latencies))
                .toList();
    }

    private static Expectation judge(
            Threshold threshold, LoadRecord load, Timeline timeline, Latencies latencies) {
        double seconds = (load.end() - load.start()) / 1e3;
        return switch (threshold.metric()) {
            case HTTP_REQ_FAILED -> {
                Double share = failedShare(load);
                yield exact(threshold, share, share == null ? null : Text.percent(share));
            }
            case HTTP_REQS -> {
                boolean count = threshold.aggregation() == Aggregation.COUNT;
                Double value =
                        count
                                ? Double.valueOf(load.answers())
                                : seconds <= 0 ? null : Double.valueOf(load.answers() / seconds);
                yield exact(
                        threshold,
                        value,
                        value == null ? null : count ? Text.number(value) : Text.rate(value));
            }
            case REPLICAS -> {
                Double most = replicas(load, timeline);
                yield exact(threshold, most, most == null ? null : Text.number(most));
            }
            case HTTP_REQ_DURATION -> duration(threshold, latencies);
        };
    }

    /** Requests that failed, of all that were answered or lost; null without any. */
    static @Nullable Double failedShare(LoadRecord load) {
        double lost = load.errors().connect() + load.errors().read() + load.errors().write();
        double requests = load.answers() + lost;
        return requests <= 0 ? null : Double.valueOf(Math.min(1, load.failed() / requests));
    }

    private static @Nullable Double replicas(LoadRecord load, Timeline timeline) {
        Double most = null;
        for (Sample sample : timeline.samples(load.start(), load.end())) {
            double ready = sample.replicas().ready();
            most = most == null ? ready : Math.max(most, ready);
        }
        return most;
    }

    private static Expectation duration(Threshold threshold, Latencies latencies) {
        Value value =
                switch (threshold.aggregation()) {
                    case AVG -> latencies.mean();
                    case MIN -> latencies.min();
                    case MED -> latencies.percentile(50);
                    case MAX -> latencies.max();
                    case PERCENTILE -> latencies.percentile(threshold.percentile());
                    case COUNT, RATE -> null;
                };
        Boolean met = value == null ? null : met(threshold, value);
        return new Expectation(
                threshold.metric().word(),
                threshold.expression(),
                value == null ? null : value.words(),
                met,
                latencies.note());
    }

    /** A lower bound decides only where it is already on one side. */
    private static @Nullable Boolean met(Threshold threshold, Value value) {
        if (!value.atLeast()) {
            return threshold.operator().holds(value.millis(), threshold.value());
        }
        boolean beyond = value.millis() >= threshold.value();
        return switch (threshold.operator()) {
            case LESS, AT_MOST, EQUAL -> beyond ? Boolean.FALSE : null;
            case MORE, AT_LEAST, UNEQUAL -> beyond ? Boolean.TRUE : null;
        };
    }

    private static Expectation exact(
            Threshold threshold, @Nullable Double value, @Nullable String words) {
        return new Expectation(
                threshold.metric().word(),
                threshold.expression(),
                words,
                value == null
                        ? null
                        : Boolean.valueOf(threshold.operator().holds(value, threshold.value())),
                null);
    }

    /** Whether one window keeps an upper threshold; null where the window does not tell, or one window can't. */
    static @Nullable Boolean holdsIn(Window window, Threshold threshold) {
        if (!isOfWindows(threshold)) {
            return null;
        }
        Double value =
                switch (threshold.metric()) {
                    case HTTP_REQ_FAILED -> window.failedShare();
                    case HTTP_REQ_DURATION -> duration(window, threshold);
                    case HTTP_REQS, REPLICAS -> null;
                };
        return value == null
                ? null
                : Boolean.valueOf(threshold.operator().holds(value, threshold.value()));
    }

    private static @Nullable Double duration(Window window, Threshold threshold) {
        return switch (threshold.aggregation()) {
            case AVG -> window.mean();
            case MED -> window.p50();
            case MAX -> window.max();
            case PERCENTILE ->
                    threshold.percentile() == 50
                            ? window.p50()
                            : threshold.percentile() == 90
                                    ? window.p90()
                                    : threshold.percentile() == 99 ? window.p99() : null;
            case MIN, COUNT, RATE -> null;
        };
    }

    /** Whether one window can be held to it. */
    static boolean isOfWindows(Threshold threshold) {
        boolean upper =
                threshold.operator() == Operator.LESS || threshold.operator() == Operator.AT_MOST;
        return upper
                && switch (threshold.metric()) {
                    case HTTP_REQ_FAILED -> true;
                    case HTTP_REQS, REPLICAS -> false;
                    case HTTP_REQ_DURATION ->
                            switch (threshold.aggregation()) {
                                case AVG, MED, MAX -> true;
                                case PERCENTILE ->
                                        threshold.percentile() == 50
                                                || threshold.percentile() == 90
                                                || threshold.percentile() == 99;
                                case MIN, COUNT, RATE -> false;
                            };
                };
    }

    static boolean isLatency(Threshold threshold) {
        return threshold.metric() == Metric.HTTP_REQ_DURATION;
    }
}
