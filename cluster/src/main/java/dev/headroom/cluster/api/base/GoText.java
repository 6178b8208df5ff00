package dev.headroom.cluster.api.base;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON as Go prints it: by encoding/json, and as the maps and slices that it becomes there. */
public final class GoText {
    /** From this exponent on a float64 is printed with one. */
    private static final int LARGE = 21;

    private GoText() {}

    /** By encoding/json: nothing in it that HTML could take for its own. */
    public static String json(JsonNode value) {
        return escaped(Json.MAPPER.writeValueAsString(value));
    }

    /** What stands in JSON, with what HTML could take for its own escaped. */
    public static String escaped(String json) {
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    /** With {@code %v}: {@code map[a:1 b:[x <nil>]]}. */
    public static String value(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT ->
                    sorted(value).entrySet().stream()
                            .map(entry -> entry.getKey() + ":" + value(entry.getValue()))
                            .collect(Collectors.joining(" ", "map[", "]"));
            case ARRAY ->
                    value.valueStream()
                            .map(GoText::value)
                            .collect(Collectors.joining(" ", "[", "]"));
            case STRING -> value.stringValue();
            case NUMBER -> number(value);
            case BOOLEAN -> value.asString();
            default -> "<nil>";
        };
    }

    /** With {@code %#v}: {@code map[string]interface {}{"a":1}}. */
    public static String syntax(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT ->
                    sorted(value).entrySet().stream()
                            .map(e -> Cause.quote(e.getKey()) + ":" + syntax(e.getValue()))
                            .collect(Collectors.joining(", ", "map[string]interface {}{", "}"));
            case ARRAY ->
                    value.valueStream()
                            .map(GoText::syntax)
                            .collect(Collectors.joining(", ", "[]interface {}{", "}"));
            case STRING -> Cause.quote(value.stringValue());
            case NUMBER -> number(value);
            case BOOLEAN -> value.asString();
            default -> "interface {}(nil)";
        };
    }

    /** With {@code %T}: the type that a decoded value is of. */
    public static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case STRING -> "string";
            case NUMBER -> isInteger(value) ? "int64" : "float64";
            case BOOLEAN -> "bool";
            default -> "<nil>";
        };
    }

    private static Map<String, JsonNode> sorted(JsonNode object) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        object.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private static boolean isInteger(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong();
    }

    private static String number(JsonNode number) {
        if (isInteger(number)) {
            return number.asString();
        }
        BigDecimal shortest = new BigDecimal(Double.toString(number.doubleValue()));
        BigDecimal bare = shortest.stripTrailingZeros();
        int exponent = bare.precision() - bare.scale() - 1;
        if (exponent >= -4 && exponent < LARGE) {
            return bare.toPlainString();
        }
        String digits = bare.unscaledValue().abs().toString();
        return (bare.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** Puts an object's fields into the order in which Go prints a map. */
    public static void sort(ObjectNode object) {
        Map<String, JsonNode> sorted = sorted(object);
        object.removeAll();
        sorted.forEach(object::set);
    }
}
