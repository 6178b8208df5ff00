package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.experiment.Threshold;
import dev.headroom.lab.experiment.Threshold.Aggregation;
import dev.headroom.lab.experiment.Threshold.Operator;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Thresholds over the whole load and in single windows, and the latencies that they are held against. */
class ThresholdsTest {
    private static Expectation judged(Recording run, Threshold threshold) {
        return run.thresholds(threshold).run().thresholds().getFirst();
    }

    private static @Nullable String found(Recording run, Threshold threshold) {
        return judged(run, threshold).found();
    }

    private static Recording exact() {
        Recording run = Worlds.full(1);
        ObjectNode latency = Recording.object(run.load(), "latency");
        latency.remove("histogram");
        latency.put("min", 1.5).put("mean", 25).put("max", 900);
        Recording.object(latency, "percentiles").put("p50", 20).put("p90", 60).put("p99", 300);
        run.load().put("answers", 44_180);
        return run;
    }

    @Test
    void latenciesByTheGenerator() {
        assertThat(found(exact(), Limits.duration(Aggregation.AVG, Operator.LESS, 30)))
                .isEqualTo("25 ms");
        assertThat(found(exact(), Limits.duration(Aggregation.MIN, Operator.LESS, 30)))
                .isEqualTo("1.5 ms");
        assertThat(found(exact(), Limits.duration(Aggregation.MED, Operator.LESS, 30)))
                .isEqualTo("20 ms");
        assertThat(found(exact(), Limits.duration(Aggregation.MAX, Operator.LESS, 30)))
                .isEqualTo("900 ms");
        assertThat(found(exact(), Limits.percentileBelow(99, 30))).isEqualTo("300 ms");
        assertThat(found(exact(), Limits.percentileBelow(100, 30))).isEqualTo("900 ms");
        assertThat(judged(exact(), Limits.percentileBelow(97, 30)))
                .isEqualTo(new Expectation("http_req_duration", "p(97)<30", null, null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "LESS, 25.1, true", "LESS, 25, false", "AT_MOST, 25, true", "AT_MOST, 24.9, false",
        "MORE, 24.9, true", "MORE, 25, false", "AT_LEAST, 25, true", "AT_LEAST, 25.1, false"
    })
    void operators(Operator operator, double value, boolean met) {
        assertThat(judged(exact(), Limits.duration(Aggregation.AVG, operator, value)).met())
                .isEqualTo(met);
    }

    @Test
    void percentilesBetweenThoseThatAreWrittenByTheHistogram() {
        Histogram histogram = new Histogram(3);
        for (int i = 1; i <= 1000; i++) {
            histogram.recordValue(i * 1000L);
        }
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        byte[] bytes = new byte[length];
        buffer.rewind().get(bytes);
        Recording run = exact();
        Recording.object(run.load(), "latency")
                .put("histogram", Base64.getEncoder().encodeToString(bytes));
        assertThat(found(run, Limits.percentileBelow(97, 30))).isEqualTo("970 ms");
        Recording.object(run.load(), "latency").put("histogram", "AAAA");
        assertThat(found(run, Limits.percentileBelow(97, 30))).isNull();
        assertThat(found(run, Limits.percentileBelow(99, 30))).isEqualTo("300 ms");
    }

    @Test
    void requestsThatFailed() {
        Recording run = exact();
        run.load().put("answers", 900).put("failed", 45);
        assertThat(found(run, Limits.failedBelow(0.1))).isEqualTo("5 %");
        Recording.object(run.load(), "errors").put("connect", 50).put("read", 30).put("write", 20);
        run.load().put("failed", 145);
        assertThat(found(run, Limits.failedBelow(0.1))).isEqualTo("14.5 %");
        assertThat(judged(run, Limits.failedBelow(0.1)).met()).isFalse();
        assertThat(judged(run, Limits.failedBelow(0.15)).met()).isTrue();
        run.load().put("failed", 5000);
        assertThat(found(run, Limits.failedBelow(0.1))).isEqualTo("100 %");
        run.load().put("answers", 0).put("failed", 0);
        Recording.object(run.load(), "errors").put("connect", 0).put("read", 0).put("write", 0);
        assertThat(judged(run, Limits.failedBelow(0.1)).met()).isNull();
    }

    @Test
    void requestsAndTheirRate() {
        Recording run = exact();
        run.load().put("end", run.at(100)).put("answers", 40_000);
        assertThat(found(run, Limits.requests(Aggregation.COUNT, Operator.MORE, 1)))
                .isEqualTo("40,000");
        assertThat(found(run, Limits.requests(Aggregation.RATE, Operator.MORE, 1)))
                .isEqualTo("400/s");
        assertThat(judged(run, Limits.requests(Aggregation.RATE, Operator.MORE, 400)).met())
                .isFalse();
        run.load().put("end", run.start());
        assertThat(judged(run, Limits.requests(Aggregation.RATE, Operator.MORE, 400)).met())
                .isNull();
    }

    @Test
    void replicasThatWereReady() {
        assertThat(found(Worlds.scaled(), Limits.replicas(Operator.AT_MOST, 3))).isEqualTo("3");
        assertThat(judged(Worlds.scaled(), Limits.replicas(Operator.AT_MOST, 2)).met()).isFalse();
        Recording none = Worlds.scaled().remove(Recording.ofKind("sample"));
        assertThat(judged(none, Limits.replicas(Operator.AT_MOST, 2)).met()).isNull();
    }

    /** 4 % of the answers came after wrk's 2 s. */
    private static Recording cutOff(boolean balancer) {
        Recording run = exact();
        Recording.object(run.load(), "latency").put("counted", 42_400);
        Recording.object(run.load(), "errors").put("timeout", 1780);
        if (!balancer) {
            return run.remove(Recording.ofKind("latency"));
        }
        return run.each(
                Recording.ofKind("latency"),
                (at, line) -> {
                    line.put("count", 1000).put("mean", 450);
                    doubles(line.putArray("bounds"), 100, 1000, 10_000);
                    longs(line.putArray("counts"), 500, 400, 100, 0);
                });
    }

    private static void doubles(ArrayNode array, double... values) {
        for (double value : values) {
            array.add(value);
        }
    }

    private static void longs(ArrayNode array, long... values) {
        for (long value : values) {
            array.add(value);
        }
    }

    @Test
    void whereWrkLeavesLateAnswersOutTheBalancerTells() {
        Recording run = cutOff(true);
        assertThat(found(run, Limits.percentileBelow(50, 30))).isEqualTo("100 ms");
        assertThat(found(run, Limits.percentileBelow(25, 30))).isEqualTo("50 ms");
        assertThat(found(run, Limits.percentileBelow(70, 30))).isEqualTo("550 ms");
        assertThat(found(run, Limits.percentileBelow(90, 30))).isEqualTo("1 s");
        assertThat(found(run, Limits.percentileBelow(95, 30))).isEqualTo("5.5 s");
        assertThat(judged(run, Limits.percentileBelow(95, 30)).note())
                .isEqualTo(
                        "by the balancer and N/X, since 1,780 of 44,180 answers were later than 2 s and wrk leaves them out");
        // The fastest answer was in time.
        assertThat(found(run, Limits.duration(Aggregation.MIN, Operator.LESS, 30)))
                .isEqualTo("1.5 ms");
    }

    @Test
    void beyondTheLastBoundOnlyThatBoundIsKnown() {
        Recording run = cutOff(true);
        run.each(
                Recording.ofKind("latency"),
                (at, line) -> longs(line.putArray("counts"), 500, 400, 0, 100));
        assertThat(judged(run, Limits.percentileBelow(95, 9000)))
                .satisfies(e -> {
                    assertThat(e.found()).isEqualTo("more than 10 s");
                    assertThat(e.met()).isFalse();
                });
        assertThat(judged(run, Limits.percentileBelow(95, 20_000)).met()).isNull();
    }

    /** 1,000 connections and 44,180 answers in 110.452 s. */
    @Test
    void withoutABalancerTheMeanIsByLittlesLaw() {
        Recording run = cutOff(false);
        assertThat(found(run, Limits.duration(Aggregation.AVG, Operator.LESS, 30)))
                .isEqualTo("2.5 s");
        assertThat(judged(run, Limits.duration(Aggregation.AVG, Operator.LESS, 30)).note())
                .startsWith("by N/X, since 1,780");
    }

    @Test
    void withoutABalancerAPercentileIsBelowOrBeyondTheTimeLimit() {
        Recording run = cutOff(false);
        assertThat(found(run, Limits.percentileBelow(95, 30))).isNull();
        assertThat(found(run, Limits.percentileBelow(97, 30))).isEqualTo("more than 2 s");
        assertThat(judged(run, Limits.percentileBelow(97, 2000)).met()).isFalse();
        assertThat(judged(run, Limits.percentileBelow(97, 2001)).met()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "LESS, 1000, false",
        "AT_MOST, 1000, false",
        "EQUAL, 1000, false",
        "MORE, 1000, true",
        "AT_LEAST, 1000, true",
        "UNEQUAL, 1000, true"
    })
    void aLowerBoundDecidesWhereItIsOnOneSide(Operator operator, double value, boolean met) {
        Recording run = cutOff(false);
        assertThat(
                        judged(
                                        run,
                                        new Threshold(
                                                Threshold.Metric.HTTP_REQ_DURATION,
                                                Aggregation.PERCENTILE,
                                                97,
                                                operator,
                                                value))
                                .met())
                .isEqualTo(met);
    }

    @Test
    void aGeneratorWithoutLatencies() {
        Recording run = exact();
        run.load().remove("latency");
        Expectation mean = judged(run, Limits.duration(Aggregation.AVG, Operator.LESS, 30));
        assertThat(mean.found()).isEqualTo("2.5 s");
        assertThat(mean.note()).isEqualTo("the generator has no latencies");
        assertThat(found(run, Limits.duration(Aggregation.MIN, Operator.LESS, 30))).isNull();
        Recording.object(run.load(), "plan").put("mode", "CONSTANT_RATE");
        run.each(Recording.ofKind("latency"), (at, line) -> line.put("mean", 450));
        assertThat(found(run, Limits.duration(Aggregation.AVG, Operator.LESS, 30)))
                .isEqualTo("450 ms");
    }

    private static final Window WINDOW =
            new Window(0, 1000, 10, 9, 0.1, null, 1.0, 2.0, 3.0, 4.0, 5.0);

    @ParameterizedTest
    @CsvSource({
        "50, 2.1, true",
        "50, 2, false",
        "90, 3.1, true",
        "90, 3, false",
        "99, 4.1, true",
        "99, 4, false"
    })
    void percentilesOfAWindow(double percentile, double limit, boolean holds) {
        assertThat(Thresholds.holdsIn(WINDOW, Limits.percentileBelow(percentile, limit)))
                .isEqualTo(holds);
    }

    @Test
    void otherFiguresOfAWindow() {
        assertThat(
                        Thresholds.holdsIn(
                                WINDOW, Limits.duration(Aggregation.AVG, Operator.AT_MOST, 1)))
                .isTrue();
        assertThat(Thresholds.holdsIn(WINDOW, Limits.duration(Aggregation.MED, Operator.LESS, 2)))
                .isFalse();
        assertThat(Thresholds.holdsIn(WINDOW, Limits.duration(Aggregation.MAX, Operator.LESS, 6)))
                .isTrue();
        assertThat(Thresholds.holdsIn(WINDOW, Limits.failedBelow(0.1))).isFalse();
        assertThat(Thresholds.holdsIn(WINDOW, Limits.failedBelow(0.11))).isTrue();
    }

    @Test
    void whatOneWindowCanNotBeHeldTo() {
        for (Threshold threshold :
                List.of(
                        Limits.percentileBelow(95, 1),
                        Limits.duration(Aggregation.MIN, Operator.LESS, 1),
                        Limits.duration(Aggregation.AVG, Operator.MORE, 1),
                        Limits.requests(Aggregation.RATE, Operator.LESS, 1),
                        Limits.replicas(Operator.LESS, 1))) {
            assertThat(Thresholds.isOfWindows(threshold)).isFalse();
            assertThat(Thresholds.holdsIn(WINDOW, threshold)).isNull();
        }
        Window unknown = new Window(0, 1000, 10, 9, null, null, null, null, null, null, null);
        assertThat(Thresholds.holdsIn(unknown, Limits.percentileBelow(99, 1))).isNull();
        assertThat(Thresholds.holdsIn(unknown, Limits.failedBelow(1))).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Operator.class,
            names = {"LESS", "AT_MOST"})
    void onlyUpperLimitsAreOfWindows(Operator operator) {
        assertThat(Thresholds.isOfWindows(Limits.duration(Aggregation.MAX, operator, 1))).isTrue();
    }
}
