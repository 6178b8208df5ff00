package dev.headroom.cluster.api.base;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What is wrong with one field of an object, in the words of Kubernetes' {@code field.Error}.
 *
 * @param reason such as {@code FieldValueInvalid}
 * @param message without the field
 * @param field such as {@code spec.template.spec.containers[0].name}
 */
public record Cause(String reason, String message, String field) {

    public static Cause required(String field, String detail) {
        return new Cause("FieldValueRequired", with("Required value", detail), field);
    }

    public static Cause invalid(String field, String value, String detail) {
        return new Cause(
                "FieldValueInvalid", with("Invalid value: " + quote(value), detail), field);
    }

    public static Cause invalid(String field, long value, String detail) {
        return new Cause("FieldValueInvalid", with("Invalid value: " + value, detail), field);
    }

    /** {@code value} as JSON, but a missing or null one as Go prints nil. */
    public static Cause invalid(String field, JsonNode value, String detail) {
        String shown = value.isMissingNode() || value.isNull() ? "null" : value.toString();
        return new Cause("FieldValueInvalid", with("Invalid value: " + shown, detail), field);
    }

    public static Cause unsupported(String field, String value, List<String> accepted) {
        return unsupportedJson(field, quote(value), accepted);
    }

    /** The value as Go prints it as JSON; what is accepted in the order in which upstream lists it. */
    public static Cause unsupportedJson(String field, String json, List<String> accepted) {
        String list = accepted.stream().map(Cause::quote).collect(Collectors.joining(", "));
        return new Cause(
                "FieldValueNotSupported",
                "Unsupported value: " + json + ": supported values: " + list,
                field);
    }

    public static Cause forbidden(String field, String detail) {
        return new Cause("FieldValueForbidden", with("Forbidden", detail), field);
    }

    public static Cause duplicate(String field, String value) {
        return new Cause("FieldValueDuplicate", "Duplicate value: " + quote(value), field);
    }

    /** A duplicate of a value that is not a text, as Go prints it as JSON. */
    public static Cause duplicateJson(String field, String json) {
        return new Cause("FieldValueDuplicate", "Duplicate value: " + json, field);
    }

    public static Cause notFound(String field, String value) {
        return new Cause("FieldValueNotFound", "Not found: " + quote(value), field);
    }

    public static Cause tooLong(String field, long limit) {
        return new Cause(
                "FieldValueTooLong", "Too long: may not be more than " + limit + " bytes", field);
    }

    private static String with(String text, String detail) {
        return detail.isEmpty() ? text : text + ": " + detail;
    }

    /** As Go's %q for the texts that occur here. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 127) {
                        out.append(String.format("\\x%02x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    @Override
    public String toString() {
        return field + ": " + message;
    }
}
