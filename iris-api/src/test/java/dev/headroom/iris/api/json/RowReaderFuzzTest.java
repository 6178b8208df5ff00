package dev.headroom.iris.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.iris.api.Fuzz;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Bodies of all kinds: what is read, and whether it is JSON or only no row, must be what Jackson's tokens say. */
class RowReaderFuzzTest {
    private static final List<String> NAMES = List.of("a", "bb", "sepal_length");
    private static final int MAX_ROWS = 4;
    private static final byte[] ALPHABET =
            "{}[]:,\"\\/aub0123456789.eE+- \n\r\ttrfalsn\u0001\u0000\u00ef\u00bb\u00bf\u00c3\u00a4\u00ed\u00a0\u00f0\u009f\u0098\u0080\u00ff\u00c0"
                    .getBytes(StandardCharsets.ISO_8859_1);
    private static final JsonFactory JACKSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(64)
                                    .maxNumberLength(1 << 20)
                                    .build())
                    .build();

    private final RowReader reader = new RowReader(NAMES, MAX_ROWS);
    private final AtomicIntegerArray kinds = new AtomicIntegerArray(4);

    @Test
    void saysWhatJacksonSays() {
        Fuzz.run(60_000, this::check);
        // Every kind of answer must have come up, or nothing was compared.
        for (int kind = 0; kind < kinds.length(); kind++) {
            assertThat(kinds.get(kind)).isGreaterThan(300);
        }
    }

    private void check(Random random) {
        byte[] body = document(random).getBytes(StandardCharsets.UTF_8);
        body = Fuzz.mutated(body, Math.max(0, random.nextInt(6) - 2), ALPHABET, random);
        List<float[]> expected = new ArrayList<>();
        int kind = expected(body, expected);
        List<float[]> rows = new ArrayList<>();
        int ours = ours(body, random, rows);
        kinds.incrementAndGet(kind);
        assertThat(ours).as(new String(body, StandardCharsets.ISO_8859_1)).isEqualTo(kind);
        if (kind == 0) {
            assertThat(rows).usingRecursiveComparison().isEqualTo(expected);
        }
    }

    /** 0 for rows, else one more than the ordinal of what is refused. */
    private int ours(byte[] body, Random random, List<float[]> rows) {
        int before = random.nextInt(4);
        byte[] within = new byte[before + body.length + 3];
        Arrays.fill(within, (byte) ALPHABET[random.nextInt(ALPHABET.length)]);
        System.arraycopy(body, 0, within, before, body.length);
        try {
            reader.read(within, before, before + body.length, row -> rows.add(row.clone()));
            return 0;
        } catch (BodyException e) {
            return 1 + e.kind().ordinal();
        }
    }

    private static int expected(byte[] body, List<float[]> rows) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            return 1 + BodyException.Kind.NOT_JSON.ordinal();
        }
        text = text.startsWith("\ufeff") ? text.substring(1) : text;
        // RFC 8259, section 8.2: a lone surrogate's escape is legal. Jackson refuses it in names.
        text = text.replaceAll("(?i)\\\\ud[89a-f][0-9a-f]{2}", "\\\\u0001");
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return 1 + BodyException.Kind.NOT_JSON.ordinal();
            }
            boolean valid = true;
            int count = 1;
            if (first == JsonToken.START_ARRAY) {
                count = 0;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    valid &= row(parser, rows);
                    count++;
                }
                valid &= count > 0;
            } else {
                valid = row(parser, rows);
            }
            if (parser.nextToken() != null) {
                return 1 + BodyException.Kind.NOT_JSON.ordinal();
            }
            if (count > MAX_ROWS) {
                return 1 + BodyException.Kind.TOO_MANY_ROWS.ordinal();
            }
            return valid ? 0 : 1 + BodyException.Kind.INVALID.ordinal();
        } catch (JacksonException e) {
            return 1 + BodyException.Kind.NOT_JSON.ordinal();
        }
    }

    private static boolean row(JsonParser parser, List<float[]> rows) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return false;
        }
        float[] row = new float[NAMES.size()];
        int[] seen = new int[NAMES.size()];
        boolean valid = true;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            int field = NAMES.indexOf(parser.currentName());
            JsonToken value = parser.nextToken();
            if (field >= 0) {
                seen[field]++;
                boolean number = value.isNumeric();
                row[field] = number ? (float) Double.parseDouble(parser.getString()) : 0;
                valid &= number && Float.isFinite(row[field]);
            }
            parser.skipChildren();
        }
        for (int times : seen) {
            valid &= times == 1;
        }
        rows.add(row);
        return valid;
    }

    private static String document(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> value(random, 1 + random.nextInt(4));
            case 1, 2 -> {
                StringBuilder batch = new StringBuilder("[");
                for (int rows = random.nextInt(7); rows > 0; rows--) {
                    batch.append(object(random)).append(rows > 1 ? "," : "");
                }
                yield batch.append("]").toString();
            }
            case 3 -> {
                int depth = 60 + random.nextInt(6);
                yield object(random)
                        .replaceFirst(
                                "}$", ",\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
            }
            default -> object(random);
        };
    }

    private static String object(Random random) {
        List<String> members = new ArrayList<>();
        for (String name : NAMES) {
            members.add("\"" + name + "\":" + number(random));
        }
        java.util.Collections.shuffle(members, random);
        if (random.nextInt(3) == 0) {
            members.add(random.nextInt(4), string(random) + ":" + value(random, 3));
        }
        if (random.nextInt(12) == 0) {
            members.set(random.nextInt(3), "\"a\":" + value(random, 2));
        }
        String space = random.nextInt(4) == 0 ? " \n" : "";
        return "{" + space + String.join(space + "," + space, members) + "}";
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0, 1 -> number(random);
            case 2 -> string(random);
            case 3 -> "true";
            case 4 -> "null";
            case 5 -> "false";
            case 6 -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
            default -> "{" + string(random) + ":" + value(random, depth - 1) + "}";
        };
    }

    private static String string(Random random) {
        String[] parts = {
            "a", "bb", "\\u0061", "\\ud800", "\\n", "ä", "😀", "\\\\", "\\\"", " ", "\u007f", ""
        };
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.append('"').toString();
    }

    private static String number(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> "5." + random.nextInt(10);
            case 1 -> Double.toString(random.nextDouble(-100, 100));
            case 2 -> Float.toString(Float.intBitsToFloat(random.nextInt(0x7f800000)));
            case 3 -> random.nextLong() + "." + random.nextLong(Long.MAX_VALUE);
            case 4 -> (9007199254740990L + random.nextInt(8)) + "e" + (random.nextInt(90) - 45);
            case 5 -> "-0." + "0".repeat(random.nextInt(40)) + random.nextLong(Long.MAX_VALUE);
            default -> "0";
        };
    }
}
