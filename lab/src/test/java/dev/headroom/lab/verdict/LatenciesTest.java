package dev.headroom.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation.ServiceLatency;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From where latencies are taken, and what buckets can tell of a percentile. */
class LatenciesTest {
    /** The generator's own: a 99th percentile of 7 ms, of so many answers. */
    private static LoadRecord.Latency own(
            long counted, boolean cutOff, @Nullable String histogram) {
        return new LoadRecord.Latency(
                "a test", counted, cutOff, 1, 5, 0, 9, Map.of("p99", 7.0), histogram);
    }

    private static Latencies of(Small run) {
        return Latencies.of(run.load(), run.timeline());
    }

    /** Of ten answers. */
    @ParameterizedTest
    @CsvSource({"0, 5, false", "1, 10, false", "1, 9, true"})
    void lateAnswersAreMissingWhereFewerWereCountedThanCame(
            long late, long counted, boolean cutOff) {
        Small run = new Small();
        run.answers = 10;
        run.late = late;
        run.latency = own(counted, false, null);
        assertThat(of(run).cutOff()).isEqualTo(cutOff);
    }

    @Test
    void aHistogramWithoutValuesTellsNoPercentile() {
        Histogram empty = new Histogram(3);
        ByteBuffer buffer = ByteBuffer.allocate(empty.getNeededByteBufferCapacity());
        byte[] bytes = new byte[empty.encodeIntoCompressedByteBuffer(buffer)];
        buffer.rewind().get(bytes);
        Small run = new Small();
        run.answers = 10;
        run.latency = own(10, false, Base64.getEncoder().encodeToString(bytes));
        assertThat(of(run).percentile(99)).isEqualTo(new Latencies.Value(7, false));
    }

    private static Small byTheBalancer(double[] bounds, long... counts) {
        long count = 0;
        for (long each : counts) {
            count += each;
        }
        return byTheBalancer(count, bounds, counts);
    }

    private static Small byTheBalancer(long count, double[] bounds, long[] counts) {
        return new Small()
                .see(
                        new ServiceLatency(
                                Small.at(60),
                                Small.START,
                                Small.at(60),
                                count,
                                1,
                                Map.of(),
                                bounds,
                                counts));
    }

    @Test
    void aBalancerWithoutAnswersTellsNoPercentile() {
        assertThat(of(byTheBalancer(new double[] {1}, 0, 0)).percentile(99)).isNull();
    }

    /** A record that has been damaged or was written by another program. */
    @Test
    void bucketsWithoutTheAnswersThatWereCountedTellNoPercentile() {
        assertThat(of(byTheBalancer(3, new double[] {1}, new long[] {0, 0})).percentile(99))
                .isNull();
    }

    /** Five answers within 1 ms, none up to 2 ms, five up to 3 ms: half of them took 1 ms at most. */
    @Test
    void aPercentileAtTheEndOfABucketIsItsUpperBound() {
        assertThat(of(byTheBalancer(new double[] {1, 2, 3}, 5, 0, 5, 0)).percentile(50))
                .isEqualTo(new Latencies.Value(1, false));
    }

    @Test
    void theFastestIsNotInABucketWithoutAnswers() {
        assertThat(of(byTheBalancer(new double[] {1, 2}, 0, 4, 0)).percentile(0))
                .isEqualTo(new Latencies.Value(1, false));
    }

    /** Ten of 1,000 answers came after 2 s: of the hundredth that was slowest this much is known, and no more. */
    @Test
    void whatIsKnownOfLateAnswersIsTheirTimeLimit() {
        Small run = new Small();
        run.answers = 1000;
        run.late = 10;
        run.latency = own(990, true, null);
        assertThat(of(run).percentile(99.1)).isEqualTo(new Latencies.Value(2000, true));
        assertThat(of(run).percentile(99)).isNull();
    }
}
