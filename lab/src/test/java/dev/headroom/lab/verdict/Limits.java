package dev.headroom.lab.verdict;

import dev.headroom.lab.experiment.Threshold;
import dev.headroom.lab.experiment.Threshold.Aggregation;
import dev.headroom.lab.experiment.Threshold.Metric;
import dev.headroom.lab.experiment.Threshold.Operator;

/** Thresholds, as experiments have them. */
final class Limits {
    private Limits() {}

    static Threshold failedBelow(double rate) {
        return new Threshold(
                Metric.HTTP_REQ_FAILED, Aggregation.RATE, Double.NaN, Operator.LESS, rate);
    }

    static Threshold percentileBelow(double percentile, double millis) {
        return new Threshold(
                Metric.HTTP_REQ_DURATION,
                Aggregation.PERCENTILE,
                percentile,
                Operator.LESS,
                millis);
    }

    static Threshold duration(Aggregation aggregation, Operator operator, double millis) {
        return new Threshold(Metric.HTTP_REQ_DURATION, aggregation, Double.NaN, operator, millis);
    }

    static Threshold requests(Aggregation aggregation, Operator operator, double value) {
        return new Threshold(Metric.HTTP_REQS, aggregation, Double.NaN, operator, value);
    }

    static Threshold replicas(Operator operator, double value) {
        return new Threshold(Metric.REPLICAS, Aggregation.MAX, Double.NaN, operator, value);
    }
}
