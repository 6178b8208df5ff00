package dev.headroom.lab.load;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.lab.load.LoadRecord.Ended.How;
import dev.headroom.lab.load.LoadRecord.Latency;
import dev.headroom.lab.load.LoadRecord.Mode;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.builtin.BuiltInGenerator;
import dev.headroom.lab.run.LabClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in generator against a server that counts for itself. */
@Timeout(120)
class BuiltInGeneratorTest {
    private static final String CLOSE =
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

    @TempDir Path folder = Path.of("");

    private final List<LoadProgress.Moment> moments = new ArrayList<>();

    private static Plan plan(String url, int threads, int connections, double seconds) {
        return new Plan(Mode.CLOSED, url, threads, connections, null, seconds, 2, null);
    }

    private static Plan rate(String url, double perSecond, int connections, double seconds) {
        return new Plan(Mode.CONSTANT_RATE, url, 1, connections, perSecond, seconds, 2, null);
    }

    private LoadRecord run(Plan plan, @Nullable String script) throws Exception {
        return run(plan, script, new Cancellation());
    }

    private LoadRecord run(Plan plan, @Nullable String script, Cancellation cancellation)
            throws Exception {
        Path file =
                script == null
                        ? null
                        : Files.writeString(folder.resolve("it's a script.lua"), script);
        return new BuiltInGenerator(LabClock.system()).run(plan, file, moments::add, cancellation);
    }

    private static Latency latency(LoadRecord record) {
        assertThat(record.latency()).isNotNull();
        return record.latency();
    }

    @Test
    void countsWhatTheServerCounted() throws Exception {
        try (TestServer server =
                new TestServer((request, n) ->
                        n % 10 == 0 ? TestServer.OK.replace("200", "503") : TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/a?b"), 2, 9, 3), null);
            assertThat(record.ended()).isEqualTo(new LoadRecord.Ended(How.COMPLETED, null));
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 8, server.answered.get());
            assertThat(record.errors().status())
                    .isBetween(record.answers() / 10 - 8, record.answers() / 10 + 8);
            assertThat(record.failed()).isEqualTo(record.errors().status());
            assertThat(record.statusCodes())
                    .containsEntry("503", record.failed())
                    .containsEntry("200", record.answers() - record.failed());
            assertThat(record.connections().asked()).isEqualTo(8);
            assertThat(record.connections().opened()).isEqualTo(8);
            assertThat(record.generator().name()).isEqualTo("headroom");
            assertThat(record.generator().cpus()).isPositive();
            assertThat(server.kept.peek()).isNotNull();
            assertThat(server.kept.peek().line()).isEqualTo("GET /a?b HTTP/1.1");
            assertThat(latency(record).counted()).isEqualTo(record.answers());
            assertThat(latency(record).cutOff()).isFalse();
            assertThat(record.windows()).hasSize(3);
            assertThat(record.windows().stream().mapToLong(LoadRecord.Window::answers).sum())
                    .isEqualTo(record.answers());
            assertThat(record.windows()).allSatisfy(w -> assertThat(w.open()).isEqualTo(8));
            assertThat(moments.getLast().answers()).isLessThanOrEqualTo(record.answers());
        }
    }

    /** In a closed loop connections = throughput x latency. */
    @Test
    void latencyIsEveryAnswersFromWhenItWasSent() throws Exception {
        try (TestServer server =
                new TestServer((request, n) -> {
                    Thread.sleep(n % 20 == 0 ? 400 : 5);
                    return TestServer.OK;
                })) {
            LoadRecord record = run(plan(server.url("/"), 1, 10, 4), null);
            assertThat(latency(record).counted()).isEqualTo(record.answers());
            double seconds = (record.end() - record.start()) / 1e3;
            assertThat(record.answers() / seconds * latency(record).mean() / 1e3)
                    .isBetween(8.5, 10.5);
        }
    }

    @Test
    void lateAnswersAreAmongTheLatencies() throws Exception {
        try (TestServer server =
                new TestServer((request, n) -> {
                    Thread.sleep(n % 3 == 0 ? 1300 : 20);
                    return TestServer.OK;
                })) {
            Plan plan = new Plan(Mode.CLOSED, server.url("/"), 1, 6, null, 5, 1, null);
            LoadRecord record = run(plan, null);
            assertThat(record.errors().timeout()).isPositive();
            assertThat(record.failed()).isZero();
            assertThat(latency(record).max()).isGreaterThan(1000);
            assertThat(latency(record).counted()).isEqualTo(record.answers());
            assertThat(histogram(record).getCountBetweenValues(1_290_000, Long.MAX_VALUE / 2))
                    .isEqualTo(record.errors().timeout());
        }
    }

    @Test
    void aServerThatNeverAnswers() throws Exception {
        try (TestServer server = new TestServer((request, n) -> "")) {
            LoadRecord record = run(plan(server.url("/"), 1, 4, 1.3), null);
            assertThat(record.answers()).isZero();
            assertThat(record.latency()).isNull();
            assertThat(record.ended().how()).isEqualTo(How.COMPLETED);
            assertThat(record.connections().opened()).isEqualTo(4);
            assertThat(record.windows()).hasSize(1);
        }
    }

    @Test
    void connectionsThatTheServerEndsInOrderAreNoFailure() throws Exception {
        try (TestServer server =
                new TestServer((request, n) -> n % 5 == 0 ? CLOSE : TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/"), 1, 4, 1), null);
            assertThat(record.failed()).isZero();
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 4, server.answered.get());
            assertThat(server.connections.get()).isGreaterThan((int) (record.answers() / 5));
            assertThat(record.connections().opened()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 20\r\n\r\nhalf of it",
                "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                "HTTP/1.1 200 OK\r\nConnection: close",
                "this is no HTTP; Connection: close",
            })
    void halfAnAnswerIsAReadError(String half) throws Exception {
        try (TestServer server =
                new TestServer((request, n) -> n % 10 == 0 ? half : TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/"), 1, 2, 1), null);
            long halves = server.requests.get() / 10;
            assertThat(record.errors().read()).isBetween(halves - 2, halves);
            assertThat(record.failed()).isEqualTo(record.errors().read());
            assertThat(record.answers())
                    .isBetween(server.requests.get() - halves - 2, server.requests.get() - halves);
        }
    }

    @Test
    void aConnectionClosedWithoutAWord() throws Exception {
        try (TestServer server =
                new TestServer((request, n) -> n % 10 == 0 ? null : TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/"), 1, 2, 1), null);
            long lost = server.requests.get() / 10;
            assertThat(record.errors().read() + record.errors().write())
                    .isBetween(lost - 2, lost + 2);
        }
    }

    @Test
    void aServerThatIsGone() throws Exception {
        AtomicReference<TestServer> self = new AtomicReference<>();
        TestServer server =
                new TestServer((request, n) -> {
                    if (n == 50) {
                        end(requireNonNull(self.get()));
                    }
                    return TestServer.OK;
                });
        self.set(server);
        LoadRecord record = run(plan(server.url("/"), 1, 2, 2), null);
        assertThat(record.ended().how()).isEqualTo(How.COMPLETED);
        assertThat(record.errors().connect()).isPositive();
        assertThat(record.generator().says()).contains("ECONNREFUSED");
        assertThat(record.windows().getLast().open()).as("%s", record.windows()).isZero();
    }

    private static void end(TestServer server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void chunksAndHeads() throws Exception {
        String chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
        String noBody = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        try (TestServer server =
                new TestServer(
                        (request, n) -> request.line().startsWith("HEAD") ? noBody : chunks)) {
            LoadRecord record =
                    run(
                            plan(server.url("/"), 1, 2, 1),
                            """
                            local n = 0
                            function request() n = n + 1; return wrk.format(n % 2 == 0 and "HEAD" or "GET") end
                            """);
            assertThat(record.failed()).isZero();
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 2, server.answered.get());
        }
    }

    @Test
    void theUsersScript() throws Exception {
        String script =
                """
                local threads = {}
                function setup(thread) thread:set("id", #threads + 1); table.insert(threads, thread) end
                function init(args) seen = 0; wrk.method = "POST"; wrk.body = "from " .. id end
                function response(status, headers, body) if body == "ok" and headers["Content-Length"] == "2" then seen = seen + 1 end end
                function done(summary, latency, requests)
                  local sum = 0
                  for _, thread in ipairs(threads) do sum = sum + thread:get("seen") end
                  print("all " .. sum .. " of " .. summary.requests)
                end
                """;
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/p"), 2, 4, 1), script);
            assertThat(record.generator().says())
                    .contains("all %1$d of %1$d".formatted(record.answers()));
            assertThat(server.kept)
                    .extracting(TestServer.Request::body)
                    .containsOnly("from 1", "from 2");
            assertThat(server.kept)
                    .extracting(TestServer.Request::line)
                    .containsOnly("POST /p HTTP/1.1");
        }
    }

    @Test
    void pipelining() throws Exception {
        String script =
                """
                function init() batch = wrk.format(nil, "/1") .. wrk.format("HEAD", "/2") .. wrk.format(nil, "/3") end
                function request() return batch end
                """;
        try (TestServer server =
                new TestServer((request, n) ->
                        request.line().startsWith("HEAD")
                                ? TestServer.OK.replace("ok", "")
                                : TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/"), 1, 1, 1), script);
            assertThat(record.failed()).isZero();
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 3, server.answered.get());
            assertThat(server.kept)
                    .extracting(TestServer.Request::line)
                    .startsWith("GET /1 HTTP/1.1", "HEAD /2 HTTP/1.1", "GET /3 HTTP/1.1");
        }
    }

    /** More than the buffers on the way hold: it is sent in pieces, and arrives whole. */
    @Test
    void aLargeRequest() throws Exception {
        String script =
                """
                local n = 0
                function request() n = n + 1; return wrk.format("POST", nil, nil, string.rep(tostring(n % 10), 20 * 1000 * 1000)) end
                """;
        try (TestServer server =
                new TestServer((request, n) -> {
                    String body = request.body();
                    boolean whole = body.chars().allMatch(c -> c == body.charAt(0));
                    return whole ? TestServer.OK : TestServer.OK.replace("200", "400");
                })) {
            LoadRecord record = run(plan(server.url("/"), 1, 2, 3), script);
            assertThat(record.answers()).isPositive();
            assertThat(record.failed()).isZero();
            assertThat(server.kept.peek()).isNotNull();
            assertThat(server.kept.peek().body()).hasSize(20_000_000);
        }
    }

    @Test
    void aScriptsDelayIsKept() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record =
                    run(plan(server.url("/"), 1, 3, 2), "function delay() return 100 end");
            assertThat(record.answers()).isBetween(6L, 60L);
            assertThat(latency(record).min()).isLessThan(100);
        }
    }

    @Test
    void aThreadThatItsScriptStops() throws Exception {
        String script =
                "function response() n = (n or 0) + 1; if n == 7 then wrk.thread:stop() end end";
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/"), 1, 1, 2), script);
            assertThat(record.answers()).isEqualTo(7);
            assertThat(record.ended().how()).isEqualTo(How.COMPLETED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\nthis is not Lua",
                "function init()\n error('here') end",
                "local n = 0\nfunction request() n = n + 1; return n < 5 and wrk.format() or nothing.at.all end",
                "function request() return wrk.format() end\nfunction response() error('seen') end",
            })
    void aScriptThatFailsIsAnErrorWithItsLine(String script) throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            assertThatThrownBy(() -> run(plan(server.url("/"), 1, 1, 5), script))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("it's a script.lua:2:");
        }
    }

    @Test
    void aRequestThatIsNotWhole() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            String script = "function request() return 'GET /' end";
            assertThatThrownBy(() -> run(plan(server.url("/"), 1, 1, 1), script))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("incomplete request");
            assertThat(server.requests).hasValue(0);
        }
    }

    @Test
    void fewerFilesThanConnections() throws Exception {
        Path limited =
                Tools.executable(
                        folder.resolve("java"),
                        "#!/bin/sh\nulimit -n 250\nexec '%s/bin/java' \"$@\"\n"
                                .formatted(System.getProperty("java.home")));
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record =
                    new BuiltInGenerator(limited, LabClock.system())
                            .run(
                                    plan(server.url("/"), 2, 300, 2),
                                    null,
                                    moments::add,
                                    new Cancellation());
            assertThat(record.generator().openFilesLimit()).isEqualTo(250);
            assertThat(record.connections().asked()).isEqualTo(300);
            assertThat(record.connections().opened()).isBetween(50, 250);
            int opened = requireNonNull(record.connections().opened());
            assertThat(record.errors().connect()).isEqualTo(300 - opened);
            assertThat(record.generator().says()).contains("ulimit -n");
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
            LoadRecord record = run(plan(server.url("/"), 1, 4, 60), null, cancellation);
            assertThat(record.ended())
                    .isEqualTo(new LoadRecord.Ended(How.INTERRUPTED, "stopped by SIGINT"));
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 4, server.answered.get());
            assertThat(latency(record).counted()).isEqualTo(record.answers());
        }
    }

    @Test
    void killedByAnotherItKeepsItsSeconds() throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record =
                    new BuiltInGenerator(LabClock.system())
                            .run(
                                    plan(server.url("/"), 1, 4, 60),
                                    null,
                                    moment -> {
                                        moments.add(moment);
                                        if (moments.size() == 2
                                                && killed.compareAndSet(false, true)) {
                                            Tools.child("java").destroyForcibly();
                                        }
                                    },
                                    new Cancellation());
            assertThat(record.ended().how()).isEqualTo(How.FAILED);
            assertThat(record.ended().cause()).contains("killed by signal 9");
            assertThat(record.latency()).isNull();
            assertThat(record.windows()).hasSizeGreaterThanOrEqualTo(2);
            assertThat(record.answers()).isPositive().isLessThanOrEqualTo(server.answered.get());
            assertThat(record.connections().opened()).isEqualTo(4);
        }
    }

    @Test
    void nobodyListens() throws Exception {
        TestServer server = new TestServer((request, n) -> TestServer.OK);
        String url = server.url("/");
        server.close();
        assertThatThrownBy(() -> run(plan(url, 1, 1, 1), null))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("unable to connect")
                .hasMessageContaining("refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1/", "ftp://127.0.0.1/", "http:///path"})
    void whatItDoesNotSpeak(String url) {
        assertThatThrownBy(() -> run(plan(url, 1, 1, 1), null))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("speaks http://HOST[:PORT]/PATH only");
    }

    @Test
    void threadsWithoutConnections() {
        assertThatThrownBy(() -> run(plan("http://127.0.0.1:9/", 4, 2, 1), null))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("threads is 4, connections is 2");
    }

    @Test
    void aConstantRateIsKept() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record = run(rate(server.url("/"), 250, 5, 3), null);
            long due = record.windows().stream().mapToLong(LoadRecord.Window::due).sum();
            assertThat(due).isBetween(250 * 3 - 50L, 250 * 3L);
            assertThat(record.answers()).isBetween(due - 5, due);
            assertThat(server.connections).hasValue(6); // One to see whether anybody listens.
            assertThat(record.plan().ratePerSecond()).isEqualTo(250);
            assertThat(latency(record).source()).contains("due");
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
            LoadRecord record = run(rate(server.url("/"), 100, 2, 4), null);
            assertThat(histogram(record).getCountBetweenValues(500_000, Long.MAX_VALUE / 2))
                    .isGreaterThanOrEqualTo(48);
            assertThat(latency(record).max()).isGreaterThanOrEqualTo(990);
            assertThat(latency(record).percentiles().get("p90")).isGreaterThan(400);
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
            LoadRecord record = run(rate(server.url("/"), 200, 2, 3), null);
            long due = record.windows().stream().mapToLong(LoadRecord.Window::due).sum();
            assertThat(due).isBetween(550L, 600L);
            assertThat(record.answers()).isLessThanOrEqualTo(310);
            assertThat(latency(record).max()).isGreaterThan(1400);
        }
    }

    /** IPv6 goes by java.nio, as everything does where there is no epoll. */
    @Test
    void withoutEpoll() throws Exception {
        InetAddress six = InetAddress.getByName("::1");
        Assumptions.assumeTrue(NetworkInterface.getByInetAddress(six) != null, "there is no ::1");
        try (TestServer server =
                new TestServer((request, n) -> n % 5 == 0 ? CLOSE : TestServer.OK, six)) {
            LoadRecord closed = run(plan(server.url("/"), 2, 8, 1), null);
            assertThat(closed.failed()).isZero();
            assertThat(closed.connections().opened()).isEqualTo(8);
            assertThat(closed.answers())
                    .isBetween(server.answered.get() - 8, server.answered.get());
            long before = server.answered.get();
            LoadRecord rate = run(rate(server.url("/"), 200, 4, 2), null);
            assertThat(rate.failed()).isZero();
            assertThat(rate.answers())
                    .isBetween(server.answered.get() - before - 4, server.answered.get() - before);
            assertThat(rate.answers()).isBetween(300L, 400L);
        }
    }

    @Test
    void aPipelineHasNoRate() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            String script = "function request() return wrk.format() .. wrk.format() end";
            assertThatThrownBy(() -> run(rate(server.url("/"), 10, 1, 1), script))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("one request at a time, it gave 2");
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record = run(plan(server.url("/"), 1, 1, 1), "wrk.path = '/x'");
            String option = "-Djava.io.tmpdir=";
            String used =
                    record.generator().command().stream()
                            .filter(argument -> argument.startsWith(option))
                            .findFirst()
                            .orElseThrow();
            assertThat(Path.of(used.substring(option.length()))).doesNotExist();
        }
    }

    private static Histogram histogram(LoadRecord record) throws Exception {
        return WrkGeneratorTest.histogram(latency(record));
    }
}
