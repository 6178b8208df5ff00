package dev.headroom.iris.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against Jackson as another reader of JSON, and a table of what is refused and how. */
class RowReaderTest {
    private static final List<String> NAMES = List.of("a", "bb", "sepal_length");
    private static final JsonMapper JACKSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final RowReader reader = new RowReader(NAMES);

    private float[] read(String json) throws RowException {
        // Within other bytes, so that a reader that looks beyond its range is found out.
        byte[] bytes = ("0,{" + json + "}9").getBytes(StandardCharsets.UTF_8);
        return reader.read(bytes, 3, bytes.length - 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"bb\":2,\"sepal_length\":3}",
                "{\"sepal_length\":3,\"bb\":2,\"a\":1}",
                " \t\r\n{ \"bb\" : 2.0e0 ,\n\"a\":10E-1,\"sepal_length\":0.3E+1 } ",
                "{\"\\u0061\":1,\"b\\u0062\":2,\"sepal\\u005Flength\":3}",
            })
    void readsMembersInAnyOrderAndForm(String json) throws RowException {
        assertThat(read(json)).containsExactly(1, 2, 3);
    }

    @Test
    void numbersAreTheNearestDoublesAsFloats() throws RowException {
        Random random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            String number = number(random);
            String json = "{\"a\":" + number + ",\"bb\":-0,\"sepal_length\":0.1}";
            double expected = JACKSON.readTree(json).get("a").doubleValue();
            if (Float.isInfinite((float) expected)) {
                assertThatThrownBy(() -> read(json)).hasMessageContaining("a is ");
            } else {
                assertThat(read(json)[0]).as(number).isEqualTo((float) expected);
            }
        }
    }

    /** Of every length, around the powers that are exact, and near the limits of a float. */
    private static String number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> String.format(Locale.ROOT, "%.1f", random.nextDouble(10));
            case 1 -> Double.toString(random.nextDouble(-100, 100));
            case 2 -> Float.toString(Float.intBitsToFloat(random.nextInt(0x7f000000)));
            case 3 -> random.nextLong() + "." + random.nextLong(Long.MAX_VALUE);
            case 4 -> (9007199254740990L + random.nextInt(8)) + "e" + (random.nextInt(80) - 45);
            default -> "0." + "0".repeat(random.nextInt(40)) + random.nextLong(Long.MAX_VALUE);
        };
    }

    @Test
    void acceptsExactlyWhatJacksonAccepts() {
        Random random = new Random(4);
        String alphabet = "{}[]:,\"\\aub0123456789.eE+- \n\ttrfalsn\u0001";
        List<String> disagreements = new ArrayList<>();
        int accepted = 0;
        for (int i = 0; i < 60_000; i++) {
            List<String> names = new ArrayList<>(NAMES);
            Collections.shuffle(names, random);
            StringBuilder json = new StringBuilder();
            for (String name : names) {
                json.append(json.isEmpty() ? "{" : ",").append('"').append(name).append("\":");
                json.append(number(random));
            }
            json.append('}');
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(json.length());
                json.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
            }
            boolean ours = accepts(json.toString());
            accepted += ours ? 1 : 0;
            if (ours != jacksonAccepts(json.toString())) {
                disagreements.add(json.toString());
            }
        }
        assertThat(disagreements).isEmpty();
        assertThat(accepted).isBetween(6_000, 54_000);
    }

    private boolean accepts(String json) {
        try {
            read(json);
            return true;
        } catch (RowException e) {
            return false;
        }
    }

    private static boolean jacksonAccepts(String json) {
        try {
            JsonNode node = JACKSON.readTree(json);
            return node.isObject()
                    && node.size() == NAMES.size()
                    && NAMES.stream()
                            .allMatch(name ->
                                    node.has(name)
                                            && node.get(name).isNumber()
                                            && Float.isFinite(
                                                    (float) node.get(name).doubleValue()));
        } catch (JacksonException e) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                      | the body is empty",
                "[]                                      | the body is an array",
                "3                                       | the body is a number",
                "nope                                    | the body is no JSON",
                "{}                                      | a, bb, sepal_length are missing",
                "{\"a\":1,\"bb\":2}                      | sepal_length is missing",
                "{\"a\":1,\"a\":2}                       | a is there twice",
                "{\"a\":1,\"\\u0061\":2}                 | a is there twice",
                "{\"petal\":1}                           | unknown field petal",
                "{\"a\":\"1\"}                           | a is a string: expected a number",
                "{\"a\":null}                            | a is null",
                "{\"a\":true}                            | a is a boolean",
                "{\"a\":[1]}                             | a is an array",
                "{\"a\":{}}                              | a is an object",
                "{\"a\":NaN}                             | a is no JSON",
                "{\"a\":Infinity}                        | a is no JSON",
                "{\"a\":1e39}                            | a is 1e39, more than a 32-bit float can hold",
                "{\"a\":-1e400}                          | a is -1e400, more than",
                "{\"a\":01}                              | a is no JSON number",
                "{\"a\":1.}                              | a is no JSON number",
                "{\"a\":-}                               | a is no JSON number",
                "{\"a\":+1}                              | a is no JSON",
                "{\"a\":.5}                              | a is no JSON",
                "{\"a\":1e}                              | a is no JSON number",
                "{\"a\":1                                | cut short",
                "{\"a\"                                  | cut short",
                "{\"a                                    | cut short",
                "{\"a\":                                 | a is missing",
                "{\"a\":1,}                              | not JSON at byte 7",
                "{'a':1}                                 | not JSON at byte 1",
                "{\"a\" 1}                               | expected ':'",
                "{\"a\":1 \"bb\":2}                      | expected ','",
                "{\"a\":1,\"bb\":2,\"sepal_length\":3}x  | more after the object's end",
            })
    void refusesByName(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(RowException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anErrorsTextIsAJsonString() {
        for (String text : List.of("plain", "a\"b\\c", "\u0000\n\u001f\u007f", "ä€\ud83d\ude00")) {
            assertThat(JACKSON.readTree(JsonText.quote(text)).stringValue()).isEqualTo(text);
        }
    }
}
