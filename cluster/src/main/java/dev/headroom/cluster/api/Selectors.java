package dev.headroom.cluster.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Label and field selectors in the notation of the API. */
final class Selectors {
    private static final Pattern SETS =
            Pattern.compile("^\\s*(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*$");
    private static final Pattern EQUALS = Pattern.compile("^([^=!]+?)\\s*(==|!=|=)\\s*(.*)$");

    private Selectors() {}

    /** Accepts objects by their labels; refuses a selector that cannot be read with BadRequest. */
    static Predicate<JsonNode> labels(@Nullable String selector) {
        if (selector == null || selector.isBlank()) {
            return object -> true;
        }
        List<Predicate<JsonNode>> all = new ArrayList<>();
        for (String requirement : split(selector)) {
            all.add(requirement(requirement.strip(), selector));
        }
        return object -> {
            JsonNode labels = object.path("metadata").path("labels");
            return all.stream().allMatch(p -> p.test(labels));
        };
    }

    private static Predicate<JsonNode> requirement(String requirement, String whole) {
        Matcher sets = SETS.matcher(requirement);
        if (sets.matches()) {
            Set<String> values =
                    Set.copyOf(
                            List.of(sets.group(3).split("\\s*,\\s*")).stream()
                                    .map(String::strip)
                                    .toList());
            String key = sets.group(1);
            boolean in = sets.group(2).equals("in");
            return labels -> {
                JsonNode value = labels.path(key);
                return value.isString() ? values.contains(value.stringValue()) == in : !in;
            };
        }
        Matcher equals = EQUALS.matcher(requirement);
        if (equals.matches()) {
            String key = equals.group(1).strip();
            String wanted = equals.group(3).strip();
            boolean not = equals.group(2).equals("!=");
            return labels -> {
                JsonNode value = labels.path(key);
                return (value.isString() && value.stringValue().equals(wanted)) != not;
            };
        }
        if (requirement.startsWith("!")) {
            String key = requirement.substring(1).strip();
            return labels -> labels.path(key).isMissingNode();
        }
        if (requirement.isEmpty() || requirement.contains(" ") || requirement.contains("(")) {
            throw Statuses.badRequest(
                    "unable to parse requirement: found '"
                            + requirement
                            + "' in \""
                            + whole
                            + "\"");
        }
        return labels -> !labels.path(requirement).isMissingNode();
    }

    /** Splits at commas outside of parentheses. */
    private static List<String> split(String selector) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < selector.length(); i++) {
            char c = selector.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(selector.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(selector.substring(from));
        return parts;
    }

    /** Accepts objects by fields such as {@code metadata.name} or {@code spec.nodeName}; a field that is absent equals the empty text. */
    static Predicate<JsonNode> fields(@Nullable String selector) {
        if (selector == null || selector.isBlank()) {
            return object -> true;
        }
        Predicate<JsonNode> all = object -> true;
        for (String part : selector.split(",")) {
            Matcher equals = EQUALS.matcher(part.strip());
            if (!equals.matches()) {
                throw Statuses.badRequest(
                        "invalid selector: '" + selector + "'; can't understand '" + part + "'");
            }
            String[] path = equals.group(1).strip().split("\\.");
            String wanted = equals.group(3).strip();
            boolean not = equals.group(2).equals("!=");
            all =
                    all.and(object -> {
                        JsonNode at = object;
                        for (String step : path) {
                            at = at.path(step);
                        }
                        String found = at.isValueNode() && !at.isNull() ? at.asString() : "";
                        return found.equals(wanted) != not;
                    });
        }
        return all;
    }

    /** Whether a selector of an object ({@code matchLabels}, {@code matchExpressions}) accepts these labels; an empty one accepts all. */
    static boolean matches(JsonNode selector, JsonNode labels) {
        for (var entry : selector.path("matchLabels").properties()) {
            if (!labels.path(entry.getKey()).equals(entry.getValue())) {
                return false;
            }
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            JsonNode value = labels.path(Json.text(expression, "key"));
            boolean listed = false;
            for (JsonNode accepted : expression.path("values")) {
                listed |= accepted.equals(value);
            }
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
}
