package dev.headroom.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.lab.run.RunDirectory;
import dev.headroom.lab.run.RunFile;
import dev.headroom.lab.run.StageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures' way to a collector that answers as it is told. */
@SuppressWarnings("NullAway.Init")
class OtlpPushTest {
    @TempDir private Path folder;
    private HttpServer collector;
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final List<String> got = Collections.synchronizedList(new ArrayList<>());
    private String said = "{}";
    private String base;

    @BeforeEach
    void start() throws IOException {
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    got.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Content-Type")
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("X-Key")
                                    + " "
                                    + body);
                    Integer status = answers.isEmpty() ? Integer.valueOf(200) : answers.poll();
                    exchange.getResponseHeaders().set("Retry-After", "0");
                    byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        collector.start();
        base = "http://127.0.0.1:" + collector.getAddress().getPort();
        Files.writeString(folder.resolve(RunFile.OTLP.fileName()), "{\"the\":\"body\"}");
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private String send(String... environment) throws Exception {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put("OTEL_EXPORTER_OTLP_" + environment[i], environment[i + 1]);
        }
        OtlpPush push = OtlpPush.of(variables);
        assertThat(push).isNotNull();
        String rejected = push.send(RunDirectory.open(folder));
        return rejected == null ? "" : rejected;
    }

    @Test
    void goesToTheEndpointWithItsHeaders() throws Exception {
        assertThat(send("ENDPOINT", base + "/", "HEADERS", "X-Key=a%20b+c,Y=")).isEmpty();
        assertThat(send("ENDPOINT", "http://nowhere", "METRICS_ENDPOINT", base + "/own")).isEmpty();
        assertThat(got)
                .containsExactly(
                        "POST /v1/metrics application/json a b+c {\"the\":\"body\"}",
                        "POST /own application/json null {\"the\":\"body\"}");
    }

    @Test
    void isTriedAgainWhereTheProtocolSaysSo() throws Exception {
        answers.addAll(List.of(429, 503, 200));
        assertThat(send("ENDPOINT", base)).isEmpty();
        assertThat(got).hasSize(3);
    }

    @Test
    void givesUpAndSaysWhatToDo() {
        answers.addAll(List.of(400));
        assertThatThrownBy(() -> send("ENDPOINT", base))
                .isInstanceOf(StageException.class)
                .hasMessageContaining(base + "/v1/metrics: HTTP 400")
                .hasMessageContaining("headroom report --output otlp RUN_DIR");
        assertThat(got).hasSize(1);
        answers.addAll(List.of(502, 502, 502, 502));
        assertThatThrownBy(() -> send("ENDPOINT", base)).hasMessageContaining("HTTP 502");
        assertThat(got).hasSize(5);
        collector.stop(0);
        assertThatThrownBy(() -> send("ENDPOINT", base)).isInstanceOf(StageException.class);
    }

    @Test
    void saysWhatWasNotTaken() throws Exception {
        said = "{\"partialSuccess\":{\"rejectedDataPoints\":\"2\",\"errorMessage\":\"too old\"}}";
        assertThat(send("ENDPOINT", base)).isEqualTo("2 figures were rejected: too old");
    }

    @Test
    void nothingIsSentWithoutAnEndpoint() throws Exception {
        assertThat(OtlpPush.of(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " "))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ENDPOINT|localhost:4318|it takes a URL such as http://localhost:4318",
                "PROTOCOL|grpc|headroom sends http/json only",
                "TIMEOUT|soon|it takes milliseconds",
                "HEADERS|secret|it takes KEY=VALUE"
            })
    void wrongSettingsAreNamedBeforeAnythingRuns(String name, String value, String words) {
        Map<String, String> environment = new HashMap<>();
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", base);
        environment.put("OTEL_EXPORTER_OTLP_" + name, value);
        assertThatThrownBy(() -> OtlpPush.of(environment))
                .isInstanceOf(Usage.WrongUsage.class)
                .hasMessageContaining("OTEL_EXPORTER_OTLP_" + name)
                .hasMessageContaining(words)
                .hasMessageNotContaining("secret");
    }
}
