package dev.headroom.iris.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.http.Wire;
import dev.headroom.iris.api.http.Wire.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code bodies.txt} over the wire: status, problem details and pointer; the connection stays after each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictBodyTest {
    private static final JsonMapper JACKSON = new JsonMapper();
    private static final Pattern BYTE = Pattern.compile("<([0-9a-f]{2})>");
    private static final Pattern TIMES = Pattern.compile("([0-9]+)\\*\\(([^)]*)\\)");
    private static final String MEMBERS = Service.SETOSA.substring(1, Service.SETOSA.length() - 1);

    private Service service;

    @BeforeAll
    void start() throws IOException {
        service = new Service(Map.of("MAX_CONNECTION_AGE", "0"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    record Case(int status, String pointer, String detail, String body) {
        @Override
        public String toString() {
            return status + " " + (body.length() > 80 ? body.substring(0, 80) + "…" : body);
        }
    }

    static List<Case> cases() throws IOException {
        try (InputStream file = PredictBodyTest.class.getResourceAsStream("bodies.txt")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(PredictBodyTest::read)
                    .toList();
        }
    }

    private static Case read(String line) {
        String[] parts = line.split(" \\| ?", 4);
        String body =
                TIMES.matcher(parts[3].replace("{OK}", MEMBERS)).replaceAll(PredictBodyTest::times);
        body = BYTE.matcher(body).replaceAll(PredictBodyTest::character);
        return new Case(Integer.parseInt(parts[0]), parts[1].trim(), parts[2].trim(), body);
    }

    private static String times(MatchResult match) {
        return match.group(2).repeat(Integer.parseInt(match.group(1)));
    }

    private static String character(MatchResult match) {
        String one = String.valueOf((char) Integer.parseInt(match.group(1), 16));
        return java.util.regex.Matcher.quoteReplacement(one);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAnsweredAsTheTableSays(Case one) throws IOException {
        try (Wire wire = service.connect()) {
            Answer answer = wire.send(Service.post(one.body())).answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(one.status());
            assertThat(answer.closes()).isFalse();
            if (one.status() != 200) {
                checkProblem(answer, one);
            }
            // Byte by byte in chunks the same is said.
            StringBuilder chunks = new StringBuilder();
            for (int i = 0; i < Math.min(2_000, one.body().length()); i++) {
                chunks.append("1\r\n").append(one.body().charAt(i)).append("\r\n");
            }
            if (one.body().length() <= 2_000) {
                String head =
                        "POST /predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
                Answer again = wire.send(head + chunks + "0\r\n\r\n").answer();
                assertThat(again.body()).isEqualTo(answer.body());
            }
            assertThat(wire.send(Service.get("/healthz")).answer().status()).isEqualTo(200);
        }
    }

    private static void checkProblem(Answer answer, Case one) {
        assertThat(answer.head()).contains("\r\nContent-Type: application/problem+json\r\n");
        JsonNode problem = JACKSON.readTree(answer.body());
        assertThat(problem.get("type").stringValue()).isEqualTo("about:blank");
        assertThat(problem.get("title").stringValue())
                .isEqualTo(one.status() == 400 ? "Bad Request" : "Unprocessable Content");
        assertThat(problem.get("status").intValue()).isEqualTo(one.status());
        String pointer = problem.get("pointer").stringValue();
        if (!one.pointer().equals("-")) {
            assertThat(pointer).isEqualTo(one.pointer().equals("<>") ? "" : one.pointer());
        }
        if (!one.detail().equals("-")) {
            assertThat(problem.get("detail").stringValue()).contains(one.detail());
        }
    }
}
