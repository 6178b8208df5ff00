package dev.headroom.iris.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.json.BodyException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rows and numbers against Jackson as another reader of JSON, and a table of what is refused, where and how. */
class RowReaderTest {
    private static final List<String> NAMES = List.of("a", "bb", "sepal_length");
    private static final String GOOD = "{\"a\":1,\"bb\":2,\"sepal_length\":3}";
    private static final JsonMapper JACKSON = new JsonMapper();

    private final RowReader reader = new RowReader(NAMES, 3);
    private final List<float[]> rows = new ArrayList<>();

    private int read(String json) throws BodyException {
        rows.clear();
        // Within other bytes, so that a reader that looks beyond its range is found out.
        byte[] bytes = ("0,{" + json + "}9").getBytes(StandardCharsets.UTF_8);
        return reader.read(bytes, 3, bytes.length - 2, row -> rows.add(row.clone()));
    }

    private BodyException refusal(String json) {
        try {
            read(json);
        } catch (BodyException e) {
            return e;
        }
        throw new AssertionError("accepted: " + json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                "{\"sepal_length\":3,\"bb\":2,\"a\":1}",
                " \t\r\n{ \"bb\" : 2.0e0 ,\n\"a\":10E-1,\"sepal_length\":0.3E+1 } ",
                "{\"\\u0061\":1,\"b\\u0062\":2,\"sepal\\u005Flength\":3}",
                "\ufeff" + GOOD,
                "{\"a\":1,\"x\":{\"y\":[1,{}]},\"bb\":2,\"x\":\"\\ud800\",\"sepal_length\":3,\"x\":1e999}",
                "{\"\\ud800\":null,\"ä€😀\":\"ä€😀\",\"a\":1,\"bb\":2,\"sepal_length\":3}",
            })
    void readsMembersInAnyOrderAndForm(String json) throws BodyException {
        assertThat(read(json)).isEqualTo(-1);
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst()).containsExactly(1, 2, 3);
    }

    @Test
    void readsArraysInOrderUpToTheMost() throws BodyException {
        String other = GOOD.replace('3', '4');
        assertThat(read("[ " + GOOD + " , " + other + "," + GOOD + "]")).isEqualTo(3);
        assertThat(rows).hasSize(3);
        assertThat(rows.get(1)).containsExactly(1, 2, 4);
        String four = "[" + GOOD + "," + GOOD + "," + GOOD + "," + GOOD + "]";
        assertThat(refusal(four).kind()).isEqualTo(Kind.TOO_MANY_ROWS);
        assertThat(refusal(four + "x").kind()).isEqualTo(Kind.NOT_JSON);
    }

    @Test
    void numbersAreTheNearestDoublesAsFloats() throws BodyException {
        Random random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            String number = number(random);
            String json = "{\"a\":" + number + ",\"bb\":-0,\"sepal_length\":0.1}";
            double expected = JACKSON.readTree(json).get("a").doubleValue();
            if (Float.isInfinite((float) expected)) {
                assertThat(refusal(json).kind()).isEqualTo(Kind.INVALID);
            } else {
                read(json);
                assertThat(rows.getFirst()[0]).as(number).isEqualTo((float) expected);
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

    /** 64 arrays and objects within one another are accepted, the row itself included; one more is not. */
    @ParameterizedTest
    @CsvSource({"{,},63", "[{,}],62"})
    void nestingIsCountedFromTheOutermost(String open, String close, int more)
            throws BodyException {
        String members = "\"a\":1,\"bb\":2,\"sepal_length\":3,\"x\":";
        read(open + members + "[".repeat(more) + "]".repeat(more) + close);
        assertThat(rows).hasSize(1);
        String deeper = open + members + "[".repeat(more + 1) + "]".repeat(more + 1) + close;
        assertThat(refusal(deeper).kind()).isEqualTo(Kind.NOT_JSON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                          | NOT_JSON | ``      | the body is cut short",
                "3                           | INVALID  | ``      | the body is a number",
                "null                        | INVALID  | ``      | the body is null",
                "[]                          | INVALID  | ``      | the batch is empty",
                "[[]]                        | INVALID  | /0      | this is an array",
                "{}                          | INVALID  | /a      | a, bb, sepal_length are missing",
                "{\"a\":1,\"bb\":2}          | INVALID  | /sepal_length | sepal_length is missing",
                "{\"a\":1,\"a\":2}           | INVALID  | /a      | a is there twice",
                "{\"a\":1,\"\\u0061\":2}     | INVALID  | /a      | a is there twice",
                "{\"a\":\"1\"}               | INVALID  | /a      | a is a string: expected a number",
                "{\"a\":null}                | INVALID  | /a      | a is null",
                "{\"a\":true}                | INVALID  | /a      | a is a boolean",
                "{\"a\":[1]}                 | INVALID  | /a      | a is an array",
                "{\"a\":{}}                  | INVALID  | /a      | a is an object",
                "{\"a\":1e39}                | INVALID  | /a      | a is 1e39: expected a number that a 32-bit float can hold",
                "{\"a\":-1e400}              | INVALID  | /a      | a is -1e400",
                "[{\"a\":1,\"bb\":2,\"sepal_length\":3},{\"a\":1,\"bb\":\"\",\"sepal_length\":3}] | INVALID | /1/bb | bb is a string",
                "nope                        | NOT_JSON | ``      | not JSON at byte 1",
                "{\"a\":NaN}                 | NOT_JSON | /a      | not JSON at byte 5",
                "{\"a\":Infinity}            | NOT_JSON | /a      | not JSON",
                "{\"a\":\"1\",\"bb\":01}     | NOT_JSON | /bb     | a number that is none",
                "{\"a\":1.}                  | NOT_JSON | /a      | a number that is none",
                "{\"a\":+1}                  | NOT_JSON | /a      | expected a value",
                "{\"a\":1                    | NOT_JSON | ``      | cut short",
                "{\"a\"                      | NOT_JSON | /a      | cut short",
                "{\"a                        | NOT_JSON | ``      | cut short",
                "{\"a\":1,}                  | NOT_JSON | ``      | not JSON at byte 7",
                "{'a':1}                     | NOT_JSON | ``      | not JSON at byte 1",
                "{\"a\" 1}                   | NOT_JSON | /a      | expected ':'",
                "{\"a\":1 \"bb\":2}          | NOT_JSON | ``      | expected ','",
                "{\"a\":1,\"bb\":2}x         | NOT_JSON | ``      | more behind the end",
            })
    void refusesByName(String json, Kind kind, String pointer, String message) {
        BodyException refusal = refusal(json);
        assertThat(refusal.kind()).isEqualTo(kind);
        assertThat(refusal.pointer()).isEqualTo(pointer);
        assertThat(refusal.detail()).contains(message);
    }

    @Test
    void anErrorsTextIsAJsonString() {
        for (String text : List.of("plain", "a\"b\\c", "\u0000\n\u001f\u007f", "ä€\ud83d\ude00")) {
            JsonNode read = JACKSON.readTree(JsonText.quote(text));
            assertThat(read.stringValue()).isEqualTo(text);
        }
    }
}
