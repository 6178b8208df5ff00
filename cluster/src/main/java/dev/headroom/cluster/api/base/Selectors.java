package dev.headroom.cluster.api.base;

import dev.headroom.cluster.objects.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Label and field selectors: the notation of the API, and the objects' own ({@code matchLabels}, {@code matchExpressions}). */
public final class Selectors {
    private Selectors() {}

    /** Accepts objects by their labels; refuses a selector that cannot be read with BadRequest. */
    public static Predicate<JsonNode> labels(@Nullable String selector) {
        if (selector == null || selector.isBlank()) {
            return object -> true;
        }
        List<Predicate<JsonNode>> all = new LabelParser(selector).requirements();
        return object -> {
            JsonNode labels = object.path("metadata").path("labels");
            for (Predicate<JsonNode> requirement : all) {
                if (!requirement.test(labels)) {
                    return false;
                }
            }
            return true;
        };
    }

    /**
     * Accepts objects by fields such as {@code metadata.name}; a field that is absent equals the empty text.
     *
     * @param supported the fields that the kind may be selected by
     */
    public static Predicate<JsonNode> fields(@Nullable String selector, Set<String> supported) {
        Predicate<JsonNode> all = object -> true;
        if (selector == null || selector.isBlank()) {
            return all;
        }
        for (String part : selector.split(",", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            boolean not = part.contains("!=");
            int at = not ? part.indexOf("!=") : part.indexOf('=');
            if (at < 0) {
                throw Statuses.badRequest(
                        "invalid selector: '" + selector + "'; can't understand '" + part + "'");
            }
            String field = part.substring(0, at);
            int skip = not || part.startsWith("==", at) ? 2 : 1;
            String wanted = part.substring(at + skip);
            if (!supported.contains(field)) {
                throw Statuses.badRequest(
                        supported.size() == 2
                                ? Cause.quote(field)
                                        + " is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                                : "field label not supported: " + field);
            }
            String[] path = field.split("\\.");
            all = all.and(object -> value(object, path).equals(wanted) != not);
        }
        return all;
    }

    private static String value(JsonNode object, String[] path) {
        JsonNode at = Json.at(object, path);
        return at.isValueNode() && !at.isNull() ? at.asString() : "";
    }

    /** Whether a selector of an object accepts these labels; an empty one accepts all. */
    public static boolean matches(JsonNode selector, JsonNode labels) {
        for (Map.Entry<String, JsonNode> entry : selector.path("matchLabels").properties()) {
            if (!labels.path(entry.getKey()).equals(entry.getValue())) {
                return false;
            }
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            JsonNode value = labels.path(Json.text(expression, "key"));
            boolean listed = expression.path("values").valueStream().anyMatch(value::equals);
            boolean holds =
                    switch (Json.text(expression, "operator")) {
                        case "In" -> listed;
                        case "NotIn" -> !listed;
                        case "Exists" -> !value.isMissingNode();
                        default -> value.isMissingNode();
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    /** A selector of an object in the notation of the API, as in a Scale's status: labels by key, then expressions. */
    public static String text(JsonNode selector) {
        Set<String> parts = new TreeSet<>();
        selector.path("matchLabels")
                .properties()
                .forEach(e -> parts.add(e.getKey() + "=" + e.getValue().asString("")));
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = Json.text(expression, "key");
            String values = String.join(",", new TreeSet<>(Json.texts(expression.path("values"))));
            parts.add(
                    switch (Json.text(expression, "operator")) {
                        case "Exists" -> key;
                        case "DoesNotExist" -> "!" + key;
                        default ->
                                key
                                        + " "
                                        + Json.text(expression, "operator").toLowerCase(Locale.ROOT)
                                        + " ("
                                        + values
                                        + ")";
                    });
        }
        return String.join(",", parts);
    }

    /** Reads {@code a=b, c in (d,e), !f}; its complaints are apimachinery's. */
    private static final class LabelParser {
        private final List<String> tokens = new ArrayList<>();
        private int at;

        LabelParser(String selector) {
            int i = 0;
            while (i < selector.length()) {
                char c = selector.charAt(i);
                if (Character.isWhitespace(c)) {
                    i++;
                } else if ("(),".indexOf(c) >= 0) {
                    tokens.add(String.valueOf(c));
                    i++;
                } else if ("=!<>".indexOf(c) >= 0) {
                    int from = i;
                    i++;
                    if (i < selector.length()
                            && selector.charAt(i) == '='
                            && "=!".indexOf(c) >= 0) {
                        i++;
                    }
                    tokens.add(selector.substring(from, i));
                } else {
                    int from = i;
                    while (i < selector.length()
                            && !Character.isWhitespace(selector.charAt(i))
                            && "(),=!<>".indexOf(selector.charAt(i)) < 0) {
                        i++;
                    }
                    tokens.add(selector.substring(from, i));
                }
            }
        }

        private String peek() {
            return at < tokens.size() ? tokens.get(at) : "";
        }

        private String take() {
            return at < tokens.size() ? tokens.get(at++) : "";
        }

        List<Predicate<JsonNode>> requirements() {
            List<Predicate<JsonNode>> all = new ArrayList<>();
            while (true) {
                all.add(requirement());
                String next = take();
                if (next.isEmpty()) {
                    return all;
                }
                if (!next.equals(",")) {
                    throw bad("found '" + next + "', expected: ',' or 'end of string'");
                }
                if (peek().isEmpty() || peek().equals(",")) {
                    throw bad("found '" + peek() + "', expected: identifier after ','");
                }
            }
        }

        private Predicate<JsonNode> requirement() {
            boolean not = peek().equals("!");
            if (not) {
                take();
            }
            String key = take();
            if (key.isEmpty() || "(),=!<>".indexOf(key.charAt(0)) >= 0) {
                throw bad("found '" + key + "', expected: !, identifier, or 'end of string'");
            }
            String problem = Names.qualified(key);
            if (problem != null) {
                throw bad("key: Invalid value: " + Cause.quote(key) + ": " + problem);
            }
            if (not) {
                return labels -> labels.path(key).isMissingNode();
            }
            if (peek().isEmpty() || peek().equals(",")) {
                return labels -> !labels.path(key).isMissingNode();
            }
            return compared(key, take());
        }

        private Predicate<JsonNode> compared(String key, String operator) {
            switch (operator) {
                case "=", "==", "!=" -> {
                    String value = peek().equals(",") ? "" : take();
                    boolean not = operator.equals("!=");
                    return labels ->
                            (labels.has(key) && Json.text(labels, key).equals(value)) != not;
                }
                case "in", "notin" -> {
                    Set<String> values = values();
                    boolean in = operator.equals("in");
                    return labels ->
                            (labels.has(key) && values.contains(Json.text(labels, key))) == in;
                }
                case "<", ">", "lt", "gt" -> {
                    long bound = integer(take());
                    boolean less = operator.equals("<") || operator.equals("lt");
                    return labels -> {
                        String value = Json.text(labels, key);
                        return value.matches("-?[0-9]{1,18}")
                                && (less
                                        ? Long.parseLong(value) < bound
                                        : Long.parseLong(value) > bound);
                    };
                }
                default ->
                        throw bad(
                                "found '" + operator + "', expected: in, notin, =, ==, !=, gt, lt");
            }
        }

        private long integer(String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw bad(
                        "values[0]["
                                + text
                                + "]: for 'Gt', 'Lt' operators, the value must be an integer");
            }
        }

        private Set<String> values() {
            String open = take();
            if (!open.equals("(")) {
                throw bad("found '" + open + "', expected: '('");
            }
            Set<String> values = new TreeSet<>();
            while (true) {
                if (peek().equals(",") || peek().equals(")")) {
                    values.add("");
                } else {
                    values.add(take());
                }
                String next = take();
                if (next.equals(")")) {
                    return values;
                }
                if (!next.equals(",")) {
                    throw bad("found '" + next + "', expected: ',' or ')'");
                }
            }
        }

        private static ApiException bad(String what) {
            return Statuses.badRequest("unable to parse requirement: " + what);
        }
    }
}
