package dev.headroom.lab.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistogramTest {
    /** Counts real values into buckets 5 % wide, as the balancer does. */
    private static Histogram of(double... millis) {
        TreeMap<Double, Long> buckets = new TreeMap<>();
        double sum = 0;
        for (double bound = 50e-6; bound < 120; bound *= 1.05) {
            buckets.put(bound, 0L);
        }
        buckets.put(Double.POSITIVE_INFINITY, 0L);
        for (double value : millis) {
            sum += value / 1e3;
            buckets.tailMap(value / 1e3).replaceAll((bound, count) -> count + 1);
        }
        return new Histogram(buckets, sum, millis.length);
    }

    @Test
    void quantilesAreWithinABucketOfTheTrueOnes() {
        Random random = new Random(7);
        double[] values = random.doubles(10_000).map(u -> 5 - 40 * Math.log(1 - u)).toArray();
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        Histogram histogram = of(values);
        for (double q : new double[] {0.5, 0.9, 0.99, 0.999}) {
            double truth = sorted[(int) Math.ceil(q * sorted.length) - 1];
            assertThat(histogram.quantileMillis(q)).isCloseTo(truth, within(truth * 0.05));
        }
        assertThat(histogram.meanMillis())
                .isCloseTo(Arrays.stream(values).average().orElseThrow(), within(1e-6));
    }

    @Test
    void aDifferenceIsWhatCameInBetween() {
        Histogram before = of(1, 2, 3);
        Histogram after = of(1, 2, 3, 100, 200);
        Histogram between = after.since(before);
        assertThat(between.count()).isEqualTo(2);
        assertThat(between.meanMillis()).isCloseTo(150, within(1e-6));
        assertThat(between.quantileMillis(0.5)).isCloseTo(100, within(5.0));
        assertThat(between.maxMillis()).isCloseTo(200, within(10.0));
        assertThat(Arrays.stream(between.counts()).sum()).isEqualTo(2);
        assertThat(between.counts()).hasSize(between.boundsMillis().length + 1);
    }

    @Test
    void withoutValuesNothingIsKnown() {
        assertThat(Histogram.empty().quantileMillis(0.5)).isNull();
        assertThat(of(1).since(of(1)).meanMillis()).isNull();
    }

    @Test
    void aCounterThatBeganAnewCountsFromZero() {
        assertThat(of(5).since(of(1, 2, 3)).count()).isEqualTo(1);
    }

    @Test
    void theBalancersText() {
        String text =
                """
                headroom_balancer_connections_open{namespace="n",service="s",port="80",pod="a"} 4
                headroom_balancer_connections_open{namespace="n",service="s",port="80",pod="b"} 6
                headroom_balancer_connections_total{namespace="n",service="s",port="80",pod="a"} 40
                headroom_balancer_answers_total{namespace="n",service="s",port="80",pod="a",code="2xx"} 100
                headroom_balancer_answers_total{namespace="n",service="s",port="80",pod="a",code="5xx"} 3
                headroom_balancer_answers_total{namespace="n",service="other",port="80",pod="a",code="5xx"} 9
                headroom_balancer_unanswered_total{namespace="n",service="s",port="80",pod="a"} 2
                headroom_balancer_latency_seconds_bucket{namespace="n",service="s",le="0.001"} 60
                headroom_balancer_latency_seconds_bucket{namespace="n",service="s",le="0.002"} 103
                headroom_balancer_latency_seconds_bucket{namespace="n",service="s",le="+Inf"} 103
                headroom_balancer_latency_seconds_sum{namespace="n",service="s"} 0.103
                headroom_balancer_latency_seconds_count{namespace="n",service="s"} 103
                """;
        BalancerMetrics metrics = BalancerMetrics.read(text, "n", "s");
        assertThat(metrics.open()).isEqualTo(10);
        assertThat(metrics.unanswered()).isEqualTo(2);
        assertThat(metrics.pods()).containsOnlyKeys("a");
        assertThat(metrics.pods().get("a")).isEqualTo(new Observation.Traffic(103, 3, 4, 40));
        assertThat(metrics.latency().meanMillis()).isCloseTo(1, within(1e-9));
    }
}
