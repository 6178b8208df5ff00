package dev.headroom.autoscaler;

import dev.headroom.autoscaler.Selector.Operator;
import dev.headroom.autoscaler.Selector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads label selectors as Kubernetes' own parser does, to the words of its complaints.
 *
 * <pre>
 * selector    = [ requirement { "," requirement } ]
 * requirement = "!" KEY | KEY [ ("in" | "notin") "(" VALUES ")" | ("=" | "==" | "!=" | "&gt;" | "&lt;") [ VALUE ] ]
 * </pre>
 */
final class SelectorReader {
    private static final Pattern TOKEN =
            Pattern.compile("[ \\t\\r\\n]*+(?:(==|!=|[=!(),<>])|([^ \\t\\r\\n=!(),<>]+))");
    private static final Set<String> MARKS = Set.of("==", "!=", "=", "!", "(", ")", ",", "<", ">");

    private final List<String> tokens = new ArrayList<>();
    private int next;

    SelectorReader(String text) {
        for (Matcher token = TOKEN.matcher(text); token.find(); ) {
            tokens.add(token.group(1) == null ? token.group(2) : token.group(1));
        }
    }

    /** Empty at the end. */
    private String ahead() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private String take() {
        String token = ahead();
        next++;
        return token;
    }

    private static boolean isWord(String token) {
        return !token.isEmpty() && !MARKS.contains(token);
    }

    private static MetricException found(String token, String instead) {
        return new MetricException("found '" + token + "', expected: " + instead);
    }

    List<Requirement> read() throws MetricException {
        List<Requirement> requirements = new ArrayList<>();
        while (!ahead().isEmpty()) {
            if (!isWord(ahead()) && !ahead().equals("!")) {
                throw found(ahead(), "!, identifier, or 'end of string'");
            }
            try {
                requirements.add(requirement());
            } catch (MetricException e) {
                throw new MetricException("unable to parse requirement: " + e.text());
            }
            String after = take();
            if (after.isEmpty()) {
                break;
            }
            if (!after.equals(",")) {
                throw found(after, "',' or 'end of string'");
            }
            if (!isWord(ahead()) && !ahead().equals("!")) {
                throw found(ahead(), "identifier after ','");
            }
        }
        return requirements;
    }

    private Requirement requirement() throws MetricException {
        boolean absent = ahead().equals("!");
        if (absent) {
            take();
        }
        String key = take();
        if (!isWord(key)) {
            throw found(key, "identifier");
        }
        check("<nil>", key, Names.ofKey(key));
        if (absent) {
            return new Requirement(key, Operator.ABSENT, Set.of());
        }
        if (ahead().isEmpty() || ahead().equals(",")) {
            return new Requirement(key, Operator.EXISTS, Set.of());
        }
        Operator operator = operator(take());
        boolean listed = tokens.get(next - 1).endsWith("in");
        Requirement requirement = new Requirement(key, operator, listed ? values() : value());
        check(requirement);
        return requirement;
    }

    private static Operator operator(String token) throws MetricException {
        return switch (token) {
            case "in", "=", "==" -> Operator.IN;
            case "notin", "!=" -> Operator.NOT_IN;
            case ">" -> Operator.GREATER;
            case "<" -> Operator.LESS;
            default -> throw found(token, "in, notin, =, ==, !=, gt, lt");
        };
    }

    private Set<String> value() throws MetricException {
        if (ahead().isEmpty() || ahead().equals(",")) {
            return Set.of("");
        }
        String value = take();
        if (!isWord(value)) {
            throw found(value, "identifier");
        }
        return Set.of(value);
    }

    private Set<String> values() throws MetricException {
        String open = take();
        if (!open.equals("(")) {
            throw new MetricException("found '" + open + "' expected: '('");
        }
        Set<String> values = new TreeSet<>();
        if (ahead().equals(")")) {
            take();
            return Set.of("");
        }
        if (!isWord(ahead()) && !ahead().equals(",")) {
            throw found(ahead(), "',', ')' or identifier");
        }
        while (!ahead().equals(")")) {
            value(values);
        }
        take();
        return values;
    }

    /** A value, or a comma beside which values may be missing: each stands for the empty one. */
    private void value(Set<String> values) throws MetricException {
        String token = take();
        if (isWord(token)) {
            values.add(token);
            if (!ahead().equals(",") && !ahead().equals(")")) {
                throw found(ahead(), "',' or ')'");
            }
        } else if (token.equals(",")) {
            if (values.isEmpty() || ahead().equals(")") || ahead().equals(",")) {
                values.add("");
            }
        } else {
            throw found(token, "',', or identifier");
        }
    }

    private static void check(Requirement requirement) throws MetricException {
        List<String> problems = new ArrayList<>();
        boolean compared =
                requirement.operator() == Operator.GREATER
                        || requirement.operator() == Operator.LESS;
        int i = 0;
        for (String value : requirement.values()) {
            if (compared && Selector.integer(value) == null) {
                problems.add(
                        invalid(
                                "values[0]",
                                value,
                                "for 'Gt', 'Lt' operators, the value must be an integer"));
            }
            List<String> wrong = Names.ofValue(value);
            if (!wrong.isEmpty()) {
                String place = "values[" + i + "][" + requirement.key() + "]";
                problems.add(invalid(place, value, String.join("; ", wrong)));
            }
            i++;
        }
        if (!problems.isEmpty()) {
            throw new MetricException(
                    problems.size() == 1
                            ? problems.getFirst()
                            : "[" + String.join(", ", problems) + "]");
        }
    }

    private static void check(String place, String value, List<String> problems)
            throws MetricException {
        if (!problems.isEmpty()) {
            throw new MetricException(invalid(place, value, String.join("; ", problems)));
        }
    }

    private static String invalid(String place, String value, String problem) {
        return place + ": Invalid value: \"" + value + "\": " + problem;
    }
}
