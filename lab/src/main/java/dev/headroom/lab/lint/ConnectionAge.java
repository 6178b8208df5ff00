package dev.headroom.lab.lint;

import dev.headroom.lab.lint.Workload.Container;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Whether a manifest shows that its server ends the connections of clients that would keep them. */
final class ConnectionAge {
    /** Says that it does, where nothing else shows it. */
    private static final String ANNOTATION = "headroom.dev/connection-age";

    private static final Pattern BOUND =
            Pattern.compile(
                    "(max|limit)[-_a-z]*(conn|keep[-_]?alive)[-_a-z]*|(conn|keep[-_]?alive)[-_a-z]*(age|requests|max|limit|lifetime)[-_a-z]*");
    private static final Pattern SWITCH = Pattern.compile("[-_a-z]*keep[-_]?alive[-_a-z]*");
    private static final Pattern COUNT = Pattern.compile("(max|limit)[-_]?conn(ection)?s");
    private static final Pattern NOTHING =
            Pattern.compile("|0+[a-z]*|off|false|no|disabled|infinity|never");

    private ConnectionAge() {}

    static boolean bounded(Workload workload) {
        return workload.annotations().has(ANNOTATION)
                || workload.object().object().path("metadata").path("annotations").has(ANNOTATION)
                || workload.containers().stream().anyMatch(ConnectionAge::bounded);
    }

    private static boolean bounded(Container container) {
        JsonNode node = container.node();
        boolean byVariable =
                node.path("env")
                        .valueStream()
                        .anyMatch(e ->
                                says(e.path("name").asString(""), e.path("value").asString("?")));
        return byVariable
                || Stream.concat(
                                node.path("command").valueStream(), node.path("args").valueStream())
                        .map(w -> w.asString(""))
                        .filter(w -> w.startsWith("-"))
                        .anyMatch(ConnectionAge::option);
    }

    /** {@code --max-connection-age=30s}; without a value it is the next word, which is not looked at. */
    private static boolean option(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        return says(name.replaceFirst("^-+", ""), equals < 0 ? "?" : word.substring(equals + 1));
    }

    /** A bound with a value, or keep-alive that is switched off. A number of connections bounds nothing in time. */
    private static boolean says(String name, String value) {
        String small = name.toLowerCase(Locale.ROOT);
        boolean nothing = NOTHING.matcher(value.toLowerCase(Locale.ROOT)).matches();
        if (COUNT.matcher(small).matches()) {
            return false;
        }
        return BOUND.matcher(small).find() ? !nothing : SWITCH.matcher(small).matches() && nothing;
    }
}
