package dev.headroom.iris.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.http.Wire;
import dev.headroom.iris.api.http.Wire.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /predict} over the wire: classes, batches, probabilities, media types and sizes. */
@Timeout(60)
class PredictTest {
    private static final JsonMapper JACKSON = new JsonMapper();
    private static final String[] NAMES = {
        "sepal_length", "sepal_width", "petal_length", "petal_width"
    };

    private Service service;
    private Wire wire;

    @BeforeEach
    void start() throws IOException {
        service = new Service(Map.of("MAX_CONNECTION_AGE", "0"));
        wire = service.connect();
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        service.close();
    }

    private static String flower(String[] cells) {
        return IntStream.range(0, NAMES.length)
                .mapToObj(i -> "\"" + NAMES[i] + "\":" + cells[i])
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** The 150 flowers, the thresholds with their float32 neighbours and random lengths, with what Tribuo said at training. */
    @Test
    void theClassIsThatOfTheModel() throws IOException {
        List<String> lines =
                Files.readAllLines(Path.of("..", "iris-training", "target", "iris-expected.csv"));
        assertThat(lines).hasSizeGreaterThan(5_000);
        for (int from = 0; from < lines.size(); from += 1000) {
            List<String> part = lines.subList(from, Math.min(lines.size(), from + 1000));
            String batch =
                    part.stream()
                            .map(line -> flower(line.split(",", -1)))
                            .collect(Collectors.joining(",", "[", "]"));
            String expected =
                    part.stream()
                            .map(line -> "{\"prediction\":\"" + line.split(",", -1)[4] + "\"}")
                            .collect(Collectors.joining(",", "[", "]"));
            assertThat(wire.send(Service.post(batch)).answer().body()).isEqualTo(expected);
        }
    }

    /** Decimals that are no float32 are first the nearest double, then the nearest float32. */
    @Test
    void aDecimalIsRoundedTwiceAsOnnxRuntimesClientsDo() throws IOException {
        float below = 2.4499998f;
        double middle = (below + (double) Math.nextUp(below)) / 2;
        for (double value : new double[] {middle, Math.nextDown(middle), Math.nextUp(middle)}) {
            String exact = new java.math.BigDecimal(value).toPlainString();
            String asFloat = new java.math.BigDecimal((float) value).toPlainString();
            String[] one = {"5.1", "3.5", exact, "0.2"};
            String[] two = {"5.1", "3.5", asFloat, "0.2"};
            assertThat(wire.send(Service.post(flower(one))).answer().body())
                    .isEqualTo(wire.send(Service.post(flower(two))).answer().body());
        }
    }

    @Test
    void aBatchIsAnsweredInOrder() throws IOException {
        String batch = "[" + Service.SETOSA + "," + Service.VERSICOLOR + "," + Service.SETOSA + "]";
        assertThat(wire.send(Service.post(batch)).answer().body())
                .isEqualTo(
                        "[{\"prediction\":\"setosa\"},{\"prediction\":\"versicolor\"},{\"prediction\":\"setosa\"}]");
    }

    @Test
    void aBatchHasAtMostTenThousandRows() throws IOException {
        String rows = (Service.SETOSA + ",").repeat(9_999);
        Answer most = wire.send(Service.post("[" + rows + Service.SETOSA + "]")).answer();
        assertThat(most.status()).isEqualTo(200);
        assertThat(JACKSON.readTree(most.body())).hasSize(10_000);
        Answer more =
                wire.send(Service.post("[" + rows + Service.SETOSA + "," + Service.SETOSA + "]"))
                        .answer();
        assertThat(more.status()).isEqualTo(413);
        assertThat(wire.send(Service.post(Service.SETOSA)).answer().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/predict?probabilities=true, 200, true",
        "/predict?probabilities=%74rue, 200, true",
        "/predict?%70robabilities=true&x=y, 200, true",
        "/predict?a&b=&probabilities=true&&, 200, true",
        "/predict?probabilities=false, 200, false",
        "/predict?, 200, false",
        "/predict?Probabilities=true, 200, false",
        "/predict?x=%zz, 200, false",
        "/predict?probabilities=1, 400, false",
        "/predict?probabilities=, 400, false",
        "/predict?probabilities, 400, false",
        "/predict?probabilities=TRUE, 400, false",
        "/predict?probabilities=true&probabilities=false, 400, false",
    })
    void probabilitiesAreAddedWhenAskedFor(String target, int status, boolean asked)
            throws IOException {
        Answer answer = wire.send(Service.post(target, Service.VERSICOLOR)).answer();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.closes()).isFalse();
        JsonNode body = JACKSON.readTree(answer.body());
        assertThat(body.has("probabilities")).isEqualTo(asked);
        if (asked) {
            JsonNode probabilities = body.get("probabilities");
            assertThat(probabilities.propertyNames())
                    .containsExactly("setosa", "versicolor", "virginica");
            double sum = 0;
            for (JsonNode one : probabilities) {
                sum += one.doubleValue();
            }
            assertThat(sum).isBetween(0.999, 1.001);
            assertThat(probabilities.get(body.get("prediction").stringValue()).doubleValue())
                    .isGreaterThan(0.5);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: application/json | 200",
                "Content-Type: application/json; charset=utf-8 | 200",
                "content-type: APPLICATION/JSON ;a=\"b\" | 200",
                "X: y | 200",
                "Content-Type: text/plain | 415",
                "Content-Type: application/jsonp | 415",
                "Content-Type: application/x-www-form-urlencoded | 415",
                "Content-Type: application/problem+json | 415",
                "Content-Encoding: gzip | 415",
                "Content-Encoding: identity | 200",
                "Accept: text/html | 200",
                "Accept: application/xml;q=0 | 200",
            })
    void mediaTypes(String field, int status) throws IOException {
        String request =
                "POST /predict HTTP/1.1\r\nHost: a\r\n"
                        + field
                        + "\r\nContent-Length: "
                        + Service.SETOSA.length()
                        + "\r\n\r\n"
                        + Service.SETOSA;
        assertThat(wire.send(request).answer().status()).isEqualTo(status);
        assertThat(wire.send(request).answer().status()).isEqualTo(status);
    }

    @Test
    void aBodyMayHaveOneMebibyteAndNotMore() throws IOException {
        int limit = 1 << 20;
        String most = Service.SETOSA + " ".repeat(limit - Service.SETOSA.length());
        assertThat(wire.send(Service.post(most)).answer().status()).isEqualTo(200);
        String head = "POST /predict HTTP/1.1\r\nHost: a\r\n";
        Answer more = wire.send(head + "Content-Length: " + (limit + 1) + "\r\n\r\n").answer();
        assertThat(more.status()).isEqualTo(413);
        assertThat(more.closes()).isTrue();
        // In chunks it is known, and said, before the chunk itself comes.
        try (Wire other = service.connect()) {
            other.send(
                    head
                            + "Transfer-Encoding: chunked\r\n\r\n100000\r\n"
                            + " ".repeat(limit)
                            + "\r\n1\r\n");
            assertThat(other.answer().status()).isEqualTo(413);
            assertThat(other.ends()).isTrue();
        }
    }

    @Test
    void moreRowsThanMayBeUnderWayAreRefused() throws IOException {
        String two = "[" + Service.SETOSA + "," + Service.SETOSA + "]";
        String three = "[" + Service.SETOSA + "," + two.substring(1);
        try (Service small = new Service(Map.of("MAX_ROWS_IN_FLIGHT", "2"));
                Wire other = small.connect()) {
            Answer refused = other.send(Service.post(three)).answer();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.head()).contains("\r\nRetry-After: 1\r\n");
            // What was given back can be taken again.
            for (int i = 0; i < 5; i++) {
                assertThat(other.send(Service.post(two)).answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void predictionsAreCountedByClass() throws IOException {
        wire.send(Service.post(Service.SETOSA)).answer();
        wire.send(Service.post("[" + Service.SETOSA + "," + Service.VERSICOLOR + "]")).answer();
        wire.send(Service.post("[" + Service.SETOSA + ",{}]")).answer();
        assertThat(wire.send(Service.get("/metrics")).answer().body().lines())
                .contains(
                        "iris_predictions_total{class=\"setosa\"} 2",
                        "iris_predictions_total{class=\"versicolor\"} 1",
                        "iris_predictions_total{class=\"virginica\"} 0");
    }
}
