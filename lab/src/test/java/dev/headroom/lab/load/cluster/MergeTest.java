package dev.headroom.lab.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.load.Latencies;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.load.LoadRecord.Ended;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What several pods measured, as one load. */
class MergeTest {
    private static final long AT = 1_000_000;

    private static LoadRecord.Plan plan(int connections, @Nullable Double rate) {
        return new LoadRecord.Plan(
                rate == null ? LoadRecord.Mode.CLOSED : LoadRecord.Mode.CONSTANT_RATE,
                "http://10.0.0.1/",
                2,
                connections,
                rate,
                3,
                2,
                null);
    }

    /** A record of three seconds; its looks at itself come some time after its seconds. */
    private static LoadRecord record(
            long start, long lookAfter, double cores, long[] micros, Ended ended) {
        Histogram latency = new Histogram(Latencies.DIGITS);
        Arrays.stream(micros).forEach(latency::recordValue);
        List<LoadRecord.Window> windows = new ArrayList<>();
        List<LoadRecord.Use> uses = new ArrayList<>();
        for (int second = 1; second <= 3; second++) {
            long end = start + second * 1000;
            windows.add(
                    new LoadRecord.Window(
                            end, 12, 10, 1, 2, 5, 1.0 * second, cores * 10, cores * 20));
            uses.add(new LoadRecord.Use(end + lookAfter, cores, cores, 20));
        }
        return new LoadRecord(
                LoadRecord.SCHEMA,
                new LoadRecord.Generator("headroom", "1", List.of("java"), 2, 1024, ""),
                plan(5, null),
                start,
                start + 3000,
                ended,
                new LoadRecord.Connections(5, 5, "counted"),
                micros.length,
                3,
                Map.of("200", (long) micros.length),
                new LoadRecord.Errors(1, 2, 0, 0, 6),
                1000,
                Latencies.of(latency, "from when it was sent", false),
                windows,
                uses);
    }

    private static LoadRecord completed(long start, long lookAfter, double cores, long... micros) {
        return record(start, lookAfter, cores, micros, new Ended(Ended.How.COMPLETED, null));
    }

    private static Merge.Part part(String pod, @Nullable Double limit, LoadRecord record) {
        return new Merge.Part(pod, "node-" + pod, limit, record);
    }

    /** The merged percentiles are those of all answers in one histogram, not means of means. */
    @Test
    void latenciesAreThoseOfAllAnswers() {
        Random random = new Random(7);
        long[] fast = LongStream.range(0, 900).map(i -> 1000 + random.nextInt(500)).toArray();
        long[] slow = LongStream.range(0, 100).map(i -> 90_000 + random.nextInt(5000)).toArray();
        LoadRecord merged =
                Merge.of(
                        plan(10, null),
                        List.of(
                                part("a", null, completed(AT, 0, 0.5, fast)),
                                part("b", null, completed(AT, 0, 0.5, slow))),
                        List.of(),
                        null);
        LoadRecord.Latency latency = merged.latency();
        assertThat(latency).isNotNull();
        long[] all = LongStream.concat(Arrays.stream(fast), Arrays.stream(slow)).sorted().toArray();
        assertThat(latency.counted()).isEqualTo(1000);
        assertThat(latency.percentiles().get("p50")).isCloseTo(all[499] / 1e3, percent());
        assertThat(latency.percentiles().get("p90")).isCloseTo(all[899] / 1e3, percent());
        assertThat(latency.percentiles().get("p95")).isCloseTo(all[949] / 1e3, percent());
        assertThat(latency.max()).isCloseTo(all[999] / 1e3, percent());
    }

    private static Percentage percent() {
        return Percentage.withPercentage(0.2);
    }

    @Test
    void countsAreAddedUp() {
        LoadRecord merged =
                Merge.of(
                        plan(10, null),
                        List.of(
                                part("a", null, completed(AT, 0, 0.5, 1000, 2000)),
                                part("b", null, completed(AT + 3, 0, 0.5, 3000))),
                        List.of(),
                        null);
        assertThat(merged.answers()).isEqualTo(3);
        assertThat(merged.failed()).isEqualTo(6);
        assertThat(merged.statusCodes()).containsExactly(Map.entry("200", 3L));
        assertThat(merged.errors()).isEqualTo(new LoadRecord.Errors(2, 4, 0, 0, 12));
        assertThat(merged.bytes()).isEqualTo(2000);
        assertThat(merged.connections().asked()).isEqualTo(10);
        assertThat(merged.connections().opened()).isEqualTo(10);
        assertThat(merged.start()).isEqualTo(AT);
        assertThat(merged.end()).isEqualTo(AT + 3003);
        assertThat(merged.ended().how()).isEqualTo(Ended.How.COMPLETED);
        assertThat(merged.generator().cpus()).isEqualTo(4);
        assertThat(merged.generator().openFilesLimit()).isEqualTo(2048);
        assertThat(merged.generator().where())
                .isEqualTo("2 pods in the cluster: a on node-a, b on node-b");
        assertThat(merged.windows()).hasSize(3);
        assertThat(merged.windows().getFirst())
                .isEqualTo(new LoadRecord.Window(AT + 1003, 24, 20, 2, 4, 10, 1.0, 5.0, 10.0));
    }

    /** A pod that is full is not hidden by one that is idle, nor by a limit that its JVM does not see. */
    @ParameterizedTest
    @CsvSource(
            value = {"0.1, 1.9, null, 0.95", "0.1, 0.4, 0.5, 0.8"},
            nullValues = "null")
    void theBusiestPodIsTold(double idle, double busy, @Nullable Double limit, double part) {
        LoadRecord merged =
                Merge.of(
                        plan(10, null),
                        List.of(
                                part("a", null, completed(AT, 300, idle, 1000)),
                                part("b", limit, completed(AT, 900, busy, 1000))),
                        List.of(),
                        null);
        assertThat(merged.use())
                .hasSize(3)
                .allSatisfy(use -> {
                    assertThat(use.part(merged.generator().cpus())).isEqualTo(part);
                    assertThat(use.lagP99Millis()).isEqualTo(busy);
                    assertThat(use.openFiles()).isEqualTo(40);
                    assertThat(use.cpuCores()).isEqualTo(idle + busy);
                });
    }

    @Test
    void aPodThatFailedIsNamed() {
        LoadRecord good = completed(AT, 0, 0.5, 1000);
        LoadRecord bad =
                record(
                        AT,
                        0,
                        0.5,
                        new long[] {1000},
                        new Ended(Ended.How.FAILED, "it was killed by signal 9"));
        List<Merge.Part> parts = List.of(part("a", null, good), part("b", null, bad));
        assertThat(Merge.of(plan(10, null), parts, List.of(), null).ended())
                .isEqualTo(new Ended(Ended.How.FAILED, "b: it was killed by signal 9"));
        assertThat(Merge.of(plan(10, null), parts, List.of("c: gone"), null).ended())
                .isEqualTo(new Ended(Ended.How.FAILED, "c: gone"));
        assertThat(Merge.of(plan(10, null), parts, List.of(), "stopped by SIGINT").ended())
                .isEqualTo(new Ended(Ended.How.INTERRUPTED, "stopped by SIGINT"));
    }

    /** What comes through a log is what was measured, also where it takes several lines and others print between them. */
    @Test
    void isHandedOverThroughALog() {
        Random random = new Random(1);
        long[] many =
                LongStream.range(0, 200_000)
                        .map(i -> Math.round(Math.exp(random.nextDouble() * 20)))
                        .toArray();
        LoadRecord record = completed(AT, 0, 0.5, many);
        List<String> lines = new Handover(record, null).lines();
        assertThat(lines).hasSizeGreaterThan(1).allMatch(l -> l.length() < 16 * 1024);
        String log = "before\n" + String.join("\nin between\n", lines) + "\nafter\n";
        assertThat(Handover.in(log)).isEqualTo(new Handover(record, null));
        assertThat(Handover.in(log.substring(0, log.length() / 2))).isNull();
        assertThat(Handover.in("nothing of it\n")).isNull();
        assertThat(Handover.in("headroom-load 1/1 no base64\n")).isNull();
        Handover problem = new Handover(null, "no connection");
        assertThat(Handover.in(problem.lines().getFirst())).isEqualTo(problem);
    }

    @Test
    void sharesAreAllOfTheLoad() {
        int connections = 0;
        for (int pod = 0; pod < 3; pod++) {
            connections += PodsGenerator.share(plan(100, null), 3, pod, 0, 0).connections();
        }
        assertThat(connections).isEqualTo(100);
        // 300 a second over three pods: each sends 100, and their requests take turns.
        List<Start> starts =
                List.of(0, 1, 2).stream()
                        .map(pod -> PodsGenerator.share(plan(100, 300.0), 3, pod, 5, 1000))
                        .toList();
        assertThat(starts).extracting(Start::ratePerSecond).containsOnly(100.0);
        assertThat(starts.get(1).at()).isCloseTo(1003.333, Offset.offset(.01));
        assertThat(starts)
                .allSatisfy(start -> {
                    Start again = Start.read(start.query());
                    assertThat(again.at()).isCloseTo(start.at(), Offset.offset(.001));
                    assertThat(again.connections()).isEqualTo(start.connections());
                    assertThat(again.now()).isEqualTo(5);
                });
    }

    @Test
    void ordersAreOneWord() {
        LoadRecord.Plan plan =
                new LoadRecord.Plan(
                        LoadRecord.Mode.CLOSED,
                        "http://x/$(HOME)?a='b'",
                        1,
                        1,
                        null,
                        1,
                        1,
                        "p.lua");
        Orders orders = new Orders("id", plan, 8079, 60);
        assertThat(orders.text()).matches("[A-Za-z0-9+/=]+");
        assertThat(Orders.read(orders.text())).isEqualTo(orders);
    }
}
