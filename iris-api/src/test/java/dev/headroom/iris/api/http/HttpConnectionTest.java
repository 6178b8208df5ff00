package dev.headroom.iris.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.http.Wire.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a connection over time: age, silence, slowness, pipelining, and the server's end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HttpConnectionTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final TimeLimits SLOW = TestServer.times(SHORT, LONG, LONG);

    @Test
    void answersOfHeadHaveTheLengthAndNoBody() throws IOException {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
                Wire wire = server.connect()) {
            wire.send("HEAD /ok HTTP/1.1\r\nHost: a\r\n\r\n" + TestServer.OK);
            assertThat(wire.answer(true).head()).contains("\r\nContent-Length: 4\r\n");
            assertThat(wire.answer().body()).isEqualTo("\"ok\"");
        }
    }

    @Test
    void allowNamesTheMethods() throws IOException {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
                Wire wire = server.connect()) {
            wire.send("PUT /ok HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(wire.answer().head()).contains("\r\nAllow: GET, HEAD, OPTIONS\r\n");
            assertThat(wire.answer().head()).contains("\r\nAllow: POST, OPTIONS\r\n");
        }
    }

    @Test
    void chunksAreOneBody() throws IOException {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
                Wire wire = server.connect()) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            wire.send("5\r\nhello\r\n1;x\r\n \r\n5\r\nworld\r\n0\r\nA: b\r\n\r\n");
            assertThat(wire.answer().body()).isEqualTo("hello world");
        }
    }

    @Test
    void expectContinueIsAnsweredBeforeTheBody() throws IOException {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
                Wire wire = server.connect()) {
            String head = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n";
            wire.send(head + "Content-Length: 2\r\n\r\n");
            assertThat(wire.answer().status()).isEqualTo(100);
            wire.send("a");
            wire.send("b");
            assertThat(wire.answer().body()).isEqualTo("ab");
            wire.send(head + "Transfer-Encoding: chunked\r\n\r\n");
            assertThat(wire.answer().status()).isEqualTo(100);
            wire.send("1\r\nc\r\n0\r\n\r\n");
            assertThat(wire.answer().body()).isEqualTo("c");
            // The body is there already: no go-ahead is needed.
            wire.send(head + "Content-Length: 1\r\n\r\nd");
            assertThat(wire.answer().body()).isEqualTo("d");
            wire.send(
                    "POST /no HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
            assertThat(wire.answer()).matches(answer -> answer.status() == 404 && answer.closes());
            assertThat(wire.ends()).isTrue();
        }
    }

    @Test
    void http10IsToldThatItStaysAndGetsNoInterimAnswer() throws IOException {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
                Wire wire = server.connect()) {
            wire.send(
                    "POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
            wire.send("x");
            Answer answer = wire.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head()).contains("\r\nConnection: keep-alive\r\n");
        }
    }

    @Test
    void dateIsTheTimeAsRfc9110WritesIt() {
        DateTimeFormatter format =
                DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                        .withZone(ZoneOffset.UTC);
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            Instant instant = Instant.ofEpochSecond(random.nextLong(4_000_000_000L));
            assertThat(DateField.text(instant)).isEqualTo(format.format(instant));
        }
    }

    @Test
    void thousandsOfPipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
                Wire wire = server.connect()) {
            StringBuilder all = new StringBuilder();
            List<String> bodies = new ArrayList<>();
            Random random = new Random(2);
            for (int i = 0; i < 5_000; i++) {
                String body = i + "x".repeat(random.nextInt(300));
                bodies.add(body);
                all.append("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ")
                        .append(body.length());
                all.append("\r\n\r\n").append(body);
            }
            Thread sender = sending(wire, all.toString());
            for (String body : bodies) {
                assertThat(wire.answer().body()).isEqualTo(body);
            }
            sender.join();
        }
    }

    @Test
    void aHalfClosedClientStillGetsItsAnswers() throws IOException {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
                Wire wire = server.connect()) {
            wire.send(TestServer.OK + "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
            wire.endOutput();
            List<Answer> answers = wire.answersUntilEnd();
            assertThat(answers).hasSize(2);
            assertThat(answers.get(1).body()).hasSize(TestServer.LARGE);
        }
    }

    @Test
    void anEarlyRefusalArrivesThoughTheBodyIsStillComing() throws Exception {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
                Wire wire = server.connect()) {
            String large =
                    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n"
                            + "x".repeat(3_000_000);
            Thread sender = sending(wire, large);
            assertThat(wire.answer().status()).isEqualTo(413);
            assertThat(wire.ends()).isTrue();
            sender.join();
            wire.close();
            server.awaitClosed(CloseReason.ERROR, 1);
        }
    }

    @Test
    void pastItsAgeTheNextAnswerIsTheLast() throws Exception {
        try (TestServer server = new TestServer(SHORT, TestServer.times(LONG, LONG, LONG), 1);
                Wire wire = server.connect()) {
            Answer answer = wire.send(TestServer.OK).answer();
            int answers = 1;
            while (!answer.closes()) {
                answer = wire.send(TestServer.OK).answer();
                answers++;
            }
            assertThat(answers).isGreaterThan(1);
            assertThat(wire.ends()).isTrue();
            wire.close();
            server.awaitClosed(CloseReason.AGE, 1);
            assertThat(server.http.status().requests(Status.OK)).isEqualTo(answers);
            assertThat(server.http.status().open()).isZero();
        }
    }

    @Test
    void agesDifferByAQuarterEitherWay() throws Exception {
        Duration age = Duration.ofSeconds(1);
        try (TestServer server = new TestServer(age, TestServer.times(LONG, LONG, LONG), 1)) {
            List<Wire> wires = new ArrayList<>();
            List<Long> ended = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < 40; i++) {
                wires.add(server.connect());
            }
            while (!wires.isEmpty()) {
                for (Wire wire : List.copyOf(wires)) {
                    if (wire.send(TestServer.OK).answer().closes()) {
                        ended.add(System.nanoTime() - begin);
                        wires.remove(wire);
                        wire.close();
                    }
                }
            }
            // Never too early, whatever the machine does; and not all together.
            assertThat(ended).allMatch(nanos -> nanos >= 750_000_000L);
            assertThat(ended.getLast() - ended.getFirst()).isGreaterThan(100_000_000L);
        }
    }

    @Test
    void silenceEndsAConnection() throws Exception {
        try (TestServer server =
                        new TestServer(Duration.ZERO, TestServer.times(LONG, LONG, SHORT), 1);
                Wire wire = server.connect()) {
            wire.send(TestServer.OK).answer();
            assertThat(wire.ends()).isTrue();
            wire.close();
            server.awaitClosed(CloseReason.IDLE, 1);
        }
    }

    @Test
    void aHeadOrBodyThatDoesNotComeIs408() throws Exception {
        List<String> begun =
                List.of(
                        "GE",
                        "GET /ok HTTP/1.1\r\nHost:",
                        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc",
                        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
        try (TestServer server = new TestServer(Duration.ZERO, SLOW, 1)) {
            for (String part : begun) {
                try (Wire wire = server.connect()) {
                    wire.send(part);
                    assertThat(wire.answer())
                            .matches(answer -> answer.status() == 408 && answer.closes());
                    assertThat(wire.ends()).isTrue();
                }
            }
            server.awaitClosed(CloseReason.IDLE, begun.size());
        }
    }

    @Test
    void aClientThatDoesNotReadIsEndedAndTakesNothingFromOthers() throws Exception {
        try (TestServer server = new TestServer(Duration.ZERO, SLOW, 1);
                Wire lazy = server.connect();
                Wire other = server.connect()) {
            lazy.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(64));
            int others = 0;
            while (server.http.status().closed(CloseReason.IDLE) == 0) {
                assertThat(other.send(TestServer.OK).answer().status()).isEqualTo(200);
                others++;
            }
            // What the sockets hold is all it got: the other requests were not even looked at.
            assertThat(server.http.status().requests(Status.OK) - others).isLessThan(32);
        }
    }

    @Test
    void aResetIsTheClientsEnd() throws Exception {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1)) {
            Wire wire = server.connect();
            wire.send(TestServer.OK).answer();
            wire.reset();
            server.awaitClosed(CloseReason.CLIENT, 1);
        }
    }

    @Test
    void severalLoopsShareAListener() throws Exception {
        try (TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 3)) {
            for (int i = 0; i < 200; i++) {
                try (Wire wire = server.connect()) {
                    assertThat(wire.send(TestServer.OK).answer().status()).isEqualTo(200);
                }
            }
            server.awaitClosed(CloseReason.CLIENT, 200);
            assertThat(server.http.status().accepted()).isEqualTo(200);
        }
    }

    @Test
    void toldToGoItAnswersWhatIsUnderWayAndEndsWhatIdles() throws Exception {
        TestServer server = new TestServer(Duration.ZERO, TimeLimits.DEFAULT, 1);
        try (Wire idle = server.connect();
                Wire begun = server.connect()) {
            idle.send(TestServer.OK).answer();
            begun.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na");
            while (server.http.status().accepted() < 2) {
                Thread.sleep(1);
            }
            server.http.drain();
            assertThat(idle.ends()).isTrue();
            begun.send("b");
            assertThat(begun.answer())
                    .matches(answer -> answer.body().equals("ab") && answer.closes());
            assertThat(begun.ends()).isTrue();
        }
        server.close();
        assertThat(server.http.status().closed(CloseReason.SHUTDOWN)).isEqualTo(2);
        assertThat(server.http.status().open()).isZero();
    }

    /** Whoever has just connected is about to ask: to hang up on it then would be a failed request. */
    @Test
    void toldToGoItStillAnswersOneThatHasJustConnected() throws Exception {
        TimeLimits times =
                new TimeLimits(LONG, LONG, LONG, LONG, LONG, LONG, Duration.ofSeconds(30));
        TestServer server = new TestServer(Duration.ZERO, times, 1);
        try (Wire idle = server.connect();
                Wire fresh = server.connect()) {
            idle.send(TestServer.OK).answer();
            while (server.http.status().accepted() < 2) {
                Thread.sleep(1);
            }
            server.http.drain();
            assertThat(idle.ends()).isTrue();
            assertThat(fresh.send(TestServer.OK).answer())
                    .matches(answer -> answer.status() == 200 && answer.closes());
        }
        server.close();
    }

    private static Thread sending(Wire wire, String bytes) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        wire.send(bytes);
                    } catch (IOException e) {
                        // The server may end before all is sent; what it answered is what the test
                        // looks at.
                    }
                });
    }
}
