package dev.headroom.autoscaler;

import java.util.ArrayList;
import java.util.List;

/**
 * One of {@code status.conditions}.
 *
 * @param lastTransition when its status last changed, microseconds
 */
public record Condition(
        String type, String status, String reason, String message, long lastTransition) {

    /** Replaces the condition of this type in place, or appends it. */
    static List<Condition> with(
            List<Condition> conditions,
            String type,
            boolean status,
            String reason,
            String message,
            long now) {
        List<Condition> result = new ArrayList<>(conditions);
        String value = status ? "True" : "False";
        for (int i = 0; i < result.size(); i++) {
            Condition old = result.get(i);
            if (old.type().equals(type)) {
                long since = old.status().equals(value) ? old.lastTransition() : now;
                result.set(i, new Condition(type, value, reason, message, since));
                return result;
            }
        }
        result.add(new Condition(type, value, reason, message, now));
        return result;
    }
}
