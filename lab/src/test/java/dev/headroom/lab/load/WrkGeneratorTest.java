package dev.headroom.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.lab.load.LoadRecord.Ended.How;
import dev.headroom.lab.load.LoadRecord.Latency;
import dev.headroom.lab.load.LoadRecord.Mode;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.wrk.WrkGenerator;
import dev.headroom.lab.run.LabClock;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** wrk against a server that counts for itself. */
@Timeout(60)
class WrkGeneratorTest {
    @TempDir Path folder = Path.of("");

    private final Path wrk = Tools.wrk();
    private final List<LoadProgress.Moment> moments = new ArrayList<>();

    @BeforeEach
    void wrkIsThere() {
        Tools.assumeWrk();
    }

    static Plan plan(String url, int threads, int connections, double seconds) {
        return new Plan(Mode.CLOSED, url, threads, connections, null, seconds, 2, null);
    }

    private LoadRecord run(Plan plan, @Nullable Path script, Cancellation cancellation)
            throws Exception {
        return new WrkGenerator(wrk, LabClock.system())
                .run(plan, script, moments::add, cancellation);
    }

    private Path script(String text) throws Exception {
        return Files.writeString(folder.resolve("it's a script.lua"), text);
    }

    @Test
    void countsWhatTheServerCounted() throws Exception {
        try (TestServer server =
                new TestServer((request, n) ->
                        n % 10 == 0 ? TestServer.OK.replace("200", "503") : TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/a?b"), 2, 8, 2), null, new Cancellation());
            assertThat(record.ended().how()).isEqualTo(How.COMPLETED);
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 8, server.answered.get());
            assertThat(record.errors().status())
                    .isBetween(record.answers() / 10 - 8, record.answers() / 10 + 8);
            assertThat(record.failed()).isEqualTo(record.errors().status());
            assertThat(record.connections().asked()).isEqualTo(8);
            assertThat(record.connections().opened()).isEqualTo(8);
            assertThat(record.generator().name()).isEqualTo("wrk");
            assertThat(record.generator().version()).contains("4.").doesNotContain("Copyright");
            assertThat(record.generator().openFilesLimit()).isPositive();
            assertThat(record.use()).isNotEmpty();
            assertThat(moments).hasSameSizeAs(record.use());
            assertThat(server.kept.peek()).isNotNull();
            assertThat(server.kept.peek().line()).isEqualTo("GET /a?b HTTP/1.1");
            Latency latency = record.latency();
            assertThat(latency).isNotNull();
            assertThat(latency.counted()).isEqualTo(record.answers());
            assertThat(latency.cutOff()).isFalse();
            Histogram histogram = histogram(latency);
            assertThat(histogram.getTotalCount()).isEqualTo(record.answers());
            assertThat(
                            histogram.valuesAreEquivalent(
                                    histogram.getMaxValue(), Math.round(latency.max() * 1e3)))
                    .isTrue();
        }
    }

    /** In a closed loop connections = throughput x latency; what wrk makes up for omission would break it. */
    @Test
    void latencyIsWhatWasMeasuredWithoutMadeUpAnswers() throws Exception {
        try (TestServer server =
                new TestServer((request, n) -> {
                    Thread.sleep(n % 20 == 0 ? 400 : 5);
                    return TestServer.OK;
                })) {
            LoadRecord record = run(plan(server.url("/"), 1, 10, 4), null, new Cancellation());
            Latency latency = record.latency();
            assertThat(latency).isNotNull();
            assertThat(latency.source()).contains("taken back");
            assertThat(latency.counted()).isEqualTo(record.answers());
            double seconds = (record.end() - record.start()) / 1e3;
            double inFlight = record.answers() / seconds * latency.mean() / 1e3;
            assertThat(inFlight).isBetween(8.5, 10.5);
        }
    }

    @Test
    void lateAnswersAreSaidToBeMissing() throws Exception {
        try (TestServer server =
                new TestServer((request, n) -> {
                    Thread.sleep(n % 3 == 0 ? 1300 : 20);
                    return TestServer.OK;
                })) {
            Plan plan = new Plan(Mode.CLOSED, server.url("/"), 1, 6, null, 5, 1, null);
            LoadRecord record = run(plan, null, new Cancellation());
            assertThat(record.errors().timeout()).isPositive();
            assertThat(record.failed()).isZero();
            assertThat(record.latency()).isNotNull();
            assertThat(record.latency().cutOff()).isTrue();
            assertThat(record.latency().max()).isLessThanOrEqualTo(1000);
            assertThat(record.latency().counted())
                    .isEqualTo(record.answers() - record.errors().timeout());
        }
    }

    @Test
    void aServerThatNeverAnswers() throws Exception {
        try (TestServer server = new TestServer((request, n) -> "")) {
            LoadRecord record = run(plan(server.url("/"), 1, 4, 2), null, new Cancellation());
            assertThat(record.answers()).isZero();
            assertThat(record.latency()).isNull();
            assertThat(record.ended().how()).isEqualTo(How.COMPLETED);
            assertThat(record.connections().opened()).isEqualTo(4);
        }
    }

    @Test
    void theUsersScriptRunsAsEver() throws Exception {
        Path script =
                script(
                        """
                        local threads = {}
                        function setup(thread) thread:set("id", #threads + 1); table.insert(threads, thread) end
                        function init(args) seen = 0; wrk.method = "POST"; wrk.body = "from " .. id end
                        function response(status, headers, body) if body == "ok" then seen = seen + 1 end end
                        function done(summary, latency, requests)
                          local sum = 0
                          for _, thread in ipairs(threads) do sum = sum + thread:get("seen") end
                          print("all " .. sum .. " of " .. summary.requests)
                        end
                        """);
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/p"), 2, 4, 1), script, new Cancellation());
            assertThat(record.generator().says())
                    .contains("all %1$d of %1$d".formatted(record.answers()));
            assertThat(server.kept)
                    .extracting(TestServer.Request::body)
                    .contains("from 1", "from 2");
            assertThat(server.kept)
                    .extracting(TestServer.Request::line)
                    .containsOnly("POST /p HTTP/1.1");
        }
    }

    @Test
    void aScriptThatCannotBeLoadedIsAnError() throws Exception {
        Path script = script("this is not Lua");
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            Plan plan = plan(server.url("/"), 1, 1, 1);
            assertThatThrownBy(() -> run(plan, script, new Cancellation()))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("the script can't be loaded")
                    .hasMessageContaining("it's a script.lua:1:");
            assertThat(server.requests).hasValue(0);
        }
    }

    @Test
    void fewerFilesThanConnections() throws Exception {
        Path limited =
                Tools.executable(
                        folder.resolve("wrk"),
                        "#!/bin/sh\nulimit -n 64\nexec " + wrk + " \"$@\"\n");
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record =
                    new WrkGenerator(limited, LabClock.system())
                            .run(
                                    plan(server.url("/"), 2, 100, 2),
                                    null,
                                    moments::add,
                                    new Cancellation());
            assertThat(record.generator().openFilesLimit()).isEqualTo(64);
            assertThat(record.connections().asked()).isEqualTo(100);
            // Looks come once a second: on a busy machine they may miss the last of them.
            assertThat(record.connections().opened())
                    .isLessThan(64)
                    .isBetween(1, server.mostOpen.get());
            assertThat(record.errors().connect()).isPositive();
        }
    }

    @Test
    void endsEarlyWithItsFigures() throws Exception {
        Cancellation cancellation = new Cancellation();
        try (TestServer server =
                new TestServer((request, n) -> {
                    if (n == 100) {
                        cancellation.cancel("stopped by SIGINT");
                    }
                    return TestServer.OK;
                })) {
            LoadRecord record = run(plan(server.url("/"), 1, 4, 30), null, cancellation);
            assertThat(record.ended())
                    .isEqualTo(new LoadRecord.Ended(How.INTERRUPTED, "stopped by SIGINT"));
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 4, server.answered.get());
            assertThat(record.latency()).isNotNull();
        }
    }

    @Test
    void killedByAnother() throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        try (TestServer server =
                new TestServer((request, n) -> {
                    if (n > 100 && killed.compareAndSet(false, true)) {
                        Tools.child("wrk").destroyForcibly();
                    }
                    return TestServer.OK;
                })) {
            LoadRecord record = run(plan(server.url("/"), 1, 4, 30), null, new Cancellation());
            assertThat(record.ended())
                    .isEqualTo(new LoadRecord.Ended(How.FAILED, "wrk was killed by signal 9"));
            assertThat(record.latency()).isNull();
        }
    }

    @Test
    void nobodyListens() throws Exception {
        TestServer server = new TestServer((request, n) -> TestServer.OK);
        String url = server.url("/");
        server.close();
        assertThatThrownBy(() -> run(plan(url, 1, 1, 1), null, new Cancellation()))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("unable to connect");
    }

    @Test
    void threadsWithoutConnections() {
        assertThatThrownBy(
                        () -> run(plan("http://127.0.0.1:9/", 4, 2, 1), null, new Cancellation()))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("threads is 4, connections is 2");
    }

    static Histogram histogram(Latency latency) throws Exception {
        return Histogram.decodeFromCompressedByteBuffer(
                ByteBuffer.wrap(Base64.getDecoder().decode(latency.histogram())), 1);
    }
}
