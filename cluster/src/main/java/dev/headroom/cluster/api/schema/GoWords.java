package dev.headroom.cluster.api.schema;

import dev.headroom.cluster.api.base.GoText;
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
            case NUMBER -> GoText.type(value);
            case BOOLEAN -> "bool";
            case ARRAY -> "slice";
            default -> "map";
        };
    }

    /** What encoding/json says of a whole value that is not of a type. */
    public static String into(JsonNode value, String go) {
        return "json: cannot unmarshal " + word(value) + " into Go value of type " + go;
    }

    /** The same of a field's value, by what was found there and the field's name with that of its struct. */
    public static String intoField(String found, String field, String go) {
        return "json: cannot unmarshal "
                + found
                + " into Go struct field "
                + field
                + " of type "
                + go;
    }
}
