package dev.headroom.cluster.objects;

import tools.jackson.databind.node.ObjectNode;

/** One change: what happened, and the object after it (for DELETED: as it last was). */
public record WatchEvent(Type type, ObjectNode object) {
    /** The kinds of change of the Kubernetes watch protocol. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK,
        ERROR
    }
}
