package dev.headroom.autoscaler;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a field, in Kubernetes' words.
 *
 * @param field such as {@code spec.metrics[0].resource.name}
 * @param value what was found; null for a field that is required or forbidden
 * @param supported the values that are, for an unsupported one
 */
public record Problem(
        Kind kind, String field, @Nullable Object value, String detail, List<String> supported) {

    /** The kinds of Kubernetes' field errors that occur here. */
    public enum Kind {
        REQUIRED,
        INVALID,
        UNSUPPORTED,
        FORBIDDEN
    }

    static Problem required(String field, String detail) {
        return new Problem(Kind.REQUIRED, field, null, detail, List.of());
    }

    static Problem invalid(String field, @Nullable Object value, String detail) {
        return new Problem(Kind.INVALID, field, value, detail, List.of());
    }

    static Problem unsupported(String field, @Nullable Object value, List<String> supported) {
        return new Problem(Kind.UNSUPPORTED, field, value, "", supported);
    }

    static Problem forbidden(String field, String detail) {
        return new Problem(Kind.FORBIDDEN, field, null, detail, List.of());
    }

    /** One line, as kubectl shows it. */
    @Override
    public String toString() {
        String shown = value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
        return switch (kind) {
            case REQUIRED -> field + ": Required value" + (detail.isEmpty() ? "" : ": " + detail);
            case FORBIDDEN -> field + ": Forbidden: " + detail;
            case INVALID -> field + ": Invalid value: " + shown + ": " + detail;
            case UNSUPPORTED ->
                    field
                            + ": Unsupported value: "
                            + shown
                            + ": supported values: "
                            + supported.stream()
                                    .sorted()
                                    .map(text -> "\"" + text + "\"")
                                    .collect(Collectors.joining(", "));
        };
    }
}
