package dev.headroom.cluster.objects;

import org.jspecify.annotations.Nullable;

/**
 * How an object is deleted.
 *
 * @param gracePeriodSeconds null for the object's own; 0 removes a pod's object at once
 * @param propagation Background, Foreground or Orphan; null for the kind's default
 * @param uid precondition; null for none
 * @param resourceVersion precondition; null for none
 */
public record DeleteOptions(
        @Nullable Long gracePeriodSeconds,
        @Nullable String propagation,
        @Nullable String uid,
        @Nullable String resourceVersion) {
    public static final DeleteOptions DEFAULT = new DeleteOptions(null, null, null, null);

    /** Removes the object itself, without grace: for the node, once a pod's processes have ended. */
    public static DeleteOptions now(String uid) {
        return new DeleteOptions(0L, null, uid, null);
    }
}
