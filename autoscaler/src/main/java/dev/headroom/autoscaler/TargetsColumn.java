package dev.headroom.autoscaler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The column TARGETS of {@code kubectl get hpa} (section 10.1); trees are JSON as maps, lists, strings and numbers. */
public final class TargetsColumn {
    private static final int SHOWN = 2;
    private static final String UNKNOWN = "<unknown>";

    private TargetsColumn() {}

    /**
     * Its text.
     *
     * @param metrics {@code spec.metrics}
     * @param current {@code status.currentMetrics}, entry by entry
     */
    public static String text(List<?> metrics, List<?> current) {
        if (metrics.isEmpty()) {
            return "<none>";
        }
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < metrics.size() && i < SHOWN; i++) {
            shown.add(text(metrics.get(i), i < current.size() ? current.get(i) : null));
        }
        String text = String.join(", ", shown);
        int more = metrics.size() - SHOWN;
        return more > 0 ? text + " + " + more + " more..." : text;
    }

    private static String text(@Nullable Object metric, @Nullable Object status) {
        return switch (Tree.text(metric, "type")) {
            case "Resource" -> resource(Tree.at(metric, "resource"), Tree.at(status, "resource"));
            case "ContainerResource" ->
                    resource(
                            Tree.at(metric, "containerResource"),
                            Tree.at(status, "containerResource"));
            case "Pods" -> average(Tree.at(metric, "pods"), Tree.at(status, "pods"));
            case "Object" -> value(Tree.at(metric, "object"), Tree.at(status, "object"));
            case "External" -> value(Tree.at(metric, "external"), Tree.at(status, "external"));
            default -> "<unknown type>";
        };
    }

    private static String resource(@Nullable Object source, @Nullable Object status) {
        String prefix = Tree.text(source, "name") + ": ";
        if (Tree.has(source, "target", "averageValue")) {
            return prefix + average(source, status);
        }
        return prefix
                + percent(Tree.at(status, "current", "averageUtilization"), UNKNOWN)
                + "/"
                + percent(Tree.at(source, "target", "averageUtilization"), "<auto>");
    }

    private static String percent(@Nullable Object number, String otherwise) {
        return number == null ? otherwise : number + "%";
    }

    private static String average(@Nullable Object source, @Nullable Object status) {
        return known(status, "averageValue") + "/" + Tree.text(source, "target", "averageValue");
    }

    private static String value(@Nullable Object source, @Nullable Object status) {
        return Tree.has(source, "target", "averageValue")
                ? average(source, status) + " (avg)"
                : known(status, "value") + "/" + Tree.text(source, "target", "value");
    }

    private static String known(@Nullable Object status, String field) {
        Object found = Tree.at(status, "current", field);
        return found == null ? UNKNOWN : found.toString();
    }
}
