package dev.headroom.lab.load;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.lab.load.LoadRecord.Ended.How;
import dev.headroom.lab.load.LoadRecord.Mode;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.builtin.BuiltInGenerator;
import dev.headroom.lab.run.LabClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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

    private final Path folder;
    private final GeneratorRuns generator;

    BuiltInGeneratorTest(@TempDir Path folder) {
        this.folder = folder;
        generator = new GeneratorRuns(folder);
    }

    @Test
    void countsWhatTheServerCounted() throws Exception {
        try (TestServer server =
                new TestServer((request, n) ->
                        n % 10 == 0 ? TestServer.OK.replace("200", "503") : TestServer.OK)) {
            LoadRecord record =
                    generator.run(GeneratorRuns.plan(server.url("/a?b"), 2, 9, 3), null);
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
            assertThat(GeneratorRuns.latency(record).counted()).isEqualTo(record.answers());
            assertThat(GeneratorRuns.latency(record).cutOff()).isFalse();
            assertThat(record.windows()).hasSize(3);
            assertThat(record.windows().stream().mapToLong(LoadRecord.Window::answers).sum())
                    .isEqualTo(record.answers());
            assertThat(record.windows()).allSatisfy(w -> assertThat(w.open()).isEqualTo(8));
            assertThat(generator.moments().getLast().answers())
                    .isLessThanOrEqualTo(record.answers());
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
            LoadRecord record = generator.run(GeneratorRuns.plan(server.url("/"), 1, 10, 4), null);
            assertThat(GeneratorRuns.latency(record).counted()).isEqualTo(record.answers());
            double seconds = (record.end() - record.start()) / 1e3;
            assertThat(record.answers() / seconds * GeneratorRuns.latency(record).mean() / 1e3)
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
            LoadRecord record = generator.run(plan, null);
            assertThat(record.errors().timeout()).isPositive();
            assertThat(record.failed()).isZero();
            assertThat(GeneratorRuns.latency(record).max()).isGreaterThan(1000);
            assertThat(GeneratorRuns.latency(record).counted()).isEqualTo(record.answers());
            assertThat(
                            GeneratorRuns.histogram(record)
                                    .getCountBetweenValues(1_290_000, Long.MAX_VALUE / 2))
                    .isEqualTo(record.errors().timeout());
        }
    }

    @Test
    void aServerThatNeverAnswers() throws Exception {
        try (TestServer server = new TestServer((request, n) -> "")) {
            LoadRecord record = generator.run(GeneratorRuns.plan(server.url("/"), 1, 4, 1.3), null);
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
            LoadRecord record = generator.run(GeneratorRuns.plan(server.url("/"), 1, 4, 1), null);
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
            LoadRecord record = generator.run(GeneratorRuns.plan(server.url("/"), 1, 2, 1), null);
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
            LoadRecord record = generator.run(GeneratorRuns.plan(server.url("/"), 1, 2, 1), null);
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
        LoadRecord record = generator.run(GeneratorRuns.plan(server.url("/"), 1, 2, 2), null);
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
                                    GeneratorRuns.plan(server.url("/"), 2, 300, 2),
                                    null,
                                    generator.moments()::add,
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
            LoadRecord record =
                    generator.run(
                            GeneratorRuns.plan(server.url("/"), 1, 4, 60), null, cancellation);
            assertThat(record.ended())
                    .isEqualTo(new LoadRecord.Ended(How.INTERRUPTED, "stopped by SIGINT"));
            assertThat(record.answers())
                    .isBetween(server.answered.get() - 4, server.answered.get());
            assertThat(GeneratorRuns.latency(record).counted()).isEqualTo(record.answers());
        }
    }

    @Test
    void killedByAnotherItKeepsItsSeconds() throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record =
                    new BuiltInGenerator(LabClock.system())
                            .run(
                                    GeneratorRuns.plan(server.url("/"), 1, 4, 60),
                                    null,
                                    moment -> {
                                        generator.moments().add(moment);
                                        if (generator.moments().size() == 2
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
        assertThatThrownBy(() -> generator.run(GeneratorRuns.plan(url, 1, 1, 1), null))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("unable to connect")
                .hasMessageContaining("refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1/", "ftp://127.0.0.1/", "http:///path"})
    void whatItDoesNotSpeak(String url) {
        assertThatThrownBy(() -> generator.run(GeneratorRuns.plan(url, 1, 1, 1), null))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("speaks http://HOST[:PORT]/PATH only");
    }

    @Test
    void threadsWithoutConnections() {
        assertThatThrownBy(() ->
                        generator.run(GeneratorRuns.plan("http://127.0.0.1:9/", 4, 2, 1), null))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("threads is 4, connections is 2");
    }

    /** IPv6 goes by java.nio, as everything does where there is no epoll. */
    @Test
    void withoutEpoll() throws Exception {
        InetAddress six = InetAddress.getByName("::1");
        Assumptions.assumeTrue(NetworkInterface.getByInetAddress(six) != null, "there is no ::1");
        try (TestServer server =
                new TestServer((request, n) -> n % 5 == 0 ? CLOSE : TestServer.OK, six)) {
            LoadRecord closed = generator.run(GeneratorRuns.plan(server.url("/"), 2, 8, 1), null);
            assertThat(closed.failed()).isZero();
            assertThat(closed.connections().opened()).isEqualTo(8);
            assertThat(closed.answers())
                    .isBetween(server.answered.get() - 8, server.answered.get());
            long before = server.answered.get();
            LoadRecord rate = generator.run(GeneratorRuns.rate(server.url("/"), 200, 4, 2), null);
            assertThat(rate.failed()).isZero();
            assertThat(rate.answers())
                    .isBetween(server.answered.get() - before - 4, server.answered.get() - before);
            assertThat(rate.answers()).isBetween(300L, 400L);
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        try (TestServer server = new TestServer((request, n) -> TestServer.OK)) {
            LoadRecord record =
                    generator.run(GeneratorRuns.plan(server.url("/"), 1, 1, 1), "wrk.path = '/x'");
            String option = "-Djava.io.tmpdir=";
            String used =
                    record.generator().command().stream()
                            .filter(argument -> argument.startsWith(option))
                            .findFirst()
                            .orElseThrow();
            assertThat(Path.of(used.substring(option.length()))).doesNotExist();
        }
    }
}
