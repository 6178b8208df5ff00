package dev.headroom.iris.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.http.Wire.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More than a server may have: connections, memory for slow clients, bytes that nobody takes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OverloadTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(30);

    private static TestServer server(
            int connections, int refusing, long heldBytes, TimeLimits times) throws IOException {
        return new TestServer(
                Duration.ZERO, TestServer.limits(connections, refusing, heldBytes), times, 1);
    }

    @Test
    void pastTheLimitTheFirstRequestIsRefusedAtOnce() throws Exception {
        try (TestServer server = server(2, 2, 1 << 20, TimeLimits.DEFAULT)) {
            Wire first = server.connect();
            Wire second = server.connect();
            assertThat(first.send(TestServer.OK).answer().status()).isEqualTo(200);
            assertThat(second.send(TestServer.OK).answer().status()).isEqualTo(200);
            try (Wire third = server.connect()) {
                Answer answer = third.send(TestServer.OK + TestServer.OK).answer();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.head()).contains("\r\nRetry-After: 1\r\n");
                assertThat(answer.closes()).isTrue();
                assertThat(third.ends()).isTrue();
            }
            server.awaitClosed(CloseReason.OVERLOAD, 1);
            assertThat(first.send(TestServer.OK).answer().status()).isEqualTo(200);
            first.close();
            server.awaitClosed(CloseReason.CLIENT, 1);
            try (Wire fourth = server.connect()) {
                assertThat(fourth.send(TestServer.OK).answer().status()).isEqualTo(200);
            }
            second.close();
            assertThat(server.http.status().refused()).isEqualTo(1);
        }
    }

    /** Those that are neither served nor refused yet wait in the backlog, and get their turn. */
    @Test
    void pastTheReserveAcceptingGoesOnWhenOneHasEnded() throws Exception {
        TimeLimits times = TestServer.times(SHORT, SHORT, LONG);
        try (TestServer server = server(1, 1, 1 << 20, times);
                Wire only = server.connect();
                Wire silent = server.connect();
                Wire waiting = server.connect()) {
            assertThat(only.send(TestServer.OK).answer().status()).isEqualTo(200);
            assertThat(silent.ends()).isTrue();
            silent.close();
            assertThat(waiting.send(TestServer.OK).answer().status()).isEqualTo(503);
            assertThat(only.send(TestServer.OK).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void unfinishedRequestsHoldNoMoreThanTheyMay() throws Exception {
        String begun =
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 16000\r\n\r\n"
                        + "x".repeat(9000);
        try (TestServer server = server(100, 10, 100_000, TimeLimits.DEFAULT)) {
            List<Wire> slow = new ArrayList<>();
            while (server.http.status().requests(Status.UNAVAILABLE) == 0) {
                slow.add(server.connect().send(begun));
                try (Wire other = server.connect()) {
                    assertThat(other.send(TestServer.OK).answer().status()).isEqualTo(200);
                }
            }
            assertThat(slow).hasSizeLessThanOrEqualTo(100_000 / 9_000 + 1);
            Answer refused = slow.removeLast().answer();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.head()).contains("\r\nRetry-After: 1\r\n");
            for (Wire one : slow) {
                one.close();
            }
            while (server.http.status().open() > 0) {
                Thread.onSpinWait();
            }
            assertThat(server.http.status().inFlight()).isZero();
            try (Wire again = server.connect()) {
                assertThat(again.send(begun + "x".repeat(7000)).answer().body()).hasSize(16_000);
            }
        }
    }

    @Test
    void untakenAnswersHoldNoMoreThanTheyMay() throws Exception {
        try (TestServer server = server(100, 10, 24 << 20, TestServer.times(LONG, LONG, LONG));
                Wire other = server.connect()) {
            List<Wire> lazy = new ArrayList<>();
            while (server.http.status().closed(CloseReason.OVERLOAD) == 0) {
                lazy.add(
                        server.connect().send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20)));
                assertThat(other.send(TestServer.OK).answer().status()).isEqualTo(200);
            }
            assertThat(lazy.size()).isLessThan(50);
            for (Wire one : lazy) {
                one.close();
            }
        }
    }

    /** What comes in on time but never ends is no progress for ever. */
    @Test
    void aBodyInDripsEndsWhenItsTimeIsUp() throws Exception {
        TimeLimits times =
                new TimeLimits(LONG, LONG, Duration.ofMillis(400), LONG, LONG, LONG, LONG);
        try (TestServer server = server(10, 2, 1 << 20, times);
                Wire wire = server.connect()) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n");
            while (server.http.status().requests(Status.REQUEST_TIMEOUT) == 0) {
                wire.send("x");
                Thread.sleep(10);
            }
            assertThat(wire.answer()).matches(answer -> answer.status() == 408 && answer.closes());
        }
    }

    @Test
    void aHeadInDripsEndsWhenItsTimeIsUp() throws Exception {
        TimeLimits times =
                new TimeLimits(Duration.ofMillis(400), LONG, LONG, LONG, LONG, LONG, LONG);
        try (TestServer server = server(10, 2, 1 << 20, times);
                Wire wire = server.connect()) {
            wire.send(TestServer.OK).answer();
            wire.send("GET /ok HTTP/1.1\r\nHost: a\r\nX: ");
            while (server.http.status().requests(Status.REQUEST_TIMEOUT) == 0) {
                wire.send("x");
                Thread.sleep(10);
            }
            assertThat(wire.answer()).matches(answer -> answer.status() == 408 && answer.closes());
        }
    }

    @Test
    void aClientThatClosesItsHalfInTheMiddleIsToldSo() throws Exception {
        try (TestServer server = server(10, 2, 1 << 20, TimeLimits.DEFAULT);
                Wire wire = server.connect()) {
            wire.send(
                    TestServer.OK
                            + "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
            wire.endOutput();
            assertThat(wire.answer().status()).isEqualTo(200);
            assertThat(wire.answer()).matches(answer -> answer.status() == 400 && answer.closes());
            assertThat(wire.ends()).isTrue();
        }
    }

    /** The age alone never ends a connection: without an answer to say so, a request could be lost. */
    @Test
    void pastItsAgeAnIdleConnectionStays() throws Exception {
        try (TestServer server =
                        new TestServer(
                                Duration.ofMillis(20), TestServer.times(LONG, LONG, LONG), 1);
                Wire wire = server.connect()) {
            assertThat(wire.send(TestServer.OK).answer().status()).isEqualTo(200);
            Thread.sleep(600);
            assertThat(wire.send(TestServer.OK).answer()).matches(Answer::closes);
            assertThat(wire.ends()).isTrue();
        }
    }

    /** Requests that had arrived together are all answered; only the last answer ends the connection. */
    @Test
    void pastItsAgeWhatHasArrivedIsStillAnswered() throws Exception {
        try (TestServer server =
                        new TestServer(
                                Duration.ofSeconds(2), TestServer.times(LONG, LONG, LONG), 1);
                Wire wire = server.connect()) {
            Thread.sleep(2_600);
            wire.send(TestServer.OK.repeat(50));
            for (int i = 1; i <= 50; i++) {
                assertThat(wire.answer().closes()).isEqualTo(i == 50);
            }
            assertThat(wire.ends()).isTrue();
        }
    }

    /** A client that always has another request there can't keep its connection for ever. */
    @Test
    void atTwiceItsAgeAnyAnswerIsTheLast() throws Exception {
        Duration age = Duration.ofMillis(300);
        try (TestServer server = new TestServer(age, TestServer.times(LONG, LONG, LONG), 1);
                Wire wire = server.connect()) {
            String many = TestServer.OK.repeat(200);
            wire.send(many);
            int answers = 0;
            Answer answer = wire.answer();
            while (!answer.closes()) {
                answers++;
                if (answers % 100 == 0) {
                    // Always more behind: there is no answer with nothing buffered after it.
                    wire.send(many);
                }
                answer = wire.answer();
            }
            assertThat(wire.ends()).isTrue();
        }
    }

    /** Many requests sent at once are answered in turns: who sends one does not wait for all of them. */
    @Test
    void whoPipelinesLetsOthersHaveTheirTurn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch otherSent = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Response page = Response.of(Status.OK, "text/plain", "x".repeat(4 << 10));
        Route pages =
                new Route(
                        Method.GET,
                        "/page",
                        _ -> {
                            order.add("page");
                            begun.countDown();
                            awaitUninterruptibly(otherSent);
                            return page;
                        });
        Route other =
                new Route(
                        Method.GET,
                        "/other",
                        _ -> {
                            order.add("other");
                            return page;
                        });
        try (TestServer server = new TestServer(List.of(pages, other));
                Wire many = server.connect();
                Wire one = server.connect()) {
            many.send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20));
            begun.await();
            one.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
            otherSent.countDown();
            assertThat(one.answer().status()).isEqualTo(200);
            for (int i = 0; i < 20; i++) {
                assertThat(many.answer().status()).isEqualTo(200);
            }
            assertThat(order).hasSize(21);
            assertThat(order.indexOf("other")).isLessThan(10);
            assertThat(many.send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n").answer().status())
                    .isEqualTo(200);
        }
    }

    /** Requests that wait behind answers nobody takes have come in whole: theirs is the answers' time, not a head's. */
    @Test
    void whoPipelinesAndReadsLateStillGetsAllAnswers() throws Exception {
        TimeLimits times = new TimeLimits(SHORT, LONG, LONG, LONG, LONG, LONG, LONG);
        try (TestServer server = server(10, 2, 64 << 20, times);
                Wire late = server.connect();
                Wire silent = server.connect()) {
            late.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(5));
            while (server.http.status().requests(Status.OK) == 0) {
                Thread.onSpinWait();
            }
            assertThat(silent.send("GET /ok").answer().status()).isEqualTo(408);
            assertThat(silent.ends()).isTrue();
            for (int i = 0; i < 5; i++) {
                assertThat(late.answer().status()).isEqualTo(200);
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
