package dev.headroom.cluster.api.schema;

import tools.jackson.databind.JsonNode;

/** What Go calls values that are not of the type they should be. */
public final class GoWords {
    private GoWords() {}

    /** What a value is, in encoding/json's word. */
    public static String word(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case ARRAY -> "array";
            default -> "object";
        };
    }

    /** What Go's reflection calls the kind of a value that is no field's yet. */
    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER ->
                    value.canConvertToLong() && value.isIntegralNumber() ? "int64" : "float64";
            case BOOLEAN -> "bool";
            case ARRAY -> "slice";
            default -> "map";
        };
    }

    /** What encoding/json says of a whole value that is not of a type. */
    public static String into(JsonNode value, String go) {
        return "json: cannot unmarshal " + word(value) + " into Go value of type " + go;
    }
}
