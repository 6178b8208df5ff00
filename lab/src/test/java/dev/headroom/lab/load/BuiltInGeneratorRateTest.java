package dev.headroom.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built-in generator at a constant rate: a latency counts from when its request was due. */
@Timeout(120)
class BuiltInGeneratorRateTest {
    private final GeneratorRuns generator;

    BuiltInGeneratorRateTest(@TempDir Path folder) {
        generator = new GeneratorRuns(folder);
    }

    @Test
    void aConstantRateIsKept() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record = generator.run(GeneratorRuns.rate(server.url("/"), 250, 5, 3), null);
            long due = record.windows().stream().mapToLong(LoadRecord.Window::due).sum();
            assertThat(due).isBetween(250 * 3 - 50L, 250 * 3L);
            assertThat(record.answers()).isBetween(due - 5, due);
            assertThat(server.connections).hasValue(6); // One to see whether anybody listens.
            assertThat(record.plan().ratePerSecond()).isEqualTo(250);
            assertThat(GeneratorRuns.latency(record).source()).contains("due");
            assertThat(record.use()).isNotEmpty();
        }
    }

    /** A stall of a second delays every request that is due in it, though only two are on their way (coordinated omission). */
    @Test
    void aStallCountsForEveryRequestThatWasDueInIt() throws Exception {
        Object gate = new Object();
        try (TestServer server =
                new TestServer((request, n) -> {
                    synchronized (gate) {
                        if (n == 100) {
                            Thread.sleep(1000);
                        }
                    }
                    return TestServer.OK;
                })) {
            LoadRecord record = generator.run(GeneratorRuns.rate(server.url("/"), 100, 2, 4), null);
            assertThat(
                            GeneratorRuns.histogram(record)
                                    .getCountBetweenValues(500_000, Long.MAX_VALUE / 2))
                    .isGreaterThanOrEqualTo(48);
            assertThat(GeneratorRuns.latency(record).max()).isGreaterThanOrEqualTo(990);
            assertThat(GeneratorRuns.latency(record).percentiles().get("p90")).isGreaterThan(400);
            assertThat(record.answers()).isGreaterThan(340);
        }
    }

    /** What is due and has no connection waits, and its time runs: the latency grows as the backlog does. */
    @Test
    void moreThanTheServiceCanDo() throws Exception {
        try (TestServer server =
                new TestServer((request, n) -> {
                    Thread.sleep(20);
                    return TestServer.OK;
                })) {
            LoadRecord record = generator.run(GeneratorRuns.rate(server.url("/"), 200, 2, 3), null);
            long due = record.windows().stream().mapToLong(LoadRecord.Window::due).sum();
            assertThat(due).isBetween(550L, 600L);
            assertThat(record.answers()).isLessThanOrEqualTo(310);
            assertThat(GeneratorRuns.latency(record).max()).isGreaterThan(1400);
        }
    }

    @Test
    void aPipelineHasNoRate() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            String script = "function request() return wrk.format() .. wrk.format() end";
            assertThatThrownBy(() ->
                            generator.run(GeneratorRuns.rate(server.url("/"), 10, 1, 1), script))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("one request at a time, it gave 2");
        }
    }
}
