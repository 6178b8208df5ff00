package dev.headroom.cluster.objects;

import org.jspecify.annotations.Nullable;

/**
 * What narrows a list or a watch.
 *
 * @param labelSelector in the notation of the API ({@code app=a,tier in (x,y)}), null for all
 * @param fieldSelector such as {@code spec.nodeName=node}, null for all
 */
public record Query(@Nullable String labelSelector, @Nullable String fieldSelector) {
    public static final Query ALL = new Query(null, null);

    public static Query labels(String selector) {
        return new Query(selector, null);
    }

    public static Query fields(String selector) {
        return new Query(null, selector);
    }

    /** Whether it narrows anything at all. */
    public boolean selects() {
        return isGiven(labelSelector) || isGiven(fieldSelector);
    }

    private static boolean isGiven(@Nullable String selector) {
        return selector != null && !selector.isEmpty();
    }
}
