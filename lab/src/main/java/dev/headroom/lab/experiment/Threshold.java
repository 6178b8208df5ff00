package dev.headroom.lab.experiment;

import java.util.List;

/**
 * A condition on one metric over the whole load, in k6's notation: {@code http_req_duration: ['p(99)<500']}.
 *
 * @param percentile of {@link Aggregation#PERCENTILE}, 0 to 100; else NaN
 * @param value in the metric's unit: milliseconds, a share (0 to 1), requests, requests per second, replicas
 */
public record Threshold(
        Metric metric,
        Aggregation aggregation,
        double percentile,
        Operator operator,
        double value) {

    /** The metrics a threshold may name; those of HTTP have k6's names. */
    public enum Metric {
        HTTP_REQ_DURATION(
                "http_req_duration",
                "latency of answers, milliseconds",
                Aggregation.AVG,
                Aggregation.MIN,
                Aggregation.MED,
                Aggregation.MAX,
                Aggregation.PERCENTILE),
        HTTP_REQ_FAILED(
                "http_req_failed", "share of requests that failed, 0 to 1", Aggregation.RATE),
        HTTP_REQS(
                "http_reqs",
                "answers: their count, or their rate per second",
                Aggregation.COUNT,
                Aggregation.RATE),
        REPLICAS("replicas", "ready replicas of the target", Aggregation.MAX);

        private final String word;
        private final String meaning;
        private final List<Aggregation> aggregations;

        Metric(String word, String meaning, Aggregation... aggregations) {
            this.word = word;
            this.meaning = meaning;
            this.aggregations = List.of(aggregations);
        }

        public String word() {
            return word;
        }

        public String meaning() {
            return meaning;
        }

        public List<Aggregation> aggregations() {
            return aggregations;
        }
    }

    /** How a metric's values become one. */
    public enum Aggregation {
        AVG("avg"),
        MIN("min"),
        MED("med"),
        MAX("max"),
        PERCENTILE("p(N)"),
        COUNT("count"),
        RATE("rate");

        private final String word;

        Aggregation(String word) {
            this.word = word;
        }

        /** As it is written, with {@code N} for a percentile's number. */
        public String word() {
            return word;
        }
    }

    /** How the aggregated value is compared. */
    public enum Operator {
        LESS("<"),
        AT_MOST("<="),
        MORE(">"),
        AT_LEAST(">="),
        EQUAL("=="),
        UNEQUAL("!=");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }

        public boolean holds(double actual, double value) {
            return switch (this) {
                case LESS -> actual < value;
                case AT_MOST -> actual <= value;
                case MORE -> actual > value;
                case AT_LEAST -> actual >= value;
                case EQUAL -> actual == value;
                case UNEQUAL -> actual != value;
            };
        }
    }

    /** The aggregation as it is written: {@code p(99)}, {@code rate}. */
    public String aggregationWord() {
        return aggregation == Aggregation.PERCENTILE
                ? "p(" + Numbers.plain(percentile) + ")"
                : aggregation.word();
    }

    /** As k6 writes it, without the metric: {@code p(99)<500}. */
    public String expression() {
        return aggregationWord() + operator.sign() + Numbers.plain(value);
    }
}
