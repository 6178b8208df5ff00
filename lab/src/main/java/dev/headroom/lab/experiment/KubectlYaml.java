package dev.headroom.lab.experiment;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a plain scalar of a manifest is to kubectl, which reads YAML as go-yaml 2 does ({@code resolve.go}) and not as YAML 1.2 has it: {@code yes}, {@code On} and
 * {@code False} are booleans, {@code ~} and {@code Null} nulls, {@code 010}, {@code 0x1F} and {@code 1_000} numbers.
 */
final class KubectlYaml implements Schema {
    /** Of {@code <<}. Not the library's, which would merge by itself, in another order. */
    static final Tag MERGE = new Tag("!merge");

    private static final Set<String> YES = Set.of("y", "yes", "true", "on");
    private static final Set<String> NO = Set.of("n", "no", "false", "off");

    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    @Override
    public ScalarResolver getScalarResolver() {
        return (text, plain) -> plain ? tag(text) : Tag.STR;
    }

    /** None: nothing is constructed of the nodes. */
    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
        return Map.of();
    }

    private static Tag tag(String text) {
        if (text.isEmpty() || text.equals("~") || isWord(text, "null")) {
            return Tag.NULL;
        }
        if (text.equals("<<")) {
            return MERGE;
        }
        if (bool(text) != null) {
            return Tag.BOOL;
        }
        if (integer(text) != null) {
            return Tag.INT;
        }
        return FLOAT.matcher(withoutUnderscores(text)).matches() ? Tag.FLOAT : Tag.STR;
    }

    /** The JSON value that kubectl makes of a scalar. */
    static JsonNode json(ScalarNode scalar) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return make.nullNode();
        }
        Boolean bool = tag.equals(Tag.BOOL) ? bool(text) : null;
        if (bool != null) {
            return make.booleanNode(bool);
        }
        BigInteger integer = tag.equals(Tag.INT) ? integer(text) : null;
        if (integer != null) {
            return whole(integer);
        }
        return tag.equals(Tag.FLOAT) ? floating(withoutUnderscores(text)) : make.stringNode(text);
    }

    /** A key as text: one that is a boolean or a number is written as JSON has it. */
    static String key(ScalarNode scalar) {
        Tag tag = scalar.getTag();
        return tag.equals(Tag.BOOL) || tag.equals(Tag.INT)
                ? json(scalar).asString("")
                : scalar.getValue();
    }

    private static @Nullable Boolean bool(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (!isWord(text, word)) {
            return null;
        }
        return YES.contains(word) ? Boolean.TRUE : NO.contains(word) ? Boolean.FALSE : null;
    }

    /** Whether it is the word as go-yaml knows it: in small letters, in capitals, or with the first in capitals. */
    private static boolean isWord(String text, String word) {
        String capitals = word.toUpperCase(Locale.ROOT);
        return text.equals(word)
                || text.equals(capitals)
                || text.equals(capitals.charAt(0) + word.substring(1));
    }

    /** As Go's {@code strconv.ParseInt} and {@code ParseUint} read it with base 0; null where it is none, or has more than 64 bits. */
    private static @Nullable BigInteger integer(String text) {
        var matcher = INTEGER.matcher(withoutUnderscores(text));
        if (!matcher.matches()) {
            return null;
        }
        String digits = matcher.group(2).toLowerCase(Locale.ROOT);
        BigInteger value =
                switch (digits.length() > 1 && digits.charAt(0) == '0' ? digits.charAt(1) : '.') {
                    case 'x' -> new BigInteger(digits.substring(2), 16);
                    case 'b' -> new BigInteger(digits.substring(2), 2);
                    case 'o' -> new BigInteger(digits.substring(2), 8);
                    case '.' -> new BigInteger(digits);
                    default -> new BigInteger(digits, 8);
                };
        value = matcher.group(1).equals("-") ? value.negate() : value;
        return value.bitLength() > (value.signum() < 0 ? Long.SIZE - 1 : Long.SIZE) ? null : value;
    }

    private static JsonNode whole(BigInteger value) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return value.bitLength() < Long.SIZE
                ? make.numberNode(value.longValue())
                : make.numberNode(value);
    }

    /** A whole one is written without a point, as Go's JSON does. */
    private static JsonNode floating(String text) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException special) {
            return make.stringNode(text);
        }
        if (Double.isInfinite(value) || Double.isNaN(value)) {
            return make.stringNode(text);
        }
        return value == Math.rint(value) && Math.abs(value) < 1e21
                ? whole(new BigDecimal(value).toBigIntegerExact())
                : make.numberNode(value);
    }

    /** go-yaml takes them out of what begins like a number. */
    private static String withoutUnderscores(String text) {
        char first = text.isEmpty() ? ' ' : text.charAt(0);
        boolean number = first == '+' || first == '-' || first >= '0' && first <= '9';
        return number ? text.replace("_", "") : text;
    }
}
