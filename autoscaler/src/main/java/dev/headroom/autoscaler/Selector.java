package dev.headroom.autoscaler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A label selector in the notation of a scale's status, such as {@code app=web,tier in (a,b)}. */
final class Selector {
    private static final String KEY = "[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?";
    private static final Pattern SETS =
            Pattern.compile("(" + KEY + ")\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUALS =
            Pattern.compile("(" + KEY + ")\\s*(==|!=|=)\\s*([A-Za-z0-9_.-]*)");
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*(" + KEY + ")");

    private final List<Predicate<Map<String, String>>> requirements;

    private Selector(List<Predicate<Map<String, String>>> requirements) {
        this.requirements = requirements;
    }

    boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.test(labels));
    }

    /** Throws with the reason where it cannot be read. */
    static Selector parse(String text) throws MetricException {
        List<Predicate<Map<String, String>>> requirements = new ArrayList<>();
        for (String part : text.split(",(?![^(]*\\))")) {
            requirements.add(requirement(part.strip()));
        }
        return new Selector(List.copyOf(requirements));
    }

    private static Predicate<Map<String, String>> requirement(String part) throws MetricException {
        Matcher sets = SETS.matcher(part);
        if (sets.matches()) {
            Set<String> values = Set.of(sets.group(3).strip().split("\\s*,\\s*"));
            boolean in = sets.group(2).equals("in");
            String key = sets.group(1);
            return labels -> (labels.containsKey(key) && values.contains(labels.get(key))) == in;
        }
        Matcher equals = EQUALS.matcher(part);
        if (equals.matches()) {
            String key = equals.group(1);
            String value = equals.group(3);
            boolean not = equals.group(2).equals("!=");
            return labels -> value.equals(labels.get(key)) != not;
        }
        Matcher exists = EXISTS.matcher(part);
        if (exists.matches()) {
            boolean not = !exists.group(1).isEmpty();
            String key = exists.group(2);
            return labels -> labels.containsKey(key) != not;
        }
        int space = part.indexOf(' ');
        String found = space < 0 ? part : part.substring(space + 1);
        throw new MetricException(
                "unable to parse requirement: found '"
                        + found
                        + "', expected: in, notin, =, ==, !=, gt, lt");
    }
}
