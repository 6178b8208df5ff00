package dev.headroom.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A probe's conversation with a gRPC server of Go, as {@code record-health-answers.go} wrote it down, and what the kubelet (1.34, pkg/probe/grpc) makes of it.
 */
class GrpcProbeTest {
    private static final String ADDRESS = "10.0.0.1:9000";
    private static final int TIMEOUT = 2_000;

    private record Recorded(byte[] question, byte[] answer) {
        static Recorded of(String name) throws IOException {
            try (InputStream file =
                    GrpcProbeTest.class.getResourceAsStream("/health-answers.txt")) {
                List<String> lines =
                        new String(
                                        Objects.requireNonNull(file).readAllBytes(),
                                        StandardCharsets.UTF_8)
                                .lines()
                                .toList();
                int at = lines.indexOf(name);
                HexFormat hex = HexFormat.of();
                return new Recorded(
                        hex.parseHex(lines.get(at + 1)), hex.parseHex(lines.get(at + 2)));
            }
        }
    }

    private static Probe.Result ask(String service, byte[] answer, ByteArrayOutputStream asked) {
        HealthCall call = new HealthCall(new ByteArrayInputStream(answer), asked);
        return GrpcProbe.ask(call, ADDRESS, service, TIMEOUT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    serving | '' | ''
                    not serving | down | service unhealthy (responded with "NOT_SERVING")
                    unknown | unsaid | service unhealthy (responded with "UNKNOWN")
                    no such service | other | error: health rpc probe failed: rpc error: code = NotFound desc = unknown service
                    no health | '' | error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health
                    deadline | '' | timeout: health rpc did not complete within 2s
                    no message | '' | 'error: health rpc probe failed: rpc error: code = Internal desc = '
                    """)
    void saysWhatTheKubeletSays(String recorded, String service, String said) throws IOException {
        Recorded exchange = Recorded.of(recorded);
        ByteArrayOutputStream asked = new ByteArrayOutputStream();
        Probe.Result result = ask(service, exchange.answer(), asked);
        assertThat(result).isEqualTo(new Probe.Result(said.isEmpty(), true, said));
        assertThat(asked.toByteArray()).startsWith(exchange.question());
    }

    @Test
    void readsMessagesThatAreEscaped() throws IOException {
        Probe.Result result = ask("", Recorded.of("message").answer(), new ByteArrayOutputStream());
        assertThat(result.message())
                .isEqualTo(
                        "error: health rpc probe failed: rpc error: code = Unavailable desc = 100 % + ü\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request",
                "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"
            })
    void whatSpeaksAnotherProtocolIsNotConnected(String said) {
        Probe.Result result =
                ask("", said.getBytes(StandardCharsets.UTF_8), new ByteArrayOutputStream());
        assertThat(result.message())
                .isEqualTo(
                        "timeout: failed to connect service \"10.0.0.1:9000\" within 2s: context deadline exceeded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serving", "no such service", "no health"})
    void anAnswerThatEndsTooEarlyIsNone(String recorded) throws IOException {
        byte[] whole = Recorded.of(recorded).answer();
        int needed = whole.length;
        while (needed > 0 && isAnswer(recorded, Arrays.copyOf(whole, needed - 1))) {
            needed--;
        }
        for (int length = 0; length < needed; length++) {
            assertThat(isAnswer(recorded, Arrays.copyOf(whole, length))).isFalse();
        }
    }

    @Test
    void aMessageThatIsNotWellEncodedIsGivenAsItCame() {
        assertThat(GrpcProbe.decoded("100 %zz")).isEqualTo("100 %zz");
    }

    /** Greeted, and then pinged for ever. */
    @Test
    void anAnswerThatNeverEndsIsNone() {
        String pings = "0000080600000000000000000000000000".repeat(100_000);
        byte[] said = HexFormat.of().parseHex("000000040000000000" + pings);
        assertThat(ask("", said, new ByteArrayOutputStream()).message())
                .endsWith("code = Unavailable desc = the answer is too long");
    }

    private static boolean isAnswer(String recorded, byte[] said) {
        Probe.Result result = ask("", said, new ByteArrayOutputStream());
        return recorded.equals("serving")
                ? result.success()
                : result.message().contains("unknown service");
    }
}
