package dev.headroom.iris.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.http.Wire;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The access log, in both forms, with the ids of a W3C traceparent; nothing is logged where nobody asked for it. */
class LogTest {
    private static final String TRACE =
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";

    private static String said(Map<String, String> settings, String... requests)
            throws IOException {
        try (Service service = new Service(settings);
                Wire wire = service.connect()) {
            for (String request : requests) {
                wire.send(request).answer();
            }
            return service.said();
        }
    }

    private static String get(String field) {
        return "GET /healthz?a=\"b HTTP/1.1\r\nHost: a\r\n" + field + "\r\n";
    }

    @Test
    void isOffByDefault() throws IOException {
        assertThat(said(Map.of(), get(""), Service.post("{"))).isEmpty();
    }

    @Test
    void tellsARequestInALine() throws IOException {
        assertThat(said(Map.of("ACCESS_LOG", "on"), get(TRACE)))
                .matches(
                        "iris-api: 127\\.0\\.0\\.1:[0-9]+ \"GET /healthz\\?a=\\\\\"b\" 200 15 B [0-9]+ us"
                                + " trace_id=0af7651916cd43dd8448eb211c80319c parent_id=b7ad6b7169203331 trace_flags=01\n");
    }

    @Test
    void tellsItInJson() throws IOException {
        String said =
                said(
                        Map.of("ACCESS_LOG", "on", "LOG_FORMAT", "json"),
                        get(TRACE),
                        "nonsense\r\n\r\n");
        JsonNode first = new JsonMapper().readTree(said.lines().toList().get(0));
        assertThat(first.get("level").stringValue()).isEqualTo("info");
        assertThat(first.get("message").stringValue()).isEqualTo("request");
        assertThat(first.get("method").stringValue()).isEqualTo("GET");
        assertThat(first.get("target").stringValue()).isEqualTo("/healthz?a=\"b");
        assertThat(first.get("status").intValue()).isEqualTo(200);
        assertThat(first.get("trace_id").stringValue())
                .isEqualTo("0af7651916cd43dd8448eb211c80319c");
        JsonNode second = new JsonMapper().readTree(said.lines().toList().get(1));
        assertThat(second.get("status").intValue()).isEqualTo(400);
        assertThat(second.has("trace_id")).isFalse();
    }

    @Test
    void aTraceparentThatIsNoneIsNotPassedOn() throws IOException {
        for (String wrong :
                new String[] {
                    "x",
                    "00-" + "0".repeat(32) + "-b7ad6b7169203331-01",
                    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
                }) {
            assertThat(said(Map.of("ACCESS_LOG", "on"), get("traceparent: " + wrong + "\r\n")))
                    .doesNotContain("trace_id");
        }
    }
}
