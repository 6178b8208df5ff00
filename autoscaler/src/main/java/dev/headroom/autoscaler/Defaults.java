package dev.headroom.autoscaler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the API fills into an autoscaler's spec (section 2); trees are JSON as maps, lists, strings and numbers. */
public final class Defaults {
    private static final int UTILIZATION = 80;
    private static final int PERIOD_SECONDS = 15;

    private Defaults() {}

    /** The spec with all that it leaves out; the given one is not changed. */
    public static Map<String, @Nullable Object> spec(Map<String, ?> given) {
        Map<String, @Nullable Object> spec = new LinkedHashMap<>(given);
        if (!Tree.has(spec, "minReplicas")) {
            spec.put("minReplicas", 1);
        }
        if (Tree.list(spec, "metrics").isEmpty()) {
            Map<String, Object> target = new LinkedHashMap<>();
            target.put("type", "Utilization");
            target.put("averageUtilization", UTILIZATION);
            Map<String, Object> resource = new LinkedHashMap<>();
            resource.put("name", "cpu");
            resource.put("target", target);
            Map<String, Object> metric = new LinkedHashMap<>();
            metric.put("type", "Resource");
            metric.put("resource", resource);
            spec.put("metrics", List.of(metric));
        }
        if (Tree.at(spec, "behavior") instanceof Map<?, ?> behavior) {
            Map<String, @Nullable Object> filled = new LinkedHashMap<>();
            filled.put("scaleUp", scaleUp(behavior.get("scaleUp")));
            filled.put("scaleDown", scaleDown(behavior.get("scaleDown")));
            spec.put("behavior", filled);
        }
        return spec;
    }

    /** Doubles, or adds four pods, whichever is more, at once. */
    static Map<String, @Nullable Object> scaleUp(@Nullable Object given) {
        Map<String, @Nullable Object> rules = rules(given);
        rules.putIfAbsent("stabilizationWindowSeconds", 0);
        rules.putIfAbsent("selectPolicy", "Max");
        rules.putIfAbsent("policies", List.of(policy("Pods", 4), policy("Percent", 100)));
        return rules;
    }

    /** The window stays empty: the controller's flag then holds. */
    static Map<String, @Nullable Object> scaleDown(@Nullable Object given) {
        Map<String, @Nullable Object> rules = rules(given);
        rules.putIfAbsent("selectPolicy", "Max");
        rules.putIfAbsent("policies", List.of(policy("Percent", 100)));
        return rules;
    }

    private static Map<String, @Nullable Object> rules(@Nullable Object given) {
        Map<String, @Nullable Object> rules = new LinkedHashMap<>();
        if (given instanceof Map<?, ?> map) {
            map.forEach((field, value) -> {
                if (value != null) {
                    rules.put(String.valueOf(field), value);
                }
            });
        }
        return rules;
    }

    private static Map<String, Object> policy(String type, int value) {
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("type", type);
        policy.put("value", value);
        policy.put("periodSeconds", PERIOD_SECONDS);
        return policy;
    }
}
