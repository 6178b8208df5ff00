package dev.headroom.lab.load.cluster;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a pod begins, and its share. Told as a query, since a Role that lets the lab read {@code pods/proxy} lets it do no more.
 *
 * @param now the lab's clock when this was sent, milliseconds since the epoch: so no two clocks are compared, and all records are on the lab's
 * @param at when to begin, on that clock; a part of a millisecond sets the pods of a constant rate apart
 * @param ratePerSecond null in a closed loop
 */
record Start(long now, double at, int connections, @Nullable Double ratePerSecond) {

    String query() {
        return "now="
                + now
                + "&at="
                + String.format(Locale.ROOT, "%.3f", at)
                + "&connections="
                + connections
                + (ratePerSecond == null ? "" : "&rate=" + ratePerSecond);
    }

    /**
     * Of what {@link #query} gave.
     *
     * @throws IllegalArgumentException where something is missing or no number
     */
    static Start read(@Nullable String query) {
        Map<String, String> values = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        String rate = values.get("rate");
        return new Start(
                Long.parseLong(required(values, "now")),
                Double.parseDouble(required(values, "at")),
                Integer.parseInt(required(values, "connections")),
                rate == null ? null : Double.valueOf(rate));
    }

    private static String required(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("without " + name);
        }
        return value;
    }
}
