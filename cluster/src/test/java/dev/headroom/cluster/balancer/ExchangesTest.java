package dev.headroom.cluster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExchangesTest {
    private final ServiceMeter service = new ServiceMeter();
    private final Backend backend = new Backend(new InetSocketAddress("127.0.0.1", 1));
    private final Exchanges exchanges = new Exchanges(service, backend);
    private final HttpHead head = new HttpHead();

    private void client(String bytes, long now) {
        feed(exchanges.requests(), bytes, now);
    }

    private void pod(String bytes, long now) {
        feed(exchanges.answers(), bytes, now);
    }

    private void feed(MessageMeter meter, String text, long now) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        meter.feed(bytes, 0, bytes.limit(), head, now);
    }

    private long recorded() {
        long all = 0;
        for (int i = 0; i <= LatencyBuckets.size(); i++) {
            all += service.latencies().count(i);
        }
        return all;
    }

    @Test
    void latencyIsFromTheRequestsFirstByteToTheAnswersFirst() {
        client("POST /predict HTTP/1.1\r\nContent-Le", 1_000_000_000L);
        client("ngth: 2\r\n\r\n{}", 1_500_000_000L);
        pod("HTTP/1.1 200 OK\r\nContent-", 3_000_000_000L);
        pod("Length: 2\r\n\r\nok", 9_000_000_000L);

        assertThat(backend.answers(2)).isEqualTo(1);
        assertThat(service.latencies().sumSeconds())
                .isCloseTo(2.0, org.assertj.core.data.Offset.offset(1e-6));
    }

    @Test
    void anInterimAnswerIsNoAnswer() {
        client("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", 0);
        pod("HTTP/1.1 100 Continue\r\n\r\n", 1_000_000_000L);
        client("x", 1_100_000_000L);
        pod("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 4_000_000_000L);

        assertThat(backend.answers(5)).isEqualTo(1);
        assertThat(service.latencies().sumSeconds())
                .isCloseTo(4.0, org.assertj.core.data.Offset.offset(1e-6));
    }

    @Test
    void anAnswerToHeadHasNoBodyWhateverItsLengthSays() {
        client("HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", 0);
        pod("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 1);
        pod("HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\nHTTP/", 1);

        assertThat(backend.answers(2)).isEqualTo(1);
        assertThat(backend.answers(4)).isEqualTo(1);
    }

    @Test
    void aBodyThatLastsUntilTheEndIsCompleteAtTheEnd() {
        client("GET / HTTP/1.0\r\n\r\n", 0);
        pod("HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 1);
        assertThat(backend.answers(2)).isZero();
        exchanges.answers().end();
        exchanges.ended();

        assertThat(backend.answers(2)).isEqualTo(1);
        assertThat(service.unanswered()).isZero();
    }

    @Test
    void whatIsInFlightWhenTheConnectionEndsIsUnanswered() {
        client("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", 0);
        pod("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nConte", 1);
        exchanges.answers().end();
        exchanges.ended();

        assertThat(backend.answers(2)).isEqualTo(1);
        assertThat(service.unanswered()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("notHttp")
    void whatIsNoHttpIsNeverCounted(String fromClient, String fromPod) {
        client(fromClient, 0);
        pod(fromPod, 1);
        exchanges.ended();

        assertThat(service.isHttp()).isFalse();
        assertThat(recorded()).isZero();
        assertThat(service.unanswered()).isZero();
    }

    static Stream<Object[]> notHttp() {
        return Stream.of(
                new Object[] {"\u0016\u0003\u0001\u0002\u0000\u0001\u0000", "\u0016\u0003\u0003"},
                new Object[] {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u0000\u0000\u0012"},
                new Object[] {"*1\r\n$4\r\nPING\r\n", "+PONG\r\n"},
                new Object[] {"hello there, this is some text\n", "and this an answer\n"},
                new Object[] {"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-OpenSSH_9\r\n"});
    }

    @Test
    void afterAnUpgradeNothingMoreIsCounted() {
        client("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", 0);
        pod("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", 1);
        client("\u0081\u0005hello", 2);
        pod("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 3);
        exchanges.ended();

        assertThat(service.isHttp()).isTrue();
        assertThat(recorded()).isEqualTo(1);
        assertThat(backend.answers(2)).isZero();
    }

    /** Random pipelined exchanges, cut at random places, counted by Netty's codec and by ours. */
    @Test
    void countsWhatNettyCounts() {
        Random random = new Random(20260101);
        for (int round = 0; round < 300; round++) {
            ServiceMeter meter = new ServiceMeter();
            Backend pod = new Backend(new InetSocketAddress("127.0.0.1", 1));
            Exchanges ours = new Exchanges(meter, pod);
            StringBuilder requests = new StringBuilder();
            StringBuilder answers = new StringBuilder();
            EmbeddedChannel netty =
                    new EmbeddedChannel(new HttpClientCodec(), new HttpObjectAggregator(1 << 20));
            int exchangesInRound = 1 + random.nextInt(20);
            for (int i = 0; i < exchangesInRound; i++) {
                Generated.exchange(random, requests, answers, netty);
            }
            cut(random, requests.toString(), ours.requests());
            cut(random, answers.toString(), ours.answers());
            long[] expected = new long[6];
            netty.writeInbound(
                    Unpooled.copiedBuffer(answers.toString(), StandardCharsets.ISO_8859_1));
            for (FullHttpResponse answer = netty.readInbound();
                    answer != null;
                    answer = netty.readInbound()) {
                if (answer.status().code() >= 200) {
                    expected[answer.status().code() / 100]++;
                }
                answer.release();
            }
            netty.finishAndReleaseAll();
            for (int digit = 2; digit <= 5; digit++) {
                assertThat(pod.answers(digit))
                        .as("round %d, %dxx", round, digit)
                        .isEqualTo(expected[digit]);
            }
            ours.ended();
            assertThat(meter.unanswered()).isZero();
            assertThat(meter.isHttp()).isTrue();
        }
    }

    private void cut(Random random, String text, MessageMeter meter) {
        int at = 0;
        while (at < text.length()) {
            int end =
                    Math.min(
                            text.length(), at + 1 + random.nextInt(random.nextBoolean() ? 4 : 300));
            ByteBuffer bytes = ByteBuffer.allocateDirect(end - at + 16).position(7);
            bytes.put(text.substring(at, end).getBytes(StandardCharsets.ISO_8859_1));
            meter.feed(bytes, 7, 7 + end - at, head, 1);
            at = end;
        }
    }
}
