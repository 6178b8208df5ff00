package dev.headroom.lab.observe;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Prometheus text format. Lines of other metrics than those asked for are skipped without being taken apart: a kubelet's answer has thousands.
 *
 * <p>Format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
final class PrometheusText {
    private PrometheusText() {}

    /** Gets one sample; the timestamp (milliseconds since the epoch) is null where the line has none. */
    @FunctionalInterface
    interface Sink {
        void sample(
                String name, Map<String, String> labels, double value, @Nullable Long timestamp);
    }

    /**
     * Reads all samples of the wanted metrics; lines that are not of the format are skipped.
     *
     * @return whether any sample was found, wanted or not
     */
    static boolean read(String text, Predicate<String> wanted, Sink sink) {
        boolean any = false;
        int length = text.length();
        String lastName = "";
        boolean lastWanted = false;
        for (int from = 0; from < length; ) {
            int to = text.indexOf('\n', from);
            int end = to < 0 ? length : to;
            char first = from < end ? text.charAt(from) : '#';
            if (first != '#' && first != ' ' && first != '\r') {
                int nameEnd = nameEnd(text, from, end);
                if (nameEnd > from) {
                    any = true;
                    if (nameEnd - from != lastName.length() || !text.startsWith(lastName, from)) {
                        lastName = text.substring(from, nameEnd);
                        lastWanted = wanted.test(lastName);
                    }
                    if (lastWanted) {
                        sample(text, nameEnd, end, lastName, sink);
                    }
                }
            }
            from = end + 1;
        }
        return any;
    }

    private static int nameEnd(String text, int from, int end) {
        int i = from;
        while (i < end && isNamePart(text.charAt(i))) {
            i++;
        }
        return i < end && (text.charAt(i) == '{' || text.charAt(i) == ' ') ? i : from;
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == ':';
    }

    private static void sample(String text, int nameEnd, int end, String name, Sink sink) {
        Map<String, String> labels = Map.of();
        int at = nameEnd;
        if (text.charAt(at) == '{') {
            labels = new HashMap<>();
            at = labels(text, at + 1, end, labels);
            if (at < 0) {
                return;
            }
        }
        String rest = text.substring(at, end).strip();
        int space = rest.indexOf(' ');
        String value = space < 0 ? rest : rest.substring(0, space);
        try {
            Long timestamp = space < 0 ? null : Long.valueOf(rest.substring(space + 1).strip());
            sink.sample(name, labels, number(value), timestamp);
        } catch (NumberFormatException notASample) {
            // Something else than the format allows: as if the line were not there.
        }
    }

    private static double number(String value) {
        return switch (value) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> Double.parseDouble(value);
        };
    }

    /** Returns where the value begins, or -1 where the line is malformed. */
    private static int labels(String text, int from, int end, Map<String, String> labels) {
        int at = from;
        while (at < end && text.charAt(at) != '}') {
            int equals = text.indexOf('=', at);
            if (equals < 0 || equals + 1 >= end || text.charAt(equals + 1) != '"') {
                return -1;
            }
            String name = text.substring(at, equals).strip();
            StringBuilder value = new StringBuilder();
            int i = equals + 2;
            while (i < end && text.charAt(i) != '"') {
                char c = text.charAt(i++);
                if (c == '\\' && i < end) {
                    char escaped = text.charAt(i++);
                    c = escaped == 'n' ? '\n' : escaped;
                }
                value.append(c);
            }
            labels.put(name, value.toString());
            at = i + 1;
            while (at < end && (text.charAt(at) == ',' || text.charAt(at) == ' ')) {
                at++;
            }
        }
        return at < end ? at + 1 : -1;
    }
}
