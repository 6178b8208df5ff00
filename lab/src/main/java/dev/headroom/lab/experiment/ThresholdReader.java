package dev.headroom.lab.experiment;

import dev.headroom.lab.experiment.Threshold.Aggregation;
import dev.headroom.lab.experiment.Threshold.Metric;
import dev.headroom.lab.experiment.Threshold.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads k6's threshold notation: an aggregation, an operator and a number. */
public final class ThresholdReader {
    private static final Pattern NOTATION =
            Pattern.compile(
                    "\\s*([a-z]+|p\\(\\s*(\\d{1,3}(?:\\.\\d{1,6})?)\\s*\\))\\s*(<=|>=|<|>|={2,3}|!={1,2})\\s*(-?\\d{1,15}(?:\\.\\d{1,9})?)\\s*");

    private ThresholdReader() {}

    /** Thrown in words that follow a key and a colon. */
    static final class WrongThreshold extends Exception {
        private static final long serialVersionUID = 1L;

        private final String words;

        WrongThreshold(String words) {
            super(words);
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    static Threshold read(Metric metric, String text) throws WrongThreshold {
        Matcher matcher = NOTATION.matcher(text);
        if (!matcher.matches()) {
            throw new WrongThreshold("found \"" + text + "\"; it takes " + accepted(metric));
        }
        double percentile =
                matcher.group(2) == null ? Double.NaN : Double.parseDouble(matcher.group(2));
        String word = matcher.group(2) == null ? matcher.group(1) : Aggregation.PERCENTILE.word();
        Optional<Aggregation> aggregation =
                metric.aggregations().stream().filter(a -> a.word().equals(word)).findFirst();
        if (aggregation.isEmpty()) {
            throw new WrongThreshold(
                    "found \""
                            + text
                            + "\", but "
                            + metric.word()
                            + " has no \""
                            + matcher.group(1)
                            + "\""
                            + Nearest.hint(word, words(metric))
                            + "; it takes "
                            + accepted(metric));
        }
        double value = Double.parseDouble(matcher.group(4));
        if (percentile > 100 || !Double.isNaN(percentile) && percentile <= 0) {
            throw new WrongThreshold(
                    "found \"" + text + "\"; a percentile is more than 0 and at most 100");
        }
        if (metric == Metric.HTTP_REQ_FAILED && (value < 0 || value > 1)) {
            throw new WrongThreshold(
                    "found \""
                            + text
                            + "\"; the share of failed requests is from 0 to 1, so 1 % is 0.01");
        }
        return new Threshold(
                metric, aggregation.get(), percentile, operator(matcher.group(3)), value);
    }

    private static Operator operator(String sign) {
        String normal = sign.equals("===") ? "==" : sign.equals("!==") ? "!=" : sign;
        return Arrays.stream(Operator.values())
                .filter(o -> o.sign().equals(normal))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> words(Metric metric) {
        return metric.aggregations().stream().map(Aggregation::word).toList();
    }

    private static String accepted(Metric metric) {
        return "one of "
                + words(metric).stream().collect(Collectors.joining(", "))
                + ", then one of < <= > >= == !=, then a number without unit ("
                + metric.meaning()
                + "), such as '"
                + example(metric)
                + "'";
    }

    static String example(Metric metric) {
        return switch (metric) {
            case HTTP_REQ_DURATION -> "p(99)<500";
            case HTTP_REQ_FAILED -> "rate<0.001";
            case HTTP_REQS -> "rate>100";
            case REPLICAS -> "max<=3";
        };
    }
}
