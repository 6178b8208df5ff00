package dev.headroom.cluster.api.patch;

import dev.headroom.cluster.api.base.GoText;
import dev.headroom.cluster.api.base.Json;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.objects.ApiException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be wrong with a strategic merge patch, in apimachinery's words ({@code strategicpatch/patch.go}). */
final class StrategicFaults {
    private StrategicFaults() {}

    static ApiException unknownDirective(ObjectNode patch) {
        JsonNode directive = patch.path(StrategicMergePatch.PATCH);
        String shown =
                directive.isString()
                        ? directive.stringValue()
                        : "%!s(" + GoText.type(directive) + "=" + GoText.value(directive) + ")";
        return Statuses.unexplained(
                "unknown patch type: " + shown + " in map: " + GoText.value(patch));
    }

    /** What is set must be among what is retained. */
    static void checkRetained(ObjectNode patch) {
        if (!patch.has(StrategicMergePatch.RETAIN)) {
            return;
        }
        Set<String> names = new HashSet<>(Json.texts(patch.path(StrategicMergePatch.RETAIN)));
        boolean all =
                patch.properties().stream()
                        .filter(entry -> !entry.getValue().isNull())
                        .map(Map.Entry::getKey)
                        .allMatch(name -> name.startsWith("$") || names.contains(name));
        if (!patch.path(StrategicMergePatch.RETAIN).isArray() || !all) {
            throw Statuses.badRequest("invalid patch format of retainKeys");
        }
    }

    /** What a list's changes name must be among what the order names, and in that order. */
    static void checkOrder(ArrayNode changes, JsonNode order, @Nullable String key) {
        if (order.isMissingNode()) {
            return;
        }
        if (!order.isArray()) {
            throw Statuses.unexplained(
                    "expected a []interface {}, but received a " + GoText.type(order));
        }
        if (key != null) {
            order.forEach(wanted -> checkKey(wanted, key));
        }
        if (order.isEmpty()) {
            return;
        }
        int at = 0;
        for (JsonNode change : changes) {
            if (change.has(StrategicMergePatch.PATCH)) {
                continue;
            }
            while (at < order.size() && !StrategicMergePatch.same(change, order.get(at), key)) {
                at++;
            }
            if (at == order.size()) {
                throw Statuses.unexplained(
                        "The order in patch list:\n"
                                + GoText.value(changes)
                                + "\n doesn't match $setElementOrder list:\n"
                                + GoText.value(order)
                                + "\n");
            }
        }
    }

    static void checkKey(JsonNode element, String key) {
        if (!element.has(key)) {
            throw Statuses.unexplained(
                    "map: "
                            + GoText.value(element)
                            + " does not contain declared merge key: "
                            + key);
        }
    }

    /** Lists that cannot become one, since their elements are of different types. */
    static ApiException mixed(ArrayNode list, ArrayNode changes) {
        return Statuses.unexplained(
                "list element types are not identical: "
                        + GoText.value(Json.array().add(list).add(changes)));
    }
}
