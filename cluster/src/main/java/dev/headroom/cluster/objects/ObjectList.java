package dev.headroom.cluster.objects;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects and the version of the store at which they were read; a watch from that version misses nothing.
 */
public record ObjectList(String resourceVersion, List<ObjectNode> items) {
    public ObjectList {
        items = List.copyOf(items);
    }
}
