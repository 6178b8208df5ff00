package dev.headroom.cluster.battery;

import java.util.List;
import java.util.regex.Pattern;

/** A recorded text without what differs between any two runs: names made up, times, addresses, numbers of versions. */
final class Normal {
    private record Rule(Pattern pattern, String replacement) {}

    private static final List<Rule> RULES =
            List.of(
                    rule("battery-[0-9a-f]{4}-\\d+", "NAMESPACE"),
                    rule(
                            "\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b",
                            "UID"),
                    rule("\\b(web|idle|server)-[a-z0-9]{6,10}-[a-z0-9]{5}\\b", "$1-HASH-RANDOM"),
                    rule("\\b(web|idle|server)-[a-z0-9]{6,10}\\b", "$1-HASH"),
                    rule("\\b(web|server|gen)-[a-z0-9]{5}\\b", "$1-RANDOM"),
                    rule(
                            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)",
                            "TIME"),
                    rule("\\b\\d+\\.\\d+\\.\\d+\\.\\d+\\b", "ADDRESS"),
                    rule("\\b(\\d+m)?\\d+s\\b", "AGE"),
                    rule("\"(resourceVersion|generation)\": \"?\\d+\"?", "\"$1\": N"),
                    rule(" {2,}", "  "));

    private Normal() {}

    private static Rule rule(String pattern, String replacement) {
        return new Rule(Pattern.compile(pattern), replacement);
    }

    static String of(String text) {
        String normal = text;
        for (Rule rule : RULES) {
            normal = rule.pattern().matcher(normal).replaceAll(rule.replacement());
        }
        return normal;
    }
}
